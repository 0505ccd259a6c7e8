"""What an editor's work does to the state of each translation."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from portal.faq.models import Entry, Translation
from portal.faq.stored import stored_digest
from portal.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class State:
    """What a language of an entry was at one moment: the digest of its text ("" for none) and its status."""

    digest: str
    status: str


def states(entry_id: int) -> dict[str, State]:
    """Return the state of an entry in each language, as stored now; empty where there is no such entry."""
    entry = Entry.objects.prefetch_related("notes", "translations").filter(pk=entry_id).first()
    if entry is None:
        return {}
    notes = list(entry.notes.all())
    statuses = {row.language: row.status for row in entry.translations.all()}
    return {
        language.code: State(stored_digest(entry, notes, language.code), statuses.get(language.code, ""))
        for language in LANGUAGES
    }


def record_edits(entry_id: int, *, before: dict[str, State]) -> list[str]:
    """Record what changed since `before`, and return the languages whose text did.

    A text that changed is `unreviewed` again, unless the same edit says something else; the digest of the last
    import stays, so that the next import knows the text for an editor's.
    """
    changed = []
    for language, now in states(entry_id).items():
        was = before.get(language, State("", ""))
        if now == was:
            continue
        row, _ = Translation.objects.get_or_create(
            entry_id=entry_id, language=language, defaults={"updated_at": timezone.now()}
        )
        if now.digest != was.digest:
            changed.append(language)
            if now.status == was.status == Translation.Status.REVIEWED:
                row.status = Translation.Status.UNREVIEWED
        row.updated_at = timezone.now()
        row.save()
    return changed
