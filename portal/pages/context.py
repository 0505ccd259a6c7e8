"""What every page shows around its content: the languages, its own language, who runs the portal, its addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils.translation import get_language

from portal.languages import BY_CODE, DEFAULT, LANGUAGES, STAFF, Language
from portal.pages.public import BY_VIEW
from portal.sharing import Shared


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The way to the same page in another language."""

    code: str
    own_name: str
    html: str
    direction: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this copy of the portal (settings OPERATOR, OPERATOR_EMAIL); "" where not given."""

    name: str
    email: str


def page(request: HttpRequest) -> dict[str, Any]:
    """Return `page_language`, `language_links`, `staff_languages`, `operator` and `shared` for templates.

    `shared` is for the head of a public page (`portal.pages.public`), None elsewhere; a view may give its own.
    """
    language = BY_CODE.get(get_language() or DEFAULT, BY_CODE[DEFAULT])
    return {
        "page_language": language,
        "language_links": language_links(request.get_full_path_info(), current=language),
        "staff_languages": tuple(BY_CODE[code] for code in STAFF),
        "shared": _shared(request, language),
        "operator": Operator(name=settings.OPERATOR, email=settings.OPERATOR_EMAIL),
    }


def _shared(request: HttpRequest, reader: Language) -> Shared | None:
    match = request.resolver_match
    public = BY_VIEW.get(match.view_name) if match else None
    return public.shared(reader) if public else None


def language_links(path: str, *, current: Language) -> list[LanguageLink]:
    """Return a link for each language to the same page: `path` with its first part replaced.

    `path` is the path with its query, without the script prefix.  A path that begins with no language of the
    portal has no twin, so its links lead to the home page.
    """
    first, slash, rest = path.lstrip("/").partition("/")
    tail = rest if slash and first in BY_CODE else ""
    prefix = get_script_prefix()
    return [
        LanguageLink(
            code=language.code,
            own_name=language.own_name,
            html=language.html,
            direction=language.direction,
            url=f"{prefix}{language.code}/{tail}",
            current=language == current,
        )
        for language in LANGUAGES
    ]
