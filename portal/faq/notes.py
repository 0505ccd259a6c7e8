"""The notes beside an entry: their days, shared by all languages. Their words are fields of the entry's texts."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation

from portal.faq.models import ChangeNote, Entry, FieldState, Revision
from portal.faq.revisions import Author, keep_found, made_from, published
from portal.faq.stored import stored_text
from portal.faq.units import EntryUnit, note_key
from portal.languages import DEFAULT


@transaction.atomic
def add_note(entry: Entry, *, day: date) -> ChangeNote:
    """Add a note without words, after the others; readers see it once a language has its words."""
    Entry.objects.select_for_update().get(pk=entry.pk)
    last = entry.notes.aggregate(last=Max("position"))["last"] or 0
    with translation.override(DEFAULT):
        return ChangeNote.objects.create(entry=entry, position=last + 1, date=day)


@transaction.atomic
def move_note(note: ChangeNote, *, day: date) -> None:
    """Give a note another day."""
    ChangeNote.objects.filter(pk=note.pk).update(date=day)
    published()


@transaction.atomic
def remove_note(note: ChangeNote, *, by: Author) -> None:
    """Take a note away; the history of each language that had its words keeps them, and who took it away."""
    entry = Entry.objects.select_for_update().prefetch_related("notes").get(pk=note.entry_id)
    unit = EntryUnit(entry, list(entry.notes.all()))
    key, now = note_key(note), timezone.now()
    for row in entry.translations.all():
        if not stored_text(note, "text", row.language):
            continue
        keep_found(unit, row)
        texts = {name: text for name, text in unit.texts(row.language).items() if name != key}
        Revision.objects.create(
            translation=row,
            texts=texts,
            sources={name: digest for name, digest in made_from(unit, row.language).items() if name in texts},
            status=row.status,
            origin=Revision.Origin.NOTES,
            user=by.user,
            user_name=by.name,
            made_at=now,
            applied_at=now,
        )
    FieldState.objects.filter(translation__entry=entry, field=key).delete()
    note.delete()
    published()
