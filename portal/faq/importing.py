"""Brings the stored FAQ in line with its reviewed files, and leaves alone what an editor has changed since.

A stored text is an editor's where its digest differs from the one recorded at the last import.  The files of one
import belong together: a translation was made from the Finnish file beside it, whatever an editor has made of the
Finnish text since.  The notes of an
entry share their days between languages, so where an editor has changed one language, a file of another changes
the words of its notes, but neither their days nor their number; what would is kept, too, and reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone, translation

from portal.faq.content import Answer, Note, field_digest, group_of, related_to
from portal.faq.models import ChangeNote, Entry, Translation
from portal.faq.recording import FromFile, record_import
from portal.faq.revisions import published
from portal.faq.stored import FIELDS, column, stored_digest, stored_text
from portal.faq.units import SOURCE, EntryUnit, note_key
from portal.languages import BY_CODE, DEFAULT


@dataclass(slots=True)
class Imported:
    """What an import did to each text, as `<language>/<slug>`."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Texts that the files would change and an editor's work forbids."""
    is_news: bool = False
    """Whether anything that readers get was written."""


@transaction.atomic
def import_answers(answers: Iterable[Answer]) -> Imported:
    """Store the answers (`content.read_content`); running it again changes nothing.

    While a text stays the same, so does what a person decided on it: `reviewed`, or `draft`, which withdraws it.
    A text that changes takes its file's status.
    """
    done = Imported()
    now = timezone.now()
    # The column without a language keeps the default language's text, whoever runs the import.
    with translation.override(DEFAULT):
        in_order = sorted(answers, key=lambda answer: answer.slug)
        for _slug, of_one in groupby(in_order, key=lambda answer: answer.slug):
            _import_entry(list(of_one), done, now)
        _relate({answer.number for answer in in_order})
    if done.is_news:
        published()
    return done


def _import_entry(answers: Sequence[Answer], done: Imported, now: datetime) -> None:
    first = answers[0]
    shared = {"number": first.number, "group": group_of(first.number), "written": first.written}
    entry, _ = Entry.objects.select_for_update().get_or_create(slug=first.slug, defaults=shared)
    notes = list(entry.notes.all())
    states = {state.language: state for state in entry.translations.all()}
    before = {code: stored_digest(entry, notes, code) for code in BY_CODE}
    edited = {code for code in BY_CODE if before[code] and before[code] != _imported(states.get(code))}
    edited -= {answer.language for answer in answers if answer.digest == before[answer.language]}

    changed = _set(entry, shared)
    reworded: dict[int, ChangeNote] = {}
    if not edited:
        done.is_news |= _shape(entry, notes, first.notes)
    unit = EntryUnit(entry, notes)
    texts = {code: unit.texts(code) for code in BY_CODE}
    sources = _sources(unit, answers)
    brought = []
    for answer in answers:
        places = _places(notes, answer) if edited else notes
        if places is None or answer.language in edited:
            done.kept.append(_name(answer))
            continue
        changed |= _set(entry, {column(name, answer.language): getattr(answer, name) for name in FIELDS})
        for note, wanted in zip(places, answer.notes, strict=True):
            if _set(note, {column("text", answer.language): wanted.text}):
                reworded[note.pk] = note
        state = states.get(answer.language)
        status = state.status if state else ""
        state = _record(entry, answer, state, before[answer.language], done, now)
        own = texts[answer.language]
        news = {key for key, text in unit.texts(answer.language).items() if text != own[key]}
        restates = not news and state.status != status
        brought.append(FromFile(state, own, news, state.status, sources, restates=restates))
    for note in reworded.values():
        note.save()
    if changed:
        entry.save()
    done.is_news |= changed or bool(reworded)
    record_import(unit, brought, now)


def _sources(unit: EntryUnit, answers: Sequence[Answer]) -> dict[str, str]:
    """Return the digests of what the files of an entry were translated from: its Finnish file, else what is stored."""
    source = next((answer for answer in answers if answer.language == SOURCE), None)
    if source is None:
        return unit.digests()
    notes = zip(_places(unit.notes, source) or (), source.notes, strict=False)
    return {
        **{name: field_digest(getattr(source, name)) for name in FIELDS},
        **{note_key(note): field_digest(wanted.text) for note, wanted in notes},
    }


def _shape(entry: Entry, notes: list[ChangeNote], wanted: Sequence[Note]) -> bool:
    """Give an entry that no editor has touched as many notes as its files have, with their days; say if it had not."""
    changed = len(notes) != len(wanted)
    for gone in notes[len(wanted) :]:
        gone.delete()
    del notes[len(wanted) :]
    for note, new in zip(notes, wanted, strict=False):
        if _set(note, {"date": new.date}):
            note.save()
            changed = True
    for new in wanted[len(notes) :]:
        position = notes[-1].position + 1 if notes else 1
        notes.append(ChangeNote.objects.create(entry=entry, position=position, date=new.date))
    return changed


def _places(notes: Sequence[ChangeNote], answer: Answer) -> list[ChangeNote] | None:
    """Return the stored notes that an answer's notes go to; None where their days don't match."""
    own = [note for note in notes if stored_text(note, "text", answer.language)] or notes[: len(answer.notes)]
    return list(own) if [note.date for note in own] == [note.date for note in answer.notes] else None


def _record(
    entry: Entry, answer: Answer, state: Translation | None, before: str, done: Imported, now: datetime
) -> Translation:
    """Record from which text this language was imported, and how far it has come; return the row."""
    state = state or Translation(entry=entry, language=answer.language, updated_at=now)
    same_text = answer.digest == before
    decided = same_text and state.status in (Translation.Status.REVIEWED, Translation.Status.DRAFT)
    wanted: dict[str, object] = {
        "imported_digest": answer.digest,
        "status": state.status if decided else answer.status,
    }
    if not same_text:
        wanted["updated_at"] = now
    if _set(state, wanted) or state.pk is None:
        state.save()
        done.is_news = True
    (done.unchanged if same_text else done.changed if before else done.made).append(_name(answer))
    return state


def _relate(numbers: Iterable[int]) -> None:
    entries = Entry.objects.in_bulk(field_name="number")
    for number in numbers:
        entries[number].related.set([entries[other] for other in related_to(number) if other in entries])


def _set(row: Entry | ChangeNote | Translation, values: dict[str, object]) -> bool:
    """Set what differs, and say whether anything did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _imported(state: Translation | None) -> str:
    return state.imported_digest if state else ""


def _name(answer: Answer) -> str:
    return f"{answer.language}/{answer.slug}"
