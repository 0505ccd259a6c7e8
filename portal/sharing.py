"""What others are told of a public page: search engines, and whoever shows a link to it; all addresses are absolute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from portal.languages import BY_CODE, DEFAULT, LANGUAGES, Language

PICTURE: Final = "share.png"
"""The picture that goes with a link, the same for all pages and without words; `make setup` draws it."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """The address of a page in one language, for `hreflang`; `x-default` is for everybody else."""

    hreflang: str
    url: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A page as others name it; `canonical` is its address in the language that it is written in."""

    title: str
    description: str
    canonical: str
    alternates: tuple[Alternate, ...]
    picture: str


def shared(
    view: str,
    *,
    title: str,
    description: str,
    here: Language,
    languages: Iterable[Language] = LANGUAGES,
    **kwargs: str,
) -> Shared:
    """Return what to tell of the page of a named view; `here`, the language of its text, is one of `languages`."""
    found = alternates(view, languages=languages, **kwargs)
    return Shared(
        title=title,
        description=description,
        canonical=settings.BASE_URL + page_path(view, here, **kwargs),
        alternates=found,
        picture=settings.BASE_URL + static(PICTURE),
    )


def alternates(
    view: str, *, languages: Iterable[Language] = LANGUAGES, **kwargs: str
) -> tuple[Alternate, ...]:
    """Return the addresses of a page in its languages, and the one for readers of any other language."""
    urls = {language.code: settings.BASE_URL + page_path(view, language, **kwargs) for language in languages}
    default = urls.get(DEFAULT) or next(iter(urls.values()))
    found = [Alternate(BY_CODE[code].html, url) for code, url in urls.items()]
    return (*found, Alternate("x-default", default))


def page_path(view: str, language: Language, **kwargs: str) -> str:
    """Return the path of the page of a named view in one language."""
    with translation.override(language.code):
        return reverse(view, kwargs=kwargs)
