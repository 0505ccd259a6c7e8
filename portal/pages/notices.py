"""The portal's own notices, and which languages have them."""

from __future__ import annotations

from typing import Final

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from portal.languages import BY_CODE, LANGUAGES, Language

NOTICE_FALLBACKS: Final = ("en", "fi")
"""Languages of a notice for readers whose own language has none: first the one that more newcomers read."""


def notice_languages(name: str) -> list[str]:
    """Return the codes of the languages that the notice `name` ("privacy", "accessibility") has."""
    return [language.code for language in LANGUAGES if _exists(f"portal/{name}/{language.code}.html")]


def notice_language(name: str, reader: Language) -> Language:
    """Return the language in which a reader gets a notice."""
    written = notice_languages(name)
    # A form of a language reads its parent first: fi-simple falls back to fi.
    wishes = (reader.code, reader.code.partition("-")[0], *NOTICE_FALLBACKS)
    return BY_CODE[next(code for code in wishes if code in written)]


def _exists(template: str) -> bool:
    try:
        get_template(template)
    except TemplateDoesNotExist:
        return False
    return True
