"""Makes one page ready to be sent: asked of the portal's own views, kept with its headers in every encoding."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from portal.prepared.encodings import IDENTITY, acceptable, encoded

CACHE_CONTROL: Final = "public, max-age=300, stale-while-revalidate=3600"
"""Five minutes; for an hour more a cache may answer at once and ask anew meanwhile (RFC 5861, 3)."""

_OF_THE_CONTENT: Final = ("Content-Type", "Content-Encoding", "Content-Length")
_OURS: Final = ("Content-Encoding", "Content-Length", "ETag", "Cache-Control", "Vary", "Date")


class NotPrepared(Exception):
    """A page can't be prepared; the text says why, `status` what the portal answered."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class PageRequest(WSGIRequest):
    """The portal's own GET for one of its pages: no cookie, no wish of a reader, the host of BASE_URL."""

    def __init__(self, path: str) -> None:
        base = urlsplit(settings.BASE_URL)
        super().__init__(
            {
                "REQUEST_METHOD": "GET",
                "SCRIPT_NAME": "",
                "PATH_INFO": path,
                "QUERY_STRING": "",
                "SERVER_NAME": base.hostname,
                "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": base.netloc,
                "REMOTE_ADDR": "127.0.0.1",
                "wsgi.url_scheme": base.scheme,
                "wsgi.input": io.BytesIO(),
            }
        )


@dataclass(frozen=True, slots=True)
class Representation:
    """A page in one encoding, with all its headers and the strong ETag of its bytes (RFC 9110, 8.8.3)."""

    body: bytes
    etag: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """One page in the encodings that make it smaller, and as it is."""

    by_encoding: Mapping[str, Representation]

    @property
    def content(self) -> bytes:
        """The page as it is."""
        return self.by_encoding[IDENTITY].body

    def for_reader(self, accept_encoding: str) -> Representation:
        """Return what fits an `Accept-Encoding` header best."""
        for encoding in acceptable(accept_encoding):
            if encoding in self.by_encoding:
                return self.by_encoding[encoding]
        return self.by_encoding[IDENTITY]


def prepare(path: str, *, ask: Callable[[HttpRequest], HttpResponse]) -> PreparedPage:
    """Return the page at `path`, as `ask` (the rest of the middleware, or the whole handler) answers it.

    Raises NotPrepared where the answer is no page for everybody.
    """
    response = ask(PageRequest(path))
    if reason := _reason_against(response):
        raise NotPrepared(f"{path}: {reason}", status=response.status_code)
    shared = {name: value for name, value in response.headers.items() if name not in _OURS}
    shared |= {"Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    return PreparedPage(
        {
            encoding: _representation(encoding, body, shared)
            for encoding, body in encoded(response.content).items()
        }
    )


def without_content(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an answer that has no content: those that describe it are left out (RFC 9110, 15.4.5)."""
    return {name: value for name, value in headers.items() if name not in _OF_THE_CONTENT}


def _representation(encoding: str, body: bytes, shared: Mapping[str, str]) -> Representation:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**shared, "ETag": etag, "Content-Length": str(len(body))}
    if encoding != IDENTITY:
        headers["Content-Encoding"] = encoding
    return Representation(body, etag, headers)


def _reason_against(response: HttpResponse) -> str:
    """Return why this answer is not the same for everybody, "" where it is."""
    headers = response.headers
    cache_control = {part.strip().lower() for part in headers.get("Cache-Control", "").split(",")}
    vary = headers.get("Vary", "")
    reasons = (
        (response.status_code != HTTPStatus.OK, f"answers {response.status_code}"),
        (response.streaming, "streams"),
        (bool(response.cookies), "sets a cookie"),
        ("public" not in cache_control, "does not say Cache-Control: public"),
        (vary.lower() not in ("", "accept-encoding"), f"varies by {vary}"),
        ("Content-Encoding" in headers, "is encoded already"),
        ("'nonce-" in headers.get("Content-Security-Policy", ""), "carries a nonce, which is for one answer"),
    )
    return next((reason for holds, reason in reasons if holds), "")
