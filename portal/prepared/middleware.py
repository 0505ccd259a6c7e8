"""Answers with prepared pages, before sessions and database are touched.

It stands behind what every answer needs of the outer middleware (the true origin, the redirect to https, HSTS) and
before all the rest, whose headers are kept with each page: Content-Language, Content-Security-Policy and the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from portal.prepared.pages import public_paths
from portal.prepared.preparing import NotPrepared, PageRequest, PreparedPage, prepare, without_content
from portal.prepared.revision import revision
from portal.prepared.watch import RevisionWatch

Handler = Callable[[HttpRequest], HttpResponse]
_SAFE: Final = ("GET", "HEAD")
_WRITERS: Final = "/staff/"
"""Where editors and operators work; what residents send changes nothing that is public."""

_CONDITIONS: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages of one revision, by path; None is one that is not there and goes the normal way."""

    revision: str
    pages: dict[str, PreparedPage | None] = field(default_factory=dict)


class PreparedPages:
    """Send a public page from memory, made at its first request after each change of what it is made from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._watch = RevisionWatch(revision)
        self._shelf = Shelf("")
        self._preparing = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = self._page(request.path_info) if self._may_be_prepared(request) else None
        if page is not None:
            return answer(request, page)
        try:
            return self.get_response(request)
        finally:
            if request.method not in _SAFE and request.path_info.startswith(_WRITERS):
                self._watch.look_again()

    @staticmethod
    def _may_be_prepared(request: HttpRequest) -> bool:
        """Say whether this asks for a public page, by its plain address and under a name of the portal's own."""
        if not settings.PREPARED_PAGES or request.method not in _SAFE or isinstance(request, PageRequest):
            return False
        # Below a prefix (SCRIPT_NAME) the links of a page are others; the list of paths knows of none.
        if request.META.get("QUERY_STRING") or request.path != request.path_info:
            return False
        if request.path_info not in public_paths():
            return False
        try:
            request.get_host()
        except DisallowedHost:
            return False  # The normal way refuses it.
        return True

    def _page(self, path: str) -> PreparedPage | None:
        current = self._watch.current()
        if not current:
            return None
        # The page goes to the shelf of the revision that was current before it was made, never to a later one.
        shelf = self._shelf
        if shelf.revision != current:
            shelf = self._shelf = Shelf(current)
        if path in shelf.pages:
            return shelf.pages[path]
        # One thread prepares; whoever comes meanwhile is served the normal way and waits for nothing.
        if not self._preparing.acquire(blocking=False):
            return None
        try:
            page = shelf.pages[path] = prepare(path, ask=self.get_response)
        except NotPrepared as error:
            if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                shelf.pages[path] = None  # So it is at this revision; a fault of the server may pass.
            if error.status != HTTPStatus.NOT_FOUND:
                log.warning("a public page can't be prepared: %s", error)
            return None
        else:
            return page
        finally:
            self._preparing.release()


def answer(request: HttpRequest, page: PreparedPage) -> HttpResponse:
    """Return the page in the encoding that the reader takes; 304 where they have it, no content for HEAD."""
    chosen = page.for_reader(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    body = b"" if request.method == "HEAD" else chosen.body
    response = HttpResponse(body, headers=chosen.headers)
    if any(name in request.META for name in _CONDITIONS):
        conditional = get_conditional_response(request, etag=chosen.etag, response=response)
        if conditional is not None and conditional is not response:
            for name, value in without_content(chosen.headers).items():
                conditional.headers.setdefault(name, value)
            return conditional
    return response
