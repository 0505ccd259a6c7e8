"""What is translated and saved as one text: an entry with the notes beside it, or the glossary.

Each has fields with a text per language.  What works on texts (revisions, editors' pages, PO files) knows no more
of them than this.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from django.db.models import QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext, pgettext

from portal.faq.content import field_digest
from portal.faq.models import ChangeNote, Entry, Term, Translation
from portal.faq.stored import FIELDS, column, stored_text
from portal.languages import DEFAULT

if TYPE_CHECKING:
    from datetime import date

SOURCE: Final = DEFAULT
"""The language that all others are translated from (docs/decisions, "Finnish is the source")."""

GLOSSARY: Final = "glossary"
"""The key of the glossary beside the slugs of the entries."""

_NOTE: Final = "note-"

Row = Entry | ChangeNote | Term


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a text: `line` and `paragraph` are plain, `markdown` is Markdown; at most `longest` characters."""

    key: str
    label: str
    form: Literal["line", "paragraph", "markdown"]
    longest: int


class Unit(ABC):
    """One text in all languages."""

    key: str
    fields: tuple[Field, ...]

    @property
    @abstractmethod
    def title(self) -> str:
        """How editors call it."""

    @abstractmethod
    def place(self, field: str) -> tuple[Row, str]:
        """Return the row that holds a field, and its name there; raises KeyError for a field that is not there."""

    @abstractmethod
    def translations(self) -> QuerySet[Translation]:
        """Return the rows with the state of each language."""

    @abstractmethod
    def new_translation(self, language: str) -> Translation:
        """Return the row of a language that has none yet, not saved."""

    def text(self, field: str, language: str) -> str:
        """Return one field exactly as stored, without fallback; "" where there is none."""
        return stored_text(*self.place(field), language)

    def write(self, language: str, texts: Mapping[str, str]) -> set[str]:
        """Store the fields that differ, and return their keys; keys that the unit does not have are passed over.

        Only columns of this language are stored: another editor may be saving another one.
        """
        changed = self.assign(language, texts)
        names: dict[Row, list[str]] = {}
        for key in sorted(changed):
            row, name = self.place(key)
            names.setdefault(row, []).append(name)
        for row, fields in names.items():
            _save(row, fields, language)
        return changed

    def assign(self, language: str, texts: Mapping[str, str]) -> set[str]:
        """Set the fields that differ without storing them, and return their keys."""
        changed = {
            field.key
            for field in self.fields
            if field.key in texts and texts[field.key] != self.text(field.key, language)
        }
        for key in changed:
            row, name = self.place(key)
            setattr(row, column(name, language), texts[key])
        return changed

    def texts(self, language: str) -> dict[str, str]:
        """Return every field as stored."""
        return {field.key: self.text(field.key, language) for field in self.fields}

    def digests(self, language: str = SOURCE) -> dict[str, str]:
        """Return the digest of every field; "" for an empty one."""
        return {key: field_digest(text) for key, text in self.texts(language).items()}

    def field(self, key: str) -> Field:
        """Return the field with this key; raises KeyError."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


class EntryUnit(Unit):
    """A question with its short answer, its answer and the notes beside it."""

    def __init__(self, entry: Entry, notes: Sequence[ChangeNote]) -> None:
        self.entry, self.notes = entry, tuple(notes)
        self.key = entry.slug
        self._rows = {note_key(note): note for note in notes}
        self.fields = (
            Field("question", gettext("Question"), "line", 300),
            Field("short", gettext("Short answer"), "paragraph", 2000),
            Field("body", gettext("Answer"), "markdown", 20_000),
            *(Field(note_key(note), _note_label(note.date), "paragraph", 2000) for note in self.notes),
        )

    @property
    def title(self) -> str:
        return f"{self.entry.number}. {self.text('question', SOURCE) or self.key}"

    def place(self, field: str) -> tuple[Row, str]:
        if field in self._rows:
            return self._rows[field], "text"
        if field not in FIELDS:
            raise KeyError(field)
        return self.entry, field

    def translations(self) -> QuerySet[Translation]:
        return Translation.objects.filter(entry=self.entry)

    def new_translation(self, language: str) -> Translation:
        return Translation(entry=self.entry, language=language, updated_at=timezone.now())


class GlossaryUnit(Unit):
    """All terms with their explanations."""

    key = GLOSSARY

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._rows = {term.key: term for term in terms}
        self.fields = tuple(
            field
            for term in terms
            for field in (
                Field(f"{term.key}.term", pgettext("glossary", "Term: %(finnish)s") % _named(term), "line", 120),
                Field(f"{term.key}.text", pgettext("glossary", "What it means: %(finnish)s") % _named(term),
                      "paragraph", 400),
            )
        )  # fmt: skip

    @property
    def title(self) -> str:
        return gettext("Glossary")

    def place(self, field: str) -> tuple[Row, str]:
        key, _, name = field.partition(".")
        return self._rows[key], name

    def translations(self) -> QuerySet[Translation]:
        return Translation.objects.filter(entry=None)

    def new_translation(self, language: str) -> Translation:
        return Translation(entry=None, language=language, updated_at=timezone.now())


def all_units() -> tuple[Unit, ...]:
    """Return every entry in the order of their numbers, then the glossary; three queries."""
    entries = Entry.objects.prefetch_related("notes").order_by("number")
    return (*(EntryUnit(entry, list(entry.notes.all())) for entry in entries), glossary_unit())


def unit_of(key: str) -> Unit | None:
    """Return the unit with this key: a slug, or GLOSSARY; None where there is none."""
    if key == GLOSSARY:
        return glossary_unit()
    entry = Entry.objects.prefetch_related("notes").filter(slug=key).first()
    return EntryUnit(entry, list(entry.notes.all())) if entry else None


def glossary_unit() -> GlossaryUnit:
    """Return the glossary as stored."""
    return GlossaryUnit(list(Term.objects.order_by("position")))


def outdated(made_from: Mapping[str, str], sources: Mapping[str, str]) -> list[str]:
    """Return the fields whose source is not what they were made from any more, in the order of `sources`.

    Both give digests by field. A field without one, or whose source is gone, is not among them: nothing is known
    of the one, and there is nothing to compare the other with.
    """
    return [
        key for key, digest in sources.items() if digest and made_from.get(key) and made_from[key] != digest
    ]


def note_key(note: ChangeNote) -> str:
    """Return the key of the field that a note is; it is never given to another note."""
    return f"{_NOTE}{note.pk}"


def _note_label(day: date) -> str:
    return gettext("Note of %(day)s") % {"day": formats.date_format(day, "SHORT_DATE_FORMAT")}


def _named(term: Term) -> dict[str, str]:
    return {"finnish": term.finnish}


def _save(row: Row, fields: list[str], language: str) -> None:
    """Save the columns of one language alone: another editor may be saving another one."""
    columns = [column(name, language) for name in fields]
    if language == DEFAULT:
        columns += fields  # The column without a language keeps the default language's text.
    if isinstance(row, Entry):
        columns.append("updated_at")
    with translation.override(DEFAULT):
        row.save(update_fields=columns)
