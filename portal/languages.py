"""The one list of the portal's languages: code, own name, direction of writing, tag for HTML.

Adding a language takes one line here, one migration (django-modeltranslation's columns), one folder of
content and one message file; see docs/translations.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the portal: Django's code, its own name, its direction and its BCP 47 tag for HTML."""

    code: str
    own_name: str
    direction: Literal["ltr", "rtl"] = "ltr"
    tag: str = ""

    @property
    def html(self) -> str:
        """The BCP 47 tag for `lang` attributes (RFC 5646), e.g. `zh-Hans` for `zh-hans`."""
        return self.tag or self.code

    @property
    def locale(self) -> str:
        """Django's folder name under `locale/`, e.g. `zh_Hans`."""
        head, _, tail = self.code.partition("-")
        return f"{head}_{tail.capitalize()}" if tail else head


LANGUAGES: Final = (
    Language("fi", "Suomi"),
    Language("sv", "Svenska"),
    Language("en", "English"),
    Language("ru", "Русский"),
    Language("et", "Eesti"),
    Language("uk", "Українська"),
    Language("ar", "العربية", "rtl"),
    Language("so", "Soomaali"),
    Language("fa", "فارسی", "rtl"),
    Language("zh-hans", "简体中文", tag="zh-Hans"),
    Language("sq", "Shqip"),
    Language("ckb", "کوردیی ناوەندی", "rtl"),
    Language("tr", "Türkçe"),
    Language("vi", "Tiếng Việt"),
    Language("es", "Español"),
    Language("fr", "Français"),
    Language("fi-simple", "Selkosuomi"),
)

BY_CODE: Final = {language.code: language for language in LANGUAGES}
DEFAULT: Final = "fi"
"""Shown when nothing better is known, and the first fallback of a missing translation."""

FALLBACKS: Final = ("fi", "en")
OFFICIAL: Final = ("fi", "sv")
"""The languages of the authorities; both stand before any third is published."""

STAFF: Final = ("fi", "sv", "en")
RTL: Final = frozenset(language.code for language in LANGUAGES if language.direction == "rtl")
