"""The addresses of all pages that are the same for everybody: those of `portal.pages.public`, and the answers.

What differs by reader never belongs here: forms, the wizard, tracking, search, staff.  A page that answers with a
cookie, a `Vary` or without `Cache-Control: public` is not prepared even so (`preparing.prepare`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from django.urls import reverse
from django.utils import translation

from portal.faq.content import SLUGS
from portal.languages import LANGUAGES
from portal.pages.public import PAGES


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page by the name of its address and what that takes besides the language."""

    name: str
    kwargs: Mapping[str, str] = field(default_factory=dict)


PUBLIC_PAGES: Final = (
    *(PublicPage(page.view) for page in PAGES),
    *(PublicPage("faq:entry", {"slug": slug}) for slug in SLUGS),
)


@cache
def public_paths() -> Mapping[str, PublicPage]:
    """Return the path of every public page in every language.

    A page whose address begins with no language is there once.
    """
    found: dict[str, PublicPage] = {}
    for language in LANGUAGES:
        with translation.override(language.code):
            for page in PUBLIC_PAGES:
                found.setdefault(reverse(page.name, kwargs=dict(page.kwargs)), page)
    return found
