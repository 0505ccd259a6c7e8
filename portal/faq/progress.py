"""How far the texts have come: each text in each language for the editors' overview, and the sums of a language.

A field is out of date where the Finnish text that it was made from is another one today.  That is derived, never
stored: when the source goes back to its former words, its translations are up to date again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from portal.faq.models import Revision, Translation
from portal.faq.units import GLOSSARY, Unit, all_units, outdated
from portal.languages import LANGUAGES, Language

Status = Translation.Status


@dataclass(frozen=True, slots=True)
class Cell:
    """One text in one language.

    `state` is `missing`, `partial` (a field of the source has no translation), `draft` (not public), or the status
    of what readers have. `waiting` is `draft` or `planned` where such a text waits beside it.
    """

    key: str
    language: Language
    state: str
    outdated: int
    waiting: str = ""
    publish_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One text in all languages."""

    key: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of `total` texts of a language are complete, and how many of those unreviewed or out of date."""

    total: int = 0
    complete: int = 0
    unreviewed: int = 0
    outdated: int = 0


def overview() -> tuple[Row, ...]:
    """Return every text in every language; the number of queries is constant."""
    rows = _rows_by_key()
    waiting = {one.translation_id: one for one in Revision.objects.filter(is_waiting=True).defer("texts")}
    found = []
    for unit in all_units():
        sources, own = unit.digests(), rows.get(unit.key, {})
        cells = tuple(
            _cell(unit, language, own.get(language.code), sources, waiting) for language in LANGUAGES
        )
        found.append(Row(unit.key, unit.title, cells))
    return tuple(found)


def tallies() -> dict[str, dict[str, Tally]]:
    """Return for each language the sums of the `faq` (its entries) and of the `glossary` (its terms)."""
    rows = _rows_by_key()
    found: dict[str, dict[str, Tally]] = {
        language.code: {"faq": Tally(), "glossary": Tally()} for language in LANGUAGES
    }
    for unit in all_units():
        sources = unit.digests()
        name = GLOSSARY if unit.key == GLOSSARY else "faq"
        for code, sums in found.items():
            row = rows.get(unit.key, {}).get(code)
            for keys in _parts(unit):
                sums[name] = _added(sums[name], unit, keys, code, row, sources)
    return found


def _rows_by_key() -> dict[str, dict[str, Translation]]:
    found: dict[str, dict[str, Translation]] = {}
    for row in Translation.objects.select_related("entry").prefetch_related("fields"):
        found.setdefault(row.entry.slug if row.entry else GLOSSARY, {})[row.language] = row
    return found


def _parts(unit: Unit) -> list[list[str]]:
    """Return the fields that are counted together: all of an entry, those of each term of the glossary."""
    keys = [field.key for field in unit.fields]
    if unit.key != GLOSSARY:
        return [keys]
    return [list(group) for _, group in groupby(keys, key=lambda key: key.partition(".")[0])]


def _cell(
    unit: Unit,
    language: Language,
    row: Translation | None,
    sources: Mapping[str, str],
    waiting: Mapping[int, Revision],
) -> Cell:
    texts = unit.texts(language.code)
    state = "missing"
    if row is not None and any(texts.values()):
        lacking = any(digest and not texts[key] for key, digest in sources.items())
        state = "draft" if row.status == Status.DRAFT else "partial" if lacking else row.status
    waits = waiting.get(row.pk) if row else None
    return Cell(
        key=unit.key,
        language=language,
        state=state,
        outdated=len(outdated(_made_from(row), sources)),
        waiting="" if waits is None else "planned" if waits.publish_at else "draft",
        publish_at=waits.publish_at if waits else None,
    )


def _added(
    tally: Tally,
    unit: Unit,
    keys: Sequence[str],
    code: str,
    row: Translation | None,
    sources: Mapping[str, str],
) -> Tally:
    """Return the sums with one more text: the fields `keys` of a unit."""
    wanted = [key for key in keys if sources[key]]
    public = row is not None and row.status != Status.DRAFT
    complete = bool(wanted) and public and all(unit.text(key, code) for key in wanted)
    reviewed = (
        {state.field for state in row.fields.all() if state.status == Status.REVIEWED} if row else set()
    )
    old = set(outdated(_made_from(row), sources)) & set(keys)
    return Tally(
        total=tally.total + 1,
        complete=tally.complete + complete,
        unreviewed=tally.unreviewed + (complete and not reviewed.issuperset(wanted)),
        outdated=tally.outdated + bool(old),
    )


def _made_from(row: Translation | None) -> dict[str, str]:
    return {state.field: state.source_digest for state in row.fields.all()} if row else {}
