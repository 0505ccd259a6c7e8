"""What machines read: addresses in every language, sitemaps, robots.txt, security.txt, data for search engines."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from html import unescape
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from portal.faq.content import SLUGS
from portal.faq.models import Entry, Translation
from portal.faq.stored import column
from portal.languages import BY_CODE, DEFAULT, LANGUAGES
from portal.pages.notices import notice_language, notice_languages
from portal.pages.public import PAGES
from portal.sharing import page_path
from tests.factories import make_register

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("published_faq", "register"),
]

CODES: Final = [language.code for language in LANGUAGES]
NS: Final = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def register() -> None:
    """The register, for the page of who holds what."""
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
def test_every_public_page_says_where_it_stands_and_sets_and_loads_nothing(client: Client, code: str) -> None:
    """One look at each page of a language, for all that holds of every one."""
    for path in public_paths(code):
        response = client.get(path)
        assert response.status_code == 200, path
        assert not response.cookies, path
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
        html = response.content.decode()
        check_head(html, path, code)
        check_loads_nothing_from_elsewhere(html)
        if "/faq/" in path and not path.endswith("/faq/"):
            check_data(html, path)


def check_head(html: str, path: str, code: str) -> None:
    head = html.split("<head>", 1)[1].split("</head>", 1)[0]
    rest = path.removeprefix(f"/{code}/")
    name = rest.strip("/")
    has = notice_languages(name) if name in {"privacy", "accessibility"} else CODES
    assert re.findall(r'rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', head) == [
        *((one.html, f"{settings.BASE_URL}/{one.code}/{rest}") for one in LANGUAGES if one.code in has),
        ("x-default", f"{settings.BASE_URL}/{DEFAULT}/{rest}"),
    ]
    address = f"{settings.BASE_URL}{path}"
    assert re.findall(r'rel="canonical"\s+href="([^"]+)"', head) == [address]
    assert meta(head, "og:url") == address
    (title,) = re.findall(r"<title>(.*)</title>", head, re.DOTALL)
    assert " ".join(unescape(title).split()) == " ".join(f"{meta(head, 'og:title')} – Tietoni".split())
    assert len(meta(head, "og:description")) >= 5
    assert '<meta name="description"' in head


def check_loads_nothing_from_elsewhere(html: str) -> None:
    sources = re.findall(r'<(?:img|script|iframe|source|video|audio|embed)\b[^>]*\ssrc="([^"]+)"', html)
    sources += re.findall(r'<link\b[^>]*rel="(?:stylesheet|icon|preload|manifest)"[^>]*href="([^"]+)"', html)
    assert sources
    assert all(re.match(r"/(?!/)", source) for source in sources)


def check_data(html: str, path: str) -> None:
    """What search engines are told of an answer is what people can read on its page."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(text)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "FAQPage")
    assert data["url"] == settings.BASE_URL + path
    assert f'<html lang="{data["inLanguage"]}"' in html
    (question,) = data["mainEntity"]
    page = " ".join(unescape(re.sub(r"<[^>]+>", "", html.split("<main", 1)[1])).split())
    lines = [question["name"], *question["acceptedAnswer"]["text"].splitlines()]
    assert len(lines) > 2
    assert [line for line in lines if " ".join(line.split()) not in page] == []


def test_an_answer_s_data_begin_with_the_short_answer(client: Client) -> None:
    html = client.get(f"/sv/faq/{SLUGS[8]}/").content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    (question,) = json.loads(text)["mainEntity"]
    entry = Entry.objects.get(slug=SLUGS[8])
    assert question["name"] == getattr(entry, column("question", "sv"))
    assert question["acceptedAnswer"]["text"].startswith(getattr(entry, column("short", "sv")) + "\n")


def test_hostile_data_stay_data(client: Client) -> None:
    evil = "</script><script>alert(1)</script><!--"
    Entry.objects.filter(slug=SLUGS[8]).update(**{column("short", "en"): evil})
    html = client.get(f"/en/faq/{SLUGS[8]}/").content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert html.count("<script") == 1
    assert evil in json.loads(text)["mainEntity"][0]["acceptedAnswer"]["text"]


def test_a_notice_in_another_language_has_the_address_of_that_one(client: Client) -> None:
    for code in CODES:
        canonical = re.findall(r'rel="canonical"\s+href="([^"]+)"', head_of(client, f"/{code}/privacy/"))
        assert canonical == [f"{settings.BASE_URL}/{notice_language('privacy', BY_CODE[code]).code}/privacy/"]


@pytest.mark.parametrize(
    "path", ["/en/search/", "/en/verify/", "/en/request/kind/", "/en/track/", "/en/faq/no/"]
)
def test_other_pages_have_no_such_head(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert "<head>" in html
    assert "og:" not in html
    assert "canonical" not in html


def test_the_share_picture_is_a_picture_of_the_portal_s_own(client: Client) -> None:
    address = urlsplit(meta(head_of(client, "/fi/"), "og:image"))
    assert f"{address.scheme}://{address.netloc}" == settings.BASE_URL
    response = client.get(address.path)
    picture = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "image/png"
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [1200, 630]
    assert len(picture) < 50_000


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


def test_a_sitemap_has_every_public_page_with_its_other_languages(client: Client) -> None:
    for code in CODES:
        root = sitemap(client, f"/sitemap-{code}.xml")
        places = {one.findtext("s:loc", "", NS): one for one in root.findall("s:url", NS)}
        assert list(places) == [settings.BASE_URL + path for path in public_paths(code)]
        for address, place in places.items():
            told = {one.get("hreflang"): one.get("href") for one in place.findall("x:link", NS)}
            assert told.pop("x-default") == told[DEFAULT]
            assert address in told.values()
            dated = place.find("s:lastmod", NS) is not None
            assert dated == ("/faq/" in address and not address.endswith("/faq/"))


def test_a_sitemap_says_the_same_as_the_pages_themselves(client: Client) -> None:
    root = sitemap(client, "/sitemap-sv.xml")
    for place in root.findall("s:url", NS):
        head = head_of(client, place.findtext("s:loc", "", NS).removeprefix(settings.BASE_URL))
        told = re.findall(r'rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', head)
        assert [(one.get("hreflang"), one.get("href")) for one in place.findall("x:link", NS)] == told


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
