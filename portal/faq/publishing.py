"""What readers get: entries in the language asked for, or in a fallback that says so.

An entry is public once the official languages have it (the portal's own rule, in the spirit of the Language Act
423/2003).  A language has an entry where question, short answer and body are filled and it is no draft.  The
number of queries is the same for every entry and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.faq.content import GROUPS
from portal.faq.models import ChangeNote, Entry, Translation
from portal.faq.rendering import isolated, markdown, plain
from portal.faq.stored import FIELDS, column, fallbacks, stored_text
from portal.faq.units import SOURCE, EntryUnit, outdated
from portal.languages import BY_CODE, LANGUAGES, OFFICIAL, Language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

MOST_ASKED: Final = (8, 11, 3, 9, 5)
"""The numbers of the entries that the home page names, in its order."""

GROUP_NAMES: Final[Mapping[str, StrPromise]] = {
    "study": _("About the study"),
    "protection": _("Data protection and effects"),
    "mine": _("Is my data in it?"),
    "time": _("Which years, how long"),
    "rights": _("What you can do"),
}


@dataclass(frozen=True, slots=True)
class EntryLink:
    """The way to an entry: its question, in a language that has it; `written` is the date of the original."""

    slug: str
    number: int
    group: str
    written: str
    question: str
    language: Language
    is_fallback: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A plain group of the list."""

    name: str
    entries: tuple[EntryLink, ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """What has changed since an answer was written; in the fallback's language where its own lacks the note."""

    date: date
    text: SafeString
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry as a page shows it; `language` is that of the text, `languages` are all that have it.

    `words` is the answer, short and long, without its form.
    """

    slug: str
    number: int
    question: str
    short: SafeString
    body: SafeString
    words: str
    language: Language
    is_fallback: bool
    is_unreviewed: bool
    languages: tuple[Language, ...]
    written: str
    changed_on: date
    source_changed_on: date | None
    """When the Finnish text changed, where this translation was made before that; None where it is up to date."""
    notes: tuple[NoteView, ...]
    related: tuple[EntryLink, ...]
    previous: EntryLink | None
    next: EntryLink | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer:
    """A question with its short answer alone, for print; `language` is that of the text."""

    number: int
    question: str
    short: SafeString
    written: str
    language: Language
    is_fallback: bool
    is_unreviewed: bool
    changed_at: datetime
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class EntryText:
    """The words of an entry without their form; `rest` is the body and what has changed since, a block a line."""

    link: EntryLink
    short: str
    rest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A public entry for those who look through the whole site: the day of the last change by language."""

    slug: str
    changed_on: Mapping[Language, date | None]


def entries_by_group(language: str) -> tuple[Group, ...]:
    """Return the public entries by group, each group's in the order of their numbers; empty groups are left out."""
    links = _links(language)
    groups = [
        Group(str(GROUP_NAMES[key]), tuple(link for link in links if link.group == key)) for key in GROUPS
    ]
    return tuple(group for group in groups if group.entries)


def most_asked(language: str) -> tuple[EntryLink, ...]:
    """Return the entries that the home page names, in its order."""
    by_number = {link.number: link for link in _links(language)}
    return tuple(by_number[number] for number in MOST_ASKED if number in by_number)


def entry(slug: str, language: str) -> EntryView | None:
    """Return the public entry with this slug for readers of `language`; None where there is none."""
    found = _found(language)
    here = next((place for place, one in enumerate(found) if one.link.slug == slug), None)
    if here is None:
        return None
    link, languages = found[here].link, found[here].languages
    row = Entry.objects.prefetch_related("notes").get(slug=slug)
    return _view(EntryUnit(row, list(row.notes.all())), link, languages, found)


def preview(unit: EntryUnit, language: str, texts: Mapping[str, str]) -> EntryView:
    """Return an entry as it would be with these texts in `language`, whether or not it is public; nothing is stored."""
    unit.assign(language, texts)
    entry, found, own = unit.entry, _found(language), BY_CODE[language]
    question = unit.text("question", language)
    link = EntryLink(entry.slug, entry.number, entry.group, entry.written, question, own, is_fallback=False)
    public = {one for row in found if row.pk == entry.pk for one in row.languages}
    return _view(unit, link, tuple(one for one in LANGUAGES if one == own or one in public), found)


def _view(
    unit: EntryUnit, link: EntryLink, languages: tuple[Language, ...], found: Sequence[_Found]
) -> EntryView:
    row, code = unit.entry, link.language.code
    state = _state(unit, code)
    short, body = unit.text("short", code), unit.text("body", code)
    related = set(row.related.values_list("pk", flat=True))
    return EntryView(
        slug=row.slug,
        number=link.number,
        question=link.question,
        short=isolated(short),
        body=markdown(body),
        words=f"{short}\n{plain(body)}",
        language=link.language,
        is_fallback=link.is_fallback,
        is_unreviewed=state.status != Translation.Status.REVIEWED,
        languages=languages,
        written=link.written,
        changed_on=timezone.localdate(state.updated_at or row.updated_at),
        source_changed_on=timezone.localdate(state.source_changed_at) if state.source_changed_at else None,
        notes=_notes(unit.notes, code),
        related=tuple(one.link for one in found if one.pk in related),
        previous=next((one.link for one in reversed(found) if one.link.number < link.number), None),
        next=next((one.link for one in found if one.link.number > link.number), None),
    )


@dataclass(frozen=True, slots=True)
class _State:
    """How far a language of an entry has come; `source_changed_at` only where its source went on without it."""

    status: str = ""
    updated_at: datetime | None = None
    source_changed_at: datetime | None = None


def _state(unit: EntryUnit, code: str) -> _State:
    """Return the state of an entry in one language; one query."""
    rows = unit.translations().filter(language__in={code, SOURCE}).order_by("language")
    fields = ("fields__field", "fields__source_digest", "fields__text_at")
    state = _State()
    made_from: dict[str, str] = {}
    source_at: dict[str, datetime] = {}
    for language, status, updated_at, field, digest, text_at in rows.values_list(
        "language", "status", "updated_at", *fields
    ):
        if language == code:
            state = _State(status, updated_at)
            made_from[field] = digest
        if language == SOURCE:
            source_at[field] = text_at
    old = outdated(made_from, unit.digests())
    return replace(
        state, source_changed_at=max((source_at[key] for key in old if key in source_at), default=None)
    )


def short_answers(language: str) -> tuple[ShortAnswer, ...]:
    """Return every public entry in short, in the order of the numbers; `changed_at` is when a text last changed."""
    rows = Entry.objects.prefetch_related("notes", "translations").in_bulk()
    found = []
    for one in _found(language):
        link, row = one.link, rows[one.pk]
        code = link.language.code
        state = {state.language: state for state in row.translations.all()}.get(code)
        found.append(
            ShortAnswer(
                number=link.number,
                question=link.question,
                short=isolated(stored_text(row, "short", code)),
                written=link.written,
                language=link.language,
                is_fallback=link.is_fallback,
                is_unreviewed=state is None or state.status != Translation.Status.REVIEWED,
                changed_at=state.updated_at if state else row.updated_at,
                notes=_notes(row.notes.all(), code),
            )
        )
    return tuple(found)


def texts(language: str) -> tuple[EntryText, ...]:
    """Return what there is to read in each public entry, in plain words, in the order of their numbers."""
    found = _found(language)
    rows = {
        row.pk: row
        for row in Entry.objects.filter(pk__in=[one.pk for one in found]).prefetch_related("notes")
    }
    made = []
    for one in found:
        row, code = rows[one.pk], one.link.language.code
        notes = [stored_text(note, "text", code) for note in row.notes.all()]
        body = plain(stored_text(row, "body", code))
        made.append(
            EntryText(one.link, stored_text(row, "short", code), "\n".join([body, *filter(None, notes)]))
        )
    return tuple(made)


def listed() -> tuple[Listed, ...]:
    """Return every public entry with the languages that have it and the day that each was last changed."""
    states = Translation.objects.values_list("entry", "language", "updated_at")
    days = {(entry, code): timezone.localdate(moment) for entry, code, moment in states}
    return tuple(
        Listed(
            one.link.slug,
            {language: days.get((one.pk, language.code)) for language in one.languages},
        )
        for one in _found(OFFICIAL[0])
    )


@dataclass(frozen=True, slots=True)
class _Found:
    pk: int
    link: EntryLink
    languages: tuple[Language, ...]


def _links(language: str) -> list[EntryLink]:
    return [one.link for one in _found(language)]


def _found(language: str) -> list[_Found]:
    """Return every public entry with the languages that have it; two queries."""
    chain = fallbacks(language)
    drafts = set(Translation.objects.filter(status=Translation.Status.DRAFT).values_list("entry", "language"))
    filled = {f"in_{place}": _is_written(one.code) for place, one in enumerate(LANGUAGES)}
    questions = [column("question", code) for code in chain]
    rows = Entry.objects.annotate(**filled).order_by("number")
    found = []
    for row in rows.values("pk", "slug", "number", "group", "written", *filled, *questions):
        having = [
            one
            for place, one in enumerate(LANGUAGES)
            if row[f"in_{place}"] and (row["pk"], one.code) not in drafts
        ]
        codes = {one.code for one in having}
        if not codes.issuperset(OFFICIAL):
            continue
        code = next(code for code in chain if code in codes)
        link = EntryLink(
            slug=row["slug"],
            number=row["number"],
            group=row["group"],
            written=row["written"],
            question=row[column("question", code)],
            language=BY_CODE[code],
            is_fallback=code != language,
        )
        found.append(_Found(row["pk"], link, tuple(having)))
    return found


def _is_written(code: str) -> ExpressionWrapper[Q]:
    """Return the condition that a language has question, short answer and body."""
    filled = Q(*[(f"{column(name, code)}__gt", "") for name in FIELDS])
    return ExpressionWrapper(filled, output_field=BooleanField())


def _notes(notes: Iterable[ChangeNote], code: str) -> tuple[NoteView, ...]:
    found = []
    for note in notes:
        texts = {one: text for one in fallbacks(code) if (text := stored_text(note, "text", one))}
        found += [NoteView(note.date, isolated(text), BY_CODE[one]) for one, text in list(texts.items())[:1]]
    return tuple(found)
