"""Every address is on the public list, or lies below /staff/ and asks for a login (design.md, "Public contract")."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import get_language

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PUBLIC = frozenset(
    {
        "/", "/healthz", "/readyz", "/metrics",
        "/robots.txt", "/sitemap.xml", "/sitemap-<slug:code>.xml", "/.well-known/security.txt",
        "/<lang>/", "/<lang>/faq/", "/<lang>/faq/<slug:slug>/", "/<lang>/privacy/", "/<lang>/accessibility/",
        "/<lang>/am-i-included/", "/<lang>/leaflet.pdf", "/<lang>/who-holds-what/", "/<lang>/verify/",
        "/<lang>/feedback/", "/<lang>/feedback/thanks/", "/<lang>/search/", "/<lang>/glossary/",
        "/<lang>/request/", "/<lang>/request/forget/", "/<lang>/request/<slug:step>/",
        # A filing opens by reference and secret; tests/integration/test_tracking.py proves it for each of these.
        "/<lang>/track/", "/<lang>/track/leave/", "/<lang>/track/filing/<uuid:filing_id>/",
        "/<lang>/track/filing/<uuid:filing_id>/letter/<uuid:letter_id>.pdf",
        "/<lang>/track/case/<uuid:case_id>/day.ics",
        "/<lang>/track/case/<uuid:case_id>/posted/", "/<lang>/track/case/<uuid:case_id>/answered/",
        "/<lang>/track/case/<uuid:case_id>/withdraw/", "/<lang>/track/case/<uuid:case_id>/signed/",
        "/<lang>/track/case/<uuid:case_id>/remind/", "/<lang>/track/case/<uuid:case_id>/complain/",
    }
)  # fmt: skip
"""What anybody may ask for without an account. A new address is added here only on purpose."""

DOOR = frozenset(
    {
        "/staff/language/",
        "/staff/account/login/",
        "/staff/account/signup/",
        "/staff/account/inactive/",
        # allauth's second step and its login by passkey: each ends at the same door.
        "/staff/account/2fa/authenticate/",
        "/staff/account/2fa/webauthn/login/",
    }
)
"""The door itself: what is below /staff/ and may be asked for before a login."""


def _routes(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        part = str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, prefix + part)
        elif isinstance(entry, URLPattern):
            yield (prefix + part).replace(f"/{get_language()}/", "/<lang>/", 1)


def _examples() -> list[str]:
    """Return an address for each route below /staff/, with something in the place of each of its arguments."""
    fill = {
        "uuid": "0b0e7f0a-6b7e-4c58-9e00-487e7f2482ce",
        "slug": "answer",
        "int": "1",
        "path": "1",
        "str": "1",
    }
    routes = [route for route in _routes(get_resolver()) if route.startswith("/staff/")]
    plain = [re.sub(r"<(?:(\w+):)?\w+>", lambda found: fill[found[1] or "str"], route) for route in routes]
    # The admin's last route is a regular expression that takes whatever no other one took.
    return sorted({route.replace("(?P<url>.*)$", "anything/").replace("^", "") for route in plain} - DOOR)


def test_every_address_is_public_on_purpose_or_of_the_staff() -> None:
    found = {route for route in _routes(get_resolver()) if not route.startswith("/staff/")}
    assert found == PUBLIC


def test_the_door_is_there() -> None:
    assert set(_routes(get_resolver())) >= DOOR


@pytest.mark.parametrize("address", _examples())
def test_staff_addresses_ask_for_a_login(address: str, client: Client) -> None:
    for ask in (client.get, client.post):
        answer = ask(address, follow=True)
        last = answer.redirect_chain[-1][0] if answer.redirect_chain else ""
        assert last.startswith("/staff/account/login/") or answer.status_code in (403, 404, 405), last
