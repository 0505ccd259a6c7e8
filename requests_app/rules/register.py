"""The register of holders as plain data: who they are, how they are reached, and who holds what and when.

The reviewed source is three CSV files in `requests_app/data/`.  Reading them is strict, because a slip of the
pen there would send somebody's letter to the wrong authority: what is not understood is refused, by file and
line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeVar, cast, get_args

from requests_app.rules.strict_csv import TRANSLATED, Line, lines_of, text_of
from requests_app.rules.vocabulary import CATEGORIES, LETTER_LANGUAGES, SERVICES

DATA: Final = Path(__file__).resolve().parent.parent / "data"
"""The folder of the reviewed CSV files."""

NO_SERVICE: Final = "none"
"""In the column `service`: the row is for who asks for a category by service and ticked none."""

PLACES: Final = ("hus", "police", "reception_centres", "unemployment_funds", "other_schools", "other_place")
"""Where a pointer may lead besides a holder; the portal has no address of these."""

Role = Literal["letter", "fallback", "pointer", "joint", "explain"]
Status = Literal["confirmed", "unconfirmed"]
ContactKind = Literal["postal", "visiting", "email", "phone", "privacy_email", "page", "e_service", "form"]

_CONTACT_LANGUAGES: Final = ("", *LETTER_LANGUAGES, "en")
_Point = TypeVar("_Point", int, date)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderFacts:
    """What routing needs to know of a holder; a smaller `position` comes first."""

    key: str
    position: int
    is_desk: bool = False
    municipal_or_county: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRow:
    """One row of holders.csv; `name` and `asked_how` map a language's code to its text."""

    key: str
    controller: str
    name: Mapping[str, str]
    takes_part: bool
    is_desk: bool
    municipal_or_county: bool
    asked_how: Mapping[str, str]
    position: int
    source: str

    @property
    def facts(self) -> HolderFacts:
        """Return what routing needs of this holder."""
        return HolderFacts(
            key=self.key,
            position=self.position,
            is_desk=self.is_desk,
            municipal_or_county=self.municipal_or_county,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """One row of contacts.csv; an empty `lang` means every language."""

    holder: str
    kind: ContactKind
    lang: str
    value: str
    source_url: str
    checked_on: date
    status: Status
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of responsibilities.csv: for data of these years, asked for on these days, this holder.

    Rows that share a `rule` complement each other.  Years and days are inclusive, None means open.  `holder`
    is empty in the role `explain`; in `pointer` it may be one of PLACES.  An empty `service` stands for every
    service.  A row with `also_with` joins a letter that the holder gets for that category anyhow, and decides
    nothing by itself.
    """

    rule: str
    category: str
    role: Role
    holder: str
    reason: str
    service: str = ""
    data_from: int | None = None
    data_to: int | None = None
    asked_from: date | None = None
    asked_to: date | None = None
    also_with: str = ""
    source: str = ""
    status: Status = "confirmed"

    def is_valid_on(self, day: date) -> bool:
        """Say whether the row speaks to who asks on `day`."""
        return (self.asked_from is None or self.asked_from <= day) and (
            self.asked_to is None or day <= self.asked_to
        )

    def covers(self, year: int) -> bool:
        """Say whether the row speaks of data of `year`."""
        return (self.data_from is None or self.data_from <= year) and (
            self.data_to is None or year <= self.data_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The three files together, in the order of their rows."""

    holders: tuple[HolderRow, ...]
    contacts: tuple[ContactRow, ...]
    rules: tuple[Rule, ...]

    @property
    def holder_facts(self) -> dict[str, HolderFacts]:
        """Return what routing needs of each holder, by key."""
        return {row.key: row.facts for row in self.holders}


def read_register(folder: Path = DATA) -> Register:
    """Read the three files in `folder`.

    Raises ValueError naming file and line for what is not understood, OSError where a file is missing.
    """
    holders = parse_holders(text_of(folder / "holders.csv"))
    keys = {row.key for row in holders}
    return Register(
        holders=holders,
        contacts=parse_contacts(text_of(folder / "contacts.csv"), holders=keys),
        rules=parse_rules(text_of(folder / "responsibilities.csv"), holders=keys),
    )


def parse_holders(text: str, *, file: str = "holders.csv") -> tuple[HolderRow, ...]:
    """Return the holders in CSV `text`; raises ValueError naming `file` and line where it is not right."""
    rows = [(line, _holder(line)) for line in lines_of(text, file=file, fits=_is_holder_header)]
    keys = {row.key for _, row in rows}
    seen: set[str] = set()
    for line, row in rows:
        if row.key in seen:
            raise line.wrong(f"the holder {row.key!r} stands there twice")
        if row.controller not in keys:
            raise line.wrong(f"unknown controller {row.controller!r}")
        if row.is_desk and any(other.is_desk and other.key in seen for _, other in rows):
            raise line.wrong("a second desk")
        seen.add(row.key)
    return tuple(row for _, row in rows)


def parse_contacts(
    text: str, *, holders: Collection[str], file: str = "contacts.csv"
) -> tuple[ContactRow, ...]:
    """Return the contact details in CSV `text`, all of `holders`; raises ValueError likewise."""
    columns = {field.name for field in fields(ContactRow)}
    rows: list[ContactRow] = []
    for line in lines_of(text, file=file, fits=lambda header: set(header) == columns):
        row = _contact(line, holders)
        if any(_same_contact(row, other) for other in rows):
            raise line.wrong("the same contact detail stands there twice")
        rows.append(row)
    return tuple(rows)


def parse_rules(
    text: str, *, holders: Collection[str], file: str = "responsibilities.csv"
) -> tuple[Rule, ...]:
    """Return the rules in CSV `text`; raises ValueError likewise, also where rows of one rule overlap."""
    columns = {field.name for field in fields(Rule)}
    rows: list[Rule] = []
    for line in lines_of(text, file=file, fits=lambda header: set(header) == columns):
        row = _rule(line, holders)
        for other in rows:
            if row.rule == other.rule and row.category != other.category:
                raise line.wrong(f"the rule {row.rule!r} stands for {other.category!r} already")
            if _overlap(row, other):
                raise line.wrong(f"the row overlaps another of the rule {row.rule!r}")
        rows.append(row)
    return tuple(rows)


def _is_holder_header(columns: list[str]) -> bool:
    """Say whether the columns are those of holders.csv: each field, both texts once a language."""
    texts = {"name", "asked_how"}
    fixed = {field.name for field in fields(HolderRow)} - texts
    translated = [TRANSLATED.fullmatch(column) for column in set(columns) - fixed]
    pairs = {(match[1], match[2]) for match in translated if match}
    languages = {language for _, language in pairs}
    return (
        fixed <= set(columns)
        and all(translated)
        and languages >= {"fi", "sv", "en"}
        and pairs == {(text, language) for text in texts for language in languages}
    )


def _holder(line: Line) -> HolderRow:
    return HolderRow(
        key=line.key("key"),
        controller=line.key("controller"),
        name=line.translated("name"),
        takes_part=line.yes("takes_part"),
        is_desk=line.yes("is_desk"),
        municipal_or_county=line.yes("municipal_or_county"),
        asked_how=line.translated("asked_how"),
        position=line.whole("position"),
        source=line.filled("source"),
    )


def _contact(line: Line, holders: Collection[str]) -> ContactRow:
    kind = cast("ContactKind", line.one_of("kind", get_args(ContactKind)))
    value = line.address("value") if kind in ("page", "e_service", "form") else line.filled("value")
    if kind in ("email", "privacy_email") and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", value):
        raise line.wrong(f"value must be an e-mail address, not {value!r}")
    row = ContactRow(
        holder=line.one_of("holder", holders),
        kind=kind,
        lang=line.one_of("lang", _CONTACT_LANGUAGES),
        value=value,
        source_url=line.address("source_url"),
        checked_on=line.day("checked_on"),
        status=cast("Status", line.one_of("status", get_args(Status))),
        review_on=line.day("review_on"),
    )
    if row.review_on <= row.checked_on:
        raise line.wrong("review_on must be later than checked_on")
    return row


def _same_contact(row: ContactRow, other: ContactRow) -> bool:
    return (row.holder, row.kind, row.lang, row.value) == (other.holder, other.kind, other.lang, other.value)


def _rule(line: Line, holders: Collection[str]) -> Rule:
    role = cast("Role", line.one_of("role", get_args(Role)))
    also_with = line.one_of("also_with", ("", *CATEGORIES))
    if also_with and role != "letter":
        raise line.wrong("also_with belongs to letters")
    row = Rule(
        rule=line.key("rule"),
        category=line.one_of("category", CATEGORIES),
        service=line.one_of("service", ("", NO_SERVICE, *SERVICES)),
        data_from=line.open_year("data_from"),
        data_to=line.open_year("data_to"),
        asked_from=line.open_day("asked_from"),
        asked_to=line.open_day("asked_to"),
        role=role,
        holder=line.one_of("holder", _holders_allowed(role, holders)),
        also_with=also_with,
        reason=line.key("reason"),
        source=line.filled("source"),
        status=cast("Status", line.one_of("status", get_args(Status))),
    )
    if row.data_from is not None and row.data_to is not None and row.data_from > row.data_to:
        raise line.wrong("data_from is later than data_to")
    if row.asked_from is not None and row.asked_to is not None and row.asked_from > row.asked_to:
        raise line.wrong("asked_from is later than asked_to")
    return row


def _holders_allowed(role: Role, holders: Collection[str]) -> Collection[str]:
    if role == "explain":
        return ("",)
    return (*holders, *PLACES) if role == "pointer" else holders


def _overlap(row: Rule, other: Rule) -> bool:
    """Say whether two rows of one rule give a holder the same role for some year and day."""
    return (
        (row.rule, row.role, row.holder, row.also_with)
        == (other.rule, other.role, other.holder, other.also_with)
        and (row.service == other.service or not row.service or not other.service)
        and _meet(row.data_from, row.data_to, other.data_from, other.data_to)
        and _meet(row.asked_from, row.asked_to, other.asked_from, other.asked_to)
    )


def _meet(first: _Point | None, last: _Point | None, since: _Point | None, until: _Point | None) -> bool:
    """Say whether two spans, open where None, share a point."""
    return (first is None or until is None or first <= until) and (
        since is None or last is None or since <= last
    )
