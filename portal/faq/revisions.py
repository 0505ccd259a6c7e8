"""The only writers of what editors and files say: every save keeps the text before it, and who changed what.

A revision is a whole text in one language.  A draft, or one that is to go to readers at a later moment, waits: at
most one for each text and language.  What is applied is written to the columns that the public pages read, so that
reading knows nothing of revisions.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.faq.content import field_digest
from portal.faq.models import ContentRevision, FieldState, Revision, Translation
from portal.faq.units import GLOSSARY, SOURCE, Unit, unit_of

Origin = Revision.Origin
Status = Translation.Status

_ORDER: Final = (Status.DRAFT, Status.UNREVIEWED, Status.REVIEWED)
_THE_ROW: Final = 1


class Overtaken(Exception):
    """Somebody saved another revision since the editor's page was shown."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves: an account, or nobody for what comes from files."""

    user: User | None = None
    name: str = ""


def author(user: User | AnonymousUser) -> Author:
    """Return a logged-in editor as an author."""
    if isinstance(user, AnonymousUser):
        return Author()
    return Author(user, (user.get_full_name() or user.get_username())[:150])


# ------------------------------------------------------------------------------------------ the public's revision
def content_revision() -> str:
    """Return a token that is another one after every change of what readers get; one query."""
    return ContentRevision.objects.filter(pk=_THE_ROW).values_list("token", flat=True).first() or ""


def published() -> None:
    """Tell that readers get something else from now on; called in the transaction of the change.

    The token is random and not a number, so that it can't come again after a restore from a backup.
    """
    values = {"token": secrets.token_hex(8), "changed_at": timezone.now()}
    ContentRevision.objects.update_or_create(pk=_THE_ROW, defaults=values)


# --------------------------------------------------------------------------------------------------------- saving
@dataclass(frozen=True, slots=True)
class Compared:
    """What an author had beside the text: the digest of each source field, and which still fit it unchanged."""

    sources: Mapping[str, str] = field(default_factory=dict)
    confirmed: Collection[str] = ()


def history(unit: Unit, language: str) -> QuerySet[Revision]:
    """Return every revision of a text in one language, the newest first."""
    return Revision.objects.filter(translation__in=unit.translations().filter(language=language))


def beginning(unit: Unit, language: str) -> tuple[dict[str, str], Revision | None]:
    """Return the texts that the next editor goes on from, and the revision that waits, if one does."""
    waiting = history(unit, language).filter(is_waiting=True).first()
    texts = unit.texts(language)
    if waiting is not None:
        texts |= {key: text for key, text in waiting.texts.items() if key in texts}
    return texts, waiting


def made_from(unit: Unit, language: str) -> dict[str, str]:
    """Return the digest of the source that each field of `beginning` was made from, as far as it is known."""
    row = unit.translations().filter(language=language).first()
    return _sources(row, row.revisions.filter(is_waiting=True).first()) if row else {}


def source_texts(unit: Unit) -> dict[str, str]:
    """Return every text that a field of the source ever had, by its digest."""
    texts = [*unit.texts(SOURCE).values()]
    for former in history(unit, SOURCE).values_list("texts", flat=True):
        texts += former.values()
    return {field_digest(text): text for text in texts}


def newest(unit: Unit, language: str) -> int:
    """Return the number of the newest revision of a text in one language; 0 where there is none."""
    return history(unit, language).values_list("pk", flat=True).first() or 0


@transaction.atomic
def save(
    unit: Unit,
    language: str,
    texts: Mapping[str, str],
    *,
    status: str,
    by: Author,
    compared: Compared = Compared(),
    origin: str = Origin.EDITOR,
    publish_at: datetime | None = None,
    seen: int | None = None,
) -> Revision | None:
    """Save a text as a new revision, and give it to readers unless it is a draft or has to wait for `publish_at`.

    A field counts as made from the source that its author had beside it when its words changed, when the author
    says that it still fits, or when the whole is saved as reviewed; else it stays as old as it was.  Returns None
    where nothing would be another; raises Overtaken where `seen` is not the newest revision any more.
    """
    row, unit = _locked(unit, language)
    if seen is not None and seen != newest(unit, language):
        raise Overtaken
    former, waiting = beginning(unit, language)
    before = _sources(row, waiting)
    whole = {**former, **{key: text for key, text in texts.items() if key in former}}
    taken = {
        key
        for key in whole
        if whole[key] != former[key] or key in compared.confirmed or status == Status.REVIEWED
    }
    sources = {**before, **{key: digest for key, digest in compared.sources.items() if key in taken}}
    sources = {} if language == SOURCE else {key: sources[key] for key in whole if sources.get(key)}
    now = timezone.now()
    later = status != Status.DRAFT and publish_at is not None and publish_at > now
    waits = later or status == Status.DRAFT
    is_news = (whole, sources) != (former, before)
    stands = (waiting.status, waiting.publish_at) if waiting else (row.status, None)
    same_state = (status, publish_at if later else None) == stands and waits == (waiting is not None)
    if not is_news and (same_state or (waiting is None and status == Status.DRAFT)):
        return None
    keep_found(unit, row)
    Revision.objects.filter(translation=row, is_waiting=True).update(is_waiting=False, publish_at=None)
    revision = Revision.objects.create(
        translation=row,
        texts=whole,
        sources=sources,
        status=status,
        origin=origin,
        user=by.user,
        user_name=by.name,
        made_at=now,
        publish_at=publish_at if later else None,
        is_waiting=waits,
    )
    if not revision.is_waiting:
        _apply(unit, row, revision, now)
    return revision


@transaction.atomic
def restore(unit: Unit, revision: Revision, *, status: str, by: Author) -> Revision | None:
    """Save the text of an earlier revision again, with the sources that it was made from; fields gone are left out."""
    language = revision.translation.language
    compared = Compared(sources=revision.sources, confirmed=tuple(revision.texts))
    return save(
        unit, language, revision.texts, status=status, by=by, compared=compared, origin=Origin.RESTORED
    )


@transaction.atomic
def drop_waiting(unit: Unit, language: str) -> bool:
    """Let a draft, or what waits for its moment, wait no more; it stays in the history."""
    row, _ = _locked(unit, language)
    waiting = row.revisions.filter(is_waiting=True)
    return bool(waiting.update(is_waiting=False, publish_at=None))


@transaction.atomic
def withdraw(unit: Unit, language: str, *, by: Author) -> None:
    """Take a text away from readers, who then get a fallback; saving it again gives it back."""
    row, unit = _locked(unit, language)
    keep_found(unit, row)
    now = timezone.now()
    Revision.objects.create(
        translation=row,
        texts=unit.texts(language),
        sources=_sources(row, None),
        status=Status.DRAFT,
        origin=Origin.WITHDRAWN,
        user=by.user,
        user_name=by.name,
        made_at=now,
        applied_at=now,
    )
    row.fields.update(status=Status.DRAFT, user=by.user, user_name=by.name, at=now)
    row.status = Status.DRAFT
    row.save(update_fields=["status"])
    published()


def publish_due(now: datetime | None = None) -> int:
    """Give readers what waited for its moment; returns how many texts that were. Called by the sweep."""
    now = now or timezone.now()
    due = Revision.objects.filter(is_waiting=True, publish_at__lte=now).values_list("pk", flat=True)
    return sum(_publish_one(pk, now) for pk in list(due))


@transaction.atomic
def _publish_one(pk: int, now: datetime) -> bool:
    revision = Revision.objects.select_related("translation__entry", "user").get(pk=pk)
    row = revision.translation
    unit = unit_of(row.entry.slug if row.entry else GLOSSARY)
    if unit is None:  # The entry went after the revision was read.
        return False
    row, unit = _locked(unit, row.language)
    revision.refresh_from_db()
    if not revision.is_waiting:
        return False
    keep_found(unit, row)
    _apply(unit, row, revision, now)
    return True


# ------------------------------------------------------------------------------------------------------- one text
def lowest(statuses: Iterable[str]) -> str:
    """Return the least of several states; a text is as far as its last field."""
    return min(statuses, key=lambda status: _ORDER.index(Status(status)), default=Status.UNREVIEWED)


def _apply(unit: Unit, row: Translation, revision: Revision, now: datetime) -> None:
    """Write a revision to where pages read, and bring the state of each field up to date."""
    changed = unit.write(row.language, revision.texts)
    states = {state.field: state for state in row.fields.all()}
    for key, text in unit.texts(row.language).items():
        state = states.get(key)
        if not text:
            if state is not None:
                state.delete()
            continue
        if state is None:
            state = FieldState(translation=row, field=key, text_at=now)
        was = (state.status, state.source_digest)
        state.source_digest = revision.sources.get(key, state.source_digest)
        touched = key in changed or was[1] != state.source_digest or not changed
        # A review of one field outlives an edit of another.
        if touched or revision.status == Status.REVIEWED or state.status != Status.REVIEWED:
            state.status = revision.status
        if key in changed:
            state.text_at = now
        if key in changed or was != (state.status, state.source_digest):
            state.user, state.user_name, state.at = revision.user, revision.user_name, revision.made_at
            state.save()
    row.status = lowest(state.status for state in row.fields.all())
    row.updated_at = now if changed else row.updated_at
    row.save()
    revision.is_waiting, revision.publish_at, revision.applied_at = False, None, now
    revision.save(update_fields=["is_waiting", "publish_at", "applied_at"])
    published()


def _locked(unit: Unit, language: str) -> tuple[Translation, Unit]:
    """Return the row of a language, made where it is missing and locked until the transaction ends; and the unit.

    The unit is read again: what it said before the lock may be old by now.
    """
    row = unit.translations().select_for_update(of=("self",)).filter(language=language).first()
    unit = unit_of(unit.key) or unit
    if row is None:
        row = unit.new_translation(language)
        row.status = Status.DRAFT if not any(unit.texts(language).values()) else row.status
        row.save()
    return row, unit


def keep_found(unit: Unit, row: Translation) -> None:
    """Keep the text that readers have now, where no revision has it: written in another way than through here."""
    texts = unit.texts(row.language)
    last = (
        Revision.objects.filter(translation=row, applied_at__isnull=False)
        .order_by("-applied_at", "-pk")
        .first()
    )
    if any(texts.values()) and (last is None or _differs(last.texts, texts)):
        found(row, texts).save()


def _differs(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    return any(old.get(key, "") != text for key, text in new.items())


def found(row: Translation, texts: Mapping[str, str]) -> Revision:
    """Return a revision, not saved, of a text that was written in another way than through a revision."""
    return Revision(
        translation=row,
        texts=dict(texts),
        sources={state.field: state.source_digest for state in row.fields.all() if state.source_digest},
        status=row.status,
        origin=Origin.FOUND,
        made_at=row.updated_at,
        applied_at=timezone.now(),
    )


def _sources(row: Translation, waiting: Revision | None) -> dict[str, str]:
    """Return what each field was made from: as readers have it, and on top what the waiting revision says."""
    stored = {state.field: state.source_digest for state in row.fields.all() if state.source_digest}
    return {**stored, **(waiting.sources if waiting else {})}
