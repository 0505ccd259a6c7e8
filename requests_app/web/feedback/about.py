"""Which page feedback is about: kept only where it is a public page, which says nothing of the person who reads it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation

from portal.languages import BY_CODE
from requests_app.rules.feedback import MAX_PAGE

NAMESPACES: Final = frozenset({"pages", "faq"})
NAMES: Final = frozenset({"who-holds-what", "verify"})
"""Public pages without a namespace. Wizard, tracking and staff are in neither set: their pages are a person's own."""


def public_path(address: str, *, host: str) -> str:
    """Return the path of a public page that `address` names, "" for anything else.

    `address` is a path or a whole address of `host` (a Referer, or what somebody copied); its query is left out.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = parts.path
    if parts.scheme not in ("", "http", "https") or parts.netloc not in ("", host) or len(path) > MAX_PAGE:
        return ""
    first = path.lstrip("/").partition("/")[0]
    if first not in BY_CODE:
        return ""
    # The pages of each language are known only while it is active.
    with translation.override(first):
        try:
            match = resolve(path)
        except Resolver404:
            return ""
    is_public = match.namespace in NAMESPACES or (not match.namespace and match.url_name in NAMES)
    return path if is_public else ""


def asked_page(request: HttpRequest) -> str:
    """Return the public page that the visitor came from: `?page=`, else the Referer; "" for none."""
    host = request.get_host()
    named = public_path(request.GET.get("page", ""), host=host)
    return named or public_path(request.headers.get("Referer", ""), host=host)
