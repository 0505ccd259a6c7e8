"""What every request passes: whom to believe of its origin, its language, its size, and that answers are private."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from portal.languages import BY_CODE, STAFF
from portal.pages.language_choice import best_language

Handler = Callable[[HttpRequest], HttpResponse]


class TrustedProxy:
    """Set `REMOTE_ADDR` to the client's address as told by trusted proxies alone (RFC 7239's de-facto forebear).

    `X-Forwarded-*` of anybody else is dropped, so that nobody can choose the address that limits are counted on.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.trusted = [ipaddress.ip_network(net, strict=False) for net in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        if self._is_trusted(meta.get("REMOTE_ADDR", "")):
            hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            for hop in reversed(hops):
                meta["REMOTE_ADDR"] = hop
                if not self._is_trusted(hop):
                    break
        else:
            for name in ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"):
                meta.pop(name, None)
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in net for net in self.trusted)


class PageLanguage:
    """Activate the language of the page: the first part of its path, or for staff the one they chose."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = page_language(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", BY_CODE[code].html)
        return response


def page_language(request: HttpRequest) -> str:
    """Return the code of the language in which `request` is to be answered."""
    first = request.path_info.lstrip("/").partition("/")[0]
    if first in BY_CODE:
        return first
    if first == "staff":
        chosen = request.COOKIES.get("staff_language", "")
        return chosen if chosen in STAFF else best_language(_wishes(request), among=STAFF)
    return best_language(_wishes(request))


def _wishes(request: HttpRequest) -> str:
    return request.headers.get("Accept-Language", "")


class BodyLimit:
    """Refuse a body that is too large before anything reads it: 413 (RFC 9110, 15.5.14) in the reader's language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) > self._limit(request):
            from portal.pages.errors import (
                too_large,  # Its templates need the apps, which load after middleware.
            )

            return too_large(request)
        return self.get_response(request)

    @staticmethod
    def _limit(request: HttpRequest) -> int:
        multipart = request.META.get("CONTENT_TYPE", "").startswith("multipart/")
        return settings.BODY_LIMIT_BYTES if multipart else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class PrivateByDefault:
    """Forbid storing of every answer that does not say itself that it is public (RFC 9111, 5.2.2.5)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
