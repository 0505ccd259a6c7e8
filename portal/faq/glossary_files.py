"""The glossary's reviewed source: one TOML file per language, read as strictly as the answers (`content`).

A file has a table for each of KEYS, in their order, and in each table three lines: `term`, `finnish`, `text`.
Nothing here touches a database.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.faq.content import CONTENT, FAULTS, GLOSSARY_FILE, plain_fault, unseen_fault
from portal.faq.front_matter import wrong
from portal.languages import BY_CODE

KEYS: Final = (
    "register_holder",
    "registry",
    "personal_data",
    "pseudonymised",
    "encrypted",
    "identifier",
    "personal_identity_code",
    "control_group",
    "background_variables",
    "research_environment",
    "register_based_study",
    "skills_centre",
    "integration",
    "artificial_intelligence",
    "data_request",
    "diary_number",
    "guardian",
    "authorisation",
    "complaint",
    "objection",
)
"""The terms, in the order of the page."""

LONGEST: Final = {"term": 120, "finnish": 80, "text": 240}
"""The most characters of each line of a term."""

_TABLE: Final = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Word:
    """One term in one language: how it is called, what a Finnish office says, and what it means."""

    key: str
    term: str
    finnish: str
    text: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms in one language, in the order of KEYS."""

    language: str
    words: tuple[Word, ...]


def read_glossaries(folder: Path = CONTENT) -> tuple[Glossary, ...]:
    """Read the glossary of each language that has one, in the portal's order of languages.

    Raises ValueError that names file and line for anything that is not right; also where two languages give
    different Finnish words.
    """
    found = []
    for code in BY_CODE:
        path = folder / code / GLOSSARY_FILE
        if not path.exists():
            continue
        name = f"{code}/{GLOSSARY_FILE}"
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"{name}, line 1: the file is not UTF-8 ({error.reason})") from error
        found.append(parse_glossary(text, language=code, file=name))
    for other in found[1:]:
        for word, twin in zip(other.words, found[0].words, strict=True):
            if word.finnish != twin.finnish:
                file = f"{other.language}/{GLOSSARY_FILE}"
                raise wrong(
                    file, 1, f"finnish of {word.key} differs from {found[0].language}/{GLOSSARY_FILE}"
                )
    return tuple(found)


def parse_glossary(text: str, *, language: str, file: str) -> Glossary:
    """Return the glossary in `text`; raises ValueError that names `file` and the line of what is not right."""
    if fault := unseen_fault(text):
        raise wrong(file, fault.line + 1, FAULTS[fault.code].format(fault.detail))
    tables: list[tuple[str, int, dict[str, str]]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if table := _TABLE.fullmatch(line):
            tables.append((_next_key(table[1], len(tables), file=file, line=number), number, {}))
            continue
        if not tables:
            raise wrong(file, number, "the file must begin with a table such as [register_holder]")
        name, value = _line(line, file=file, line=number)
        if name in tables[-1][2]:
            raise wrong(file, number, f"{name} stands there twice")
        tables[-1][2][name] = value
    if len(tables) < len(KEYS):
        raise wrong(file, max(1, text.count("\n")), f"[{KEYS[len(tables)]}] is missing")
    for key, number, values in tables:
        for name in LONGEST:
            if name not in values:
                raise wrong(file, number, f"{name} of [{key}] is missing")
    return Glossary(language, tuple(Word(key=key, **values) for key, _, values in tables))


def _next_key(key: str, place: int, *, file: str, line: int) -> str:
    """Return the key of a table; raises ValueError unless it is the one whose turn it is."""
    if key not in KEYS:
        raise wrong(file, line, f"[{key}] is no term of the glossary")
    if place >= len(KEYS) or key != KEYS[place]:
        expected = f"[{KEYS[place]}] is expected" if place < len(KEYS) else "nothing more is expected"
        raise wrong(file, line, f"[{key}] does not belong here: {expected}")
    return key


def _line(text: str, *, file: str, line: int) -> tuple[str, str]:
    """Return name and value of one line; raises ValueError for what is no TOML or no plain text."""
    try:
        pairs = list(tomllib.loads(text).items())
    except tomllib.TOMLDecodeError as error:
        reason = re.sub(r" \(at .*\)", "", str(error))
        raise wrong(file, line, f"no TOML of one line: {reason}") from error
    name, value = pairs[0]
    if name not in LONGEST:
        raise wrong(file, line, f"{name} is not a line of a term")
    if not isinstance(value, str):
        raise wrong(file, line, f"{name} must be a text in quotes")
    if fault := plain_fault(value):
        raise wrong(file, line, f"{name}: {FAULTS[fault.code].format(fault.detail)}")
    if len(value) > LONGEST[name]:
        raise wrong(file, line, f"{name} is longer than {LONGEST[name]} characters")
    return name, value.strip()
