"""What machines read: addresses in every language, sitemaps, robots.txt, security.txt, data for search engines."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from html import unescape
from io import StringIO
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from portal.faq.content import SLUGS
from portal.faq.models import Entry, Translation
from portal.faq.stored import column
from portal.languages import DEFAULT, LANGUAGES
from portal.pages.notices import notice_languages
from portal.pages.public import PAGES
from portal.sharing import page_path
from tests.factories import make_register

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CODES: Final = [language.code for language in LANGUAGES]
NS: Final = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def faq() -> None:
    """The reviewed files and the register, so that every page has something to show."""
    call_command("import_faq", verbosity=0, stdout=StringIO())
    make_register()


def public_paths(code: str) -> Iterator[str]:
    """Yield the paths of all public pages that one language has."""
    language = next(one for one in LANGUAGES if one.code == code)
    for page in PAGES:
        if language in page.languages:
            yield page_path(page.view, language)
    for slug in SLUGS:
        yield page_path("faq:entry", language, slug=slug)


def head_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content.decode()).split("<head>", 1)[1].split("</head>", 1)[0]


def meta(head: str, name: str) -> str:
    found = re.search(rf'<meta[^>]*\bproperty="{name}"[^>]*\bcontent="([^"]*)"', head)
    assert found, name
    return unescape(found[1])


# ------------------------------------------------------------------------------------- the head of public pages


@pytest.mark.parametrize("code", CODES)
def test_every_public_page_says_where_it_stands_and_what_it_is(client: Client, code: str) -> None:
    for path in public_paths(code):
        head = head_of(client, path)
        rest = path.removeprefix(f"/{code}/")
        name = rest.strip("/")
        has = notice_languages(name) if name in {"privacy", "accessibility"} else CODES
        found = re.findall(r'rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', head)
        assert found == [
            *((one.html, f"{settings.BASE_URL}/{one.code}/{rest}") for one in LANGUAGES if one.code in has),
            ("x-default", f"{settings.BASE_URL}/{DEFAULT}/{rest}"),
        ]
        address = f"{settings.BASE_URL}{path}"
        assert re.findall(r'rel="canonical"\s+href="([^"]+)"', head) == [address]
        assert meta(head, "og:url") == address
        title = " ".join(unescape(re.search(r"<title>(.*)</title>", head, re.DOTALL)[1]).split())  # type: ignore[index]
        assert title == f"{meta(head, 'og:title')} – Tietoni"
        assert len(meta(head, "og:description")) >= 20
        assert re.search(r'<meta name="description"', head)


@pytest.mark.parametrize("code", CODES)
def test_a_notice_in_another_language_has_the_address_of_that_one(client: Client, code: str) -> None:
    written = notice_languages("privacy")
    head = head_of(client, f"/{code}/privacy/")
    canonical = re.findall(r'rel="canonical"\s+href="([^"]+)"', head)
    assert canonical == [f"{settings.BASE_URL}/{code if code in written else 'en'}/privacy/"]


@pytest.mark.parametrize(
    "path", ["/en/search/", "/en/verify/", "/en/request/kind/", "/en/track/", "/en/faq/no/"]
)
def test_other_pages_have_no_such_head(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert "<head>" in html
    assert "og:" not in html
    assert "canonical" not in html


@pytest.mark.parametrize("code", CODES)
def test_public_pages_set_no_cookie_and_name_no_other_host_to_load_from(client: Client, code: str) -> None:
    for path in (*public_paths(code), f"/{code}/search/", f"/{code}/search/?q=Kela"):
        response = client.get(path)
        assert not response.cookies, path
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
        html = response.content.decode()
        assert not re.findall(
            r'<(?:img|script|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|data)="[^/]', html
        )
        loaded = re.findall(
            r'<link\b[^>]*rel="(?:stylesheet|icon|preload|manifest)"[^>]*href="([^"]+)"', html
        )
        assert all(re.match(r"/(?!/)", address) for address in loaded)


def test_the_share_picture_is_a_picture_of_the_portal_s_own(client: Client) -> None:
    address = urlsplit(meta(head_of(client, "/fi/"), "og:image"))
    assert f"{address.scheme}://{address.netloc}" == settings.BASE_URL
    response = client.get(address.path)
    picture = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "image/png"
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [1200, 630]
    assert len(picture) < 50_000


# ------------------------------------------------------------------------------------------- structured data


@pytest.mark.parametrize("code", CODES)
def test_an_answer_is_data_for_search_engines(client: Client, code: str) -> None:
    language = next(one for one in LANGUAGES if one.code == code)
    for entry in Entry.objects.all():
        path = page_path("faq:entry", language, slug=entry.slug)
        html = client.get(path).content.decode()
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
        data = json.loads(text)
        assert data["@context"] == "https://schema.org"
        assert data["@type"] == "FAQPage"
        assert data["url"] == settings.BASE_URL + path
        assert data["inLanguage"] == language.html
        (question,) = data["mainEntity"]
        assert question["name"] == getattr(entry, column("question", code))
        answer = question["acceptedAnswer"]["text"]
        assert answer.startswith(getattr(entry, column("short", code)))
        # What machines are told is what people can read.
        page = " ".join(unescape(re.sub(r"<[^>]+>", "", html.split("<main", 1)[1])).split())
        for line in answer.splitlines():
            assert " ".join(line.split()) in page


# --------------------------------------------------------------------------------------------------- sitemaps


def sitemap(client: Client, path: str) -> ET.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml"
    return ET.fromstring(response.content)  # noqa: S314 — our own.


def test_the_index_names_a_sitemap_for_each_language(client: Client) -> None:
    root = sitemap(client, "/sitemap.xml")
    assert [one.text for one in root.findall("s:sitemap/s:loc", NS)] == [
        f"{settings.BASE_URL}/sitemap-{code}.xml" for code in CODES
    ]
    days = {one.text for one in root.findall("s:sitemap/s:lastmod", NS)}
    assert days == {timezone.localdate().isoformat()}


@pytest.mark.parametrize("code", CODES)
def test_a_sitemap_has_every_public_page_with_its_other_languages(client: Client, code: str) -> None:
    root = sitemap(client, f"/sitemap-{code}.xml")
    places = {one.findtext("s:loc", "", NS): one for one in root.findall("s:url", NS)}
    assert list(places) == [settings.BASE_URL + path for path in public_paths(code)]
    for address, place in places.items():
        head = head_of(client, address.removeprefix(settings.BASE_URL))
        told = re.findall(r'rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', head)
        assert [(one.get("hreflang"), one.get("href")) for one in place.findall("x:link", NS)] == told
        dated = place.find("s:lastmod", NS) is not None
        assert dated == ("/faq/" in address and not address.endswith("/faq/"))


def test_a_language_lists_only_what_it_has_with_the_day_of_its_change(client: Client) -> None:
    changed = timezone.now() - timedelta(days=40)
    Translation.objects.filter(entry__slug=SLUGS[3], language="ar").update(status="draft")
    Translation.objects.filter(entry__slug=SLUGS[4], language="ar").update(updated_at=changed)
    root = sitemap(client, "/sitemap-ar.xml")
    days = {
        one.findtext("s:loc", "", NS).rsplit("/", 2)[1]: one.findtext("s:lastmod", "", NS)
        for one in root.findall("s:url", NS)
    }
    assert SLUGS[3] not in days
    assert days[SLUGS[4]] == timezone.localdate(changed).isoformat()
    assert SLUGS[3] in client.get("/sitemap-fi.xml").content.decode()


def test_an_unknown_language_has_no_sitemap(client: Client) -> None:
    assert client.get("/sitemap-xx.xml").status_code == 404


def test_an_empty_portal_has_a_sitemap(client: Client) -> None:
    Entry.objects.all().delete()
    assert len(sitemap(client, "/sitemap.xml").findall("s:sitemap", NS)) == len(LANGUAGES)
    assert "/faq/" in client.get("/sitemap-fi.xml").content.decode()


# ------------------------------------------------------------------------------------------ robots and security


def test_robots_let_crawlers_into_the_public_pages_alone(client: Client) -> None:
    response = client.get("/robots.txt", headers={"Accept-Language": "ar"})
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Language"] == "en"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in lines
    refused = [line.removeprefix("Disallow: ") + "*" for line in lines if line.startswith("Disallow: ")]

    def is_refused(path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in refused)

    for code in CODES:
        assert not [path for path in public_paths(code) if is_refused(path)]
        for path in ("request/", "request/kind/", "track/", "track/filing/1/", "search/?q=x"):
            assert is_refused(f"/{code}/{path}")
    assert is_refused("/staff/")


@override_settings(OPERATOR_EMAIL="security@example.org", BASE_URL="https://portal.example.org")
def test_security_txt_is_as_the_rfc_wants_it(client: Client) -> None:
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "https://portal.example.org/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "fi, sv, en"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=200) < left < timedelta(days=365)


@override_settings(OPERATOR_EMAIL="")
def test_without_a_contact_there_is_no_security_txt(client: Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/sitemap-fi.xml"])
def test_files_for_machines_may_be_kept_and_set_nothing(client: Client, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert not first.cookies
    assert "Vary" not in first.headers
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.post(path).status_code == 405
