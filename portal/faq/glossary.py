"""The words that the answers explain: one list per language, each word with the Finnish one that an office will say.

Read from `content/<lang>/glossary.toml`: a table per key with `term`, `finnish` and `text`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from portal.faq.content import CONTENT
from portal.languages import BY_CODE, FALLBACKS, Language

FOLDER: Path = CONTENT


@dataclass(frozen=True, slots=True)
class TermView:
    """One word explained; `language` is that of term and text, which may be a fallback's."""

    key: str
    term: str
    finnish: str
    text: str
    language: Language
    is_fallback: bool


def terms(language: str) -> tuple[TermView, ...]:
    """Return every word for readers of `language`, in a fallback language where theirs has none yet."""
    found: dict[str, TermView] = {}
    for code in dict.fromkeys((language, *FALLBACKS)):
        place = FOLDER / code / "glossary.toml"
        tables = tomllib.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
        for key, table in tables.items():
            view = TermView(key=key, **table, language=BY_CODE[code], is_fallback=code != language)
            found.setdefault(key, view)
    return tuple(found.values())
