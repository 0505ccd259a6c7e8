"""The leaflet as somebody without an account gets it: found from the pages, sent once, never half."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from portal.faq.content import SLUGS
from portal.faq.leaflet import Leaflet, leaflet
from portal.faq.models import Entry, Translation
from portal.faq.publishing import short_answers
from portal.faq.stored import column
from portal.languages import BY_CODE, FALLBACKS, LANGUAGES
from portal.papers.errors import RenderFailed
from tests.imported_faq import import_all

pytestmark = pytest.mark.django_db

CODES = list(BY_CODE)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Settings) -> None:
    """Let each test begin without kept leaflets."""
    settings.VAR_DIR = tmp_path


@pytest.fixture
def faq() -> None:
    """The reviewed files, imported."""
    import_all()


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages that are printed in this test, in order; only their words, so that it costs nothing."""
    found: list[str] = []

    def pdf(self: Leaflet) -> bytes:
        found.append(self.language.code)
        return f"%PDF-1.7 {self.digest} %%EOF".encode()

    monkeypatch.setattr(Leaflet, "pdf", pdf)
    return found


@pytest.mark.usefixtures("faq")
def test_a_reader_gets_a_pdf(client: Client) -> None:
    response = client.get("/sv/leaflet.pdf")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-1.7")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == "inline; filename=tietoni-sv.pdf"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.headers["Content-Language"] == "sv"


@pytest.mark.usefixtures("faq")
def test_it_may_be_kept_and_is_sent_once(client: Client, printed: list[str]) -> None:
    client.cookies["session"] = "a" * 32
    for code in CODES:
        first = client.get(f"/{code}/leaflet.pdf")

        assert first.headers["Cache-Control"] == "public, max-age=300"
        assert not first.headers["ETag"].startswith("W/")
        assert not first.cookies
        assert not first.wsgi_request.session.accessed
        assert "Cookie" not in first.headers.get("Vary", "")
        again = client.get(f"/{code}/leaflet.pdf", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == "public, max-age=300"
    assert printed == CODES


@pytest.mark.usefixtures("faq")
def test_an_edit_makes_another_one_of_its_language_alone(client: Client, printed: list[str]) -> None:
    before = {code: client.get(f"/{code}/leaflet.pdf").headers["ETag"] for code in CODES}
    Entry.objects.filter(slug=SLUGS[7]).update(**{column("short", "ar"): "جواب جديد."})

    after = {code: client.get(f"/{code}/leaflet.pdf").headers["ETag"] for code in CODES}

    assert [code for code in CODES if before[code] != after[code]] == ["ar"]
    assert printed == [*CODES, "ar"]


@pytest.mark.usefixtures("faq")
def test_heads_are_answered_and_nothing_is_taken(client: Client, printed: list[str]) -> None:
    response = client.head("/fi/leaflet.pdf")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"]
    assert client.post("/fi/leaflet.pdf").status_code == 405
    assert printed == ["fi"]


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize(
    "path", ["/de/leaflet.pdf", "/leaflet.pdf", "/fi/faq/leaflet.pdf", "/fi/leaflet.pdf/"]
)
def test_another_address_is_not_found(client: Client, printed: list[str], path: str) -> None:
    assert client.get(path).status_code == 404
    assert printed == []


def test_without_answers_it_is_not_found(client: Client, printed: list[str]) -> None:
    response = client.get("/en/leaflet.pdf")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store, private"
    assert printed == []


@pytest.mark.usefixtures("faq")
def test_a_failure_is_said_in_the_reader_s_language(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Leaflet) -> bytes:
        raise RenderFailed("The engine gave no PDF.")

    monkeypatch.setattr(Leaflet, "pdf", fail)
    for code in CODES:
        response = client.get(f"/{code}/leaflet.pdf")
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "60"
        assert response.headers["Cache-Control"] == "no-store, private"
        assert response.headers["Content-Type"].startswith("text/html")
        html = response.content.decode()
        assert f'<html lang="{BY_CODE[code].html}" dir="{BY_CODE[code].direction}">' in html
        assert f'href="/{code}/faq/"' in html
        assert "The engine" not in html


@pytest.mark.usefixtures("faq")
def test_pages_lead_to_it(client: Client) -> None:
    for code in CODES:
        for path in (f"/{code}/", f"/{code}/faq/"):
            html = client.get(path).content.decode()
            assert re.search(rf'href="/{code}/leaflet\.pdf"\s+type="application/pdf"', html)


def test_an_empty_list_leads_nowhere(client: Client) -> None:
    assert "leaflet.pdf" not in client.get("/fi/faq/").content.decode()


@pytest.mark.usefixtures("faq")
def test_every_question_is_there_in_short() -> None:
    rows = list(Entry.objects.order_by("number"))
    for code in CODES:
        made = leaflet(code)
        assert made is not None
        answers = made.words["answers"]
        assert [answer.question for answer in answers] == [
            getattr(row, column("question", code)) for row in rows
        ]
        html = made.html(size="10")
        assert all(answer.short in html for answer in answers)
        assert not any(answer.is_fallback for answer in answers)


@pytest.mark.usefixtures("faq")
def test_what_a_language_lacks_is_in_the_fallback_s(client: Client) -> None:
    other = next(language.code for language in LANGUAGES if language.code not in {*FALLBACKS, "sv"})
    Translation.objects.filter(entry__slug=SLUGS[0], language=other).update(status="draft")

    first, second, *_ = short_answers(other)

    assert (first.language.code, first.is_fallback) == (FALLBACKS[0], True)
    assert (second.language.code, second.is_fallback) == (other, False)
    assert {note.language.code for note in first.notes} == {FALLBACKS[0]}


@pytest.mark.usefixtures("faq")
def test_what_the_official_languages_lack_is_not_printed() -> None:
    Translation.objects.filter(entry__slug=SLUGS[0], language="sv").update(status="draft")
    assert [answer.number for answer in short_answers("en")] == list(range(2, 12))


@pytest.mark.usefixtures("faq")
def test_the_number_of_queries_is_constant(
    client: Client, printed: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in CODES:
        with django_assert_num_queries(5):
            client.get(f"/{code}/leaflet.pdf")
    assert printed == CODES
