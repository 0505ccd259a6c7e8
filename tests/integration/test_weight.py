"""look.md, "Weight": the first view of a public page is at most 30 kB compressed, in at most four requests."""

from __future__ import annotations

import gzip
import re
from functools import cache

import pytest
from django.conf import settings
from django.test import Client

from portal.faq.content import SLUGS
from portal.languages import LANGUAGES

pytestmark = [pytest.mark.any_database, pytest.mark.django_db, pytest.mark.usefixtures("published_faq")]

MOST_BYTES = 30_000
MOST_HTML = 12_000
MOST_REQUESTS = 4
PAGES = ("", "faq/", *(f"faq/{slug}/" for slug in SLUGS), "search/", "glossary/")


@cache
def weight_of(address: str) -> int:
    """Return how many bytes of a static file go over the wire."""
    name = address.removeprefix(settings.STATIC_URL)
    assert name != address, f"not a file of the portal: {address}"
    return len(gzip.compress((settings.STATIC_ROOT / name).read_bytes()))


@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_the_first_view_is_light_and_needs_no_script(client: Client, code: str) -> None:
    for path in PAGES:
        html = client.get(f"/{code}/{path}").content
        text = html.decode()
        loaded = set(re.findall(r'<link rel="(?:icon|stylesheet)" href="([^"]+)"', text))
        loaded |= set(re.findall(r'<(?:img|script|source|iframe)\b[^>]*\ssrc="([^"]+)"', text))
        assert loaded, path
        assert not re.search(r'<script(?! type="application/ld\+json">)', text)
        page = len(gzip.compress(html))
        assert page <= MOST_HTML, path
        assert 1 + len(loaded) <= MOST_REQUESTS, path
        assert page + sum(map(weight_of, loaded)) <= MOST_BYTES, path
