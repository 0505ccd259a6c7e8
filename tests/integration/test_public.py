"""The public pages of the register and of the letters: who holds what, and is this letter one of ours."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pytest_django import DjangoAssertNumQueries

from portal.languages import BY_CODE, LANGUAGES
from requests_app.actions import lifecycle, pipeline
from requests_app.doors import places, vault
from requests_app.models import Attempt, Contact, Holder, Letter, Responsibility
from requests_app.reading.holders import who_holds_what
from requests_app.rules import references
from requests_app.rules.vocabulary import CATEGORIES, DESK, HOLDERS
from requests_app.web.public import forms, views
from requests_app.wording.routing import routing_text
from requests_app.wording.vocabulary import CATEGORY_NAMES
from tests.factories import ANSWERS, make_filing, make_register

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CODES = [language.code for language in LANGUAGES]
NOT_CONFIRMED = "not confirmed: check before you"


def words(response: Any) -> str:
    """Return the words of the main part of a page, its tags left out, its white space made single."""
    main = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "<main" + main)).split())


# ----------------------------------------------------------------------------------------------- who holds what


@pytest.fixture
def register() -> None:
    make_register()


def overview_page(client: Client, code: str = "en") -> str:
    response = client.get(f"/{code}/who-holds-what/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("code", CODES)
def test_every_category_and_every_holder_is_there(client: Client, code: str) -> None:
    html = overview_page(client, code)

    assert re.findall(r'<section id="category-(\w+)"', html) == list(CATEGORIES)
    assert re.findall(r'id="holder-(\w+)"', html) == list(HOLDERS)
    assert f'id="holder-{DESK}"' not in html
    linked = set(re.findall(r'href="#holder-(\w+)"', html))
    assert linked <= set(HOLDERS)
    assert {"kela", "omnia", "keha", "luvn", "migri", "vero", "incomes_register"} <= linked
    with translation.override(code):
        for category in CATEGORIES:
            assert str(CATEGORY_NAMES[category]) in unescape(html)
        for holder in Holder.objects.filter(is_desk=False):
            assert str(holder.name) in unescape(html)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("code", CODES)
def test_every_reason_of_today_is_told_and_none_of_before(client: Client, code: str) -> None:
    html = " ".join(unescape(overview_page(client, code)).split())
    today = lifecycle.today()

    with translation.override(code):
        for rule in Responsibility.objects.exclude(service="none").exclude(reason="own_client_register"):
            is_today = (not rule.asked_from or rule.asked_from <= today) and (
                not rule.asked_to or today <= rule.asked_to
            )
            if is_today:
                assert " ".join(routing_text(rule.reason).split()) in html, rule.reason
        assert routing_text("espoo_kept_until_2022") not in html
        assert routing_text("tick_services") not in html


@pytest.mark.usefixtures("register")
def test_a_category_tells_years_holder_and_reason() -> None:
    with translation.override("en"):
        overview = who_holds_what(on=lifecycle.today(), language="en")
    parts = {part.key: part for part in overview.categories}

    assert [
        (held.years, held.role, [place.key for place in held.places], held.is_confirmed)
        for held in parts["basic_assistance"].holdings
    ] == [
        ("until 2016", "Ask here:", ["luvn"], False),
        ("from 2017 on", "Ask here:", ["kela"], True),
        ("until 2016", "May be here, too:", ["espoo"], False),
    ]
    assert [
        (held.years, held.role, [place.key for place in held.places])
        for held in parts["labour_training"].holdings
    ] == [
        ("until 2024", "Ask here:", ["espoo_employment", "keha"]),
        ("from 2025 on", "Ask here:", ["espoo_employment"]),
        ("from 2025 on", "Also responsible:", ["keha"]),
    ]
    background = parts["background"].holdings[0]
    assert [place.key for place in background.places] == [
        *("kela", "vero", "espoo_employment", "omnia", "espoo", "luvn", "migri")
    ]
    assert all(place.service for place in background.places)
    assert parts["skills_centre"].holdings[-1].places == ()
    assert parts["rehabilitation"].holdings[1].only_with == "Social and health services"


@pytest.mark.usefixtures("register")
def test_it_is_told_as_of_the_day_of_asking() -> None:
    with translation.override("en"):
        before = who_holds_what(on=lifecycle.today(), language="en")
    Responsibility.objects.filter(category="medicine").update(
        loaded_on=lifecycle.today() - timedelta(days=300), retired_on=lifecycle.today() - timedelta(days=100)
    )
    Responsibility.objects.filter(category="tax").update(loaded_on=lifecycle.today() + timedelta(days=1))
    with translation.override("en"):
        after = who_holds_what(on=lifecycle.today(), language="en")

    gone = {part.key for part in before.categories} - {part.key for part in after.categories}
    assert gone == {"medicine", "tax"}


@pytest.mark.usefixtures("register")
def test_a_retired_holder_is_not_shown(client: Client) -> None:
    Holder.objects.filter(key="keha").update(retired_on=lifecycle.today())

    html = overview_page(client)

    assert "KEHA-keskus" not in html
    assert '"#holder-keha"' not in html


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("code", CODES)
def test_each_contact_tells_source_and_day_and_how_well_it_is_known(code: str) -> None:
    with translation.override(code):
        overview = who_holds_what(on=lifecycle.today(), language=code)
    stored = {(row.holder_id, row.kind, row.value): row for row in Contact.objects.all()}

    shown = 0
    for holder in overview.holders:
        kinds = {row.kind for row in Contact.objects.filter(holder=holder.key)}
        assert {line.kind for line in holder.contacts} == kinds
        for line in holder.contacts:
            value = (
                f"https://{line.value}" if (holder.key, line.kind, line.value) not in stored else line.value
            )
            row = stored[holder.key, line.kind, value]
            assert line.source_url == row.source_url
            assert line.checked_on == row.checked_on
            assert line.is_confirmed == (row.status == "confirmed")
            assert line.is_old == (row.review_on < date(2026, 11, 24))
            shown += 1
    assert shown >= 55


@pytest.mark.usefixtures("register")
def test_what_is_not_confirmed_says_so_and_nothing_else_does(client: Client) -> None:
    with translation.override("en"):
        overview = who_holds_what(on=lifecycle.today(), language="en")
    lines = [line for holder in overview.holders for line in holder.contacts]
    html = overview_page(client)

    assert html.count(NOT_CONFIRMED) == sum(not line.is_confirmed for line in lines) > 0
    assert html.count("check before you post") == sum(
        not line.is_confirmed and line.kind == "postal" for line in lines
    )
    Contact.objects.update(status="confirmed")
    assert NOT_CONFIRMED not in overview_page(client)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("fi", "PL 325, 00052 VERO"),
        ("sv", "PB 325, 00052 SKATT"),
        ("en", "PL 325, 00052 VERO"),
        ("ar", "PL 325, 00052 VERO"),
    ],
)
def test_an_address_is_in_the_reader_s_language_where_it_has_one(code: str, address: str) -> None:
    with translation.override(code):
        overview = who_holds_what(on=lifecycle.today(), language=code)
    vero = next(holder for holder in overview.holders if holder.key == "vero")

    assert [line.value for line in vero.contacts if line.kind == "postal"] == [address]


@pytest.mark.usefixtures("register")
def test_phones_and_addresses_run_left_to_right(client: Client) -> None:
    html = overview_page(client, "ar")

    for contact in Contact.objects.filter(kind__in=["phone", "email", "privacy_email"]):
        assert re.search(rf'<bdi dir="ltr"\s+translate="no"\s*>{re.escape(contact.value)}</bdi>', html), (
            contact.value
        )
    assert re.search(
        r'<bdi dir="ltr"\s+translate="no"\s+lang="fi">Nordenskiöldinkatu 12, Helsinki</bdi>', html
    )
    assert re.search(r'<bdi lang="fi">Kansaneläkelaitos \(Kela\)</bdi>', html)


@pytest.mark.usefixtures("register")
def test_the_register_s_page_may_be_kept_and_touches_no_session(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.cookies["session"] = "a" * 32
    with django_assert_num_queries(3):
        first = client.get("/fi/who-holds-what/")

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert not first.cookies
    assert not first.wsgi_request.session.accessed
    again = client.get("/fi/who-holds-what/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304

    day = lifecycle.today()
    for number in range(20):
        Contact.objects.create(
            holder_id="kela", kind="page", value=f"https://kela.fi/{number}", source_url="https://kela.fi",
            checked_on=day, review_on=day + timedelta(days=9), status="confirmed",
        )  # fmt: skip
    with django_assert_num_queries(3):
        assert "kela.fi/19" in overview_page(client, "fi")


def test_an_empty_register_has_a_page(client: Client) -> None:
    assert "Who holds what" in overview_page(client)


# ------------------------------------------------------------------------------------------------ is it ours?


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def letter() -> Letter:
    make_filing("kela")
    pipeline.drain()
    return Letter.objects.get(kind="request")


def pdf_of(letter: Letter) -> bytes:
    return vault.key_of(letter.case.filing_id).open(places.letter_pdf(letter.id), letter.pdf_sealed)


def send(
    client: Client, content: bytes, *, name: str = "letter.pdf", language: str = "en", **more: str
) -> Any:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(f"/{language}/verify/", {"file": file, **more})


def test_the_form_is_there_and_kept_by_nobody(client: Client) -> None:
    response = client.get("/en/verify/")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store, private"
    html = response.content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert 'name="csrfmiddlewaretoken"' in html


def test_a_letter_of_ours_is_known(client: Client, letter: Letter) -> None:
    response = send(client, pdf_of(letter))
    said = words(response)

    assert response.status_code == 200
    assert "Tietoni made this letter, and it has not been changed." in said
    with translation.override("en"):
        assert f"Made on: {date_format(lifecycle.today(), 'DATE_FORMAT')}" in said
    assert "Register holder: Social Insurance Institution of Finland (Kela)" in said
    assert 'class="notice success"' in response.content.decode()


def test_nobody_learns_whose_letter_it_is(client: Client, letter: Letter) -> None:
    for response in (send(client, pdf_of(letter)), client.get("/en/verify/", {"code": letter.code})):
        said = response.content.decode()
        for secret in (ANSWERS.full_name, "Testi", ANSWERS.email, letter.case.filing.reference):
            assert secret not in said


@pytest.mark.parametrize("code", CODES)
def test_the_answer_is_in_the_reader_s_language(client: Client, letter: Letter, code: str) -> None:
    said = words(send(client, pdf_of(letter), language=code))

    with translation.override(code):
        assert str(Holder.objects.get(key="kela").name) in said
        assert date_format(lifecycle.today(), "DATE_FORMAT") in said


@pytest.mark.parametrize("part", [3, 5, 7])
def test_a_changed_letter_is_found_out(client: Client, letter: Letter, part: int) -> None:
    pdf = bytearray(pdf_of(letter))
    place = pdf.index(b"stream", len(pdf) * part // 10) + 12
    pdf[place] ^= 1
    response = send(client, bytes(pdf))

    assert response.status_code == 200
    assert "This file carries the seal of Tietoni, but it has been changed." in words(response)
    assert 'class="notice error"' in response.content.decode()


def test_something_added_is_found_out(client: Client, letter: Letter) -> None:
    response = send(client, pdf_of(letter) + b"\n% something more\n")

    assert "Tietoni made this letter, and something was added to it afterwards." in words(response)
    assert 'class="notice warning"' in response.content.decode()


def test_a_pdf_of_somebody_else_is_not_ours(client: Client) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)

    response = send(client, out.getvalue())

    assert response.status_code == 200
    assert "Tietoni did not make this file, or its seal has been removed." in words(response)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"Hello", "This is not a PDF file."),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 5000, "This is not a PDF file."),
        (b"0" * 2000 + b"%PDF-1.7", "This is not a PDF file."),
        (b"%PDF-1.7 junk", "This is not a PDF file that can be read."),
        (b"%PDF-1.7\n" + b"0" * (forms.MAX_BYTES - 8), "This file is too large. It can have at most 5 MB."),
    ],
    ids=["empty", "text", "picture", "head too late", "junk", "too large"],
)
def test_what_is_no_letter_is_refused(client: Client, content: bytes, sentence: str) -> None:
    response = send(client, content)
    html = response.content.decode()

    assert response.status_code == 422
    assert sentence in words(response)
    assert re.search(r"<title>\s*Error:", html)
    assert 'href="#id_file"' in html
    assert 'aria-invalid="true"' in html


def test_a_body_over_the_limit_is_refused_unread(client: Client) -> None:
    assert send(client, b"%PDF-" + b"0" * settings.BODY_LIMIT_BYTES).status_code == 413


def test_nothing_given_is_refused(client: Client) -> None:
    response = client.post("/en/verify/", {})

    assert response.status_code == 422
    assert "Choose a file, or type the code of a letter." in words(response)


def test_a_code_is_known_however_it_is_typed(client: Client, letter: Letter) -> None:
    shown = references.show(letter.code)
    for typed in (letter.code, shown, shown.lower(), f"  {shown.replace('-', ' ')} "):
        for response in (
            client.post("/en/verify/", {"code": typed}),
            client.get("/en/verify/", {"code": typed}),
        ):
            assert response.status_code == 200
            assert "Tietoni made a letter with this code." in words(response)


def test_the_address_in_the_qr_code_says_it_at_once(client: Client, letter: Letter) -> None:
    response = client.get(f"/fi/verify/?code={references.show(letter.code)}")

    assert response.status_code == 200
    assert "Kansaneläkelaitos (Kela)" in words(response)
    assert f'value="{references.show(letter.code)}"' in response.content.decode()


def test_a_code_that_no_letter_has(client: Client) -> None:
    response = client.post("/en/verify/", {"code": references.new_code()})

    assert response.status_code == 200
    assert "Tietoni has no letter with this code." in words(response)
    assert "notice warning" in response.content.decode()


def test_a_letter_that_is_not_made_yet_has_no_code(client: Client) -> None:
    make_filing("kela")
    code = Letter.objects.filter(kind="request").get().code

    assert "Tietoni has no letter with this code." in words(client.post("/en/verify/", {"code": code}))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ABC", "A code has 16 letters and digits."),
        ("0" * 16, "A code has 16 letters and digits."),
        ("2222222222222223", "One character of the code is wrong"),
        ("x" * 101, "100"),
        ("\x00", "Null characters"),
        ("<script>alert(1)</script>", "A code has 16 letters and digits."),
    ],
)
def test_a_text_that_is_no_code_is_refused_and_kept(
    client: Client, method: str, typed: str, sentence: str
) -> None:
    response = getattr(client, method)("/en/verify/", {"code": typed})

    assert response.status_code == 422
    assert sentence in words(response)
    assert "<script>alert" not in response.content.decode()
    if typed.isalnum() and len(typed) < 20:
        assert f'value="{typed}"' in response.content.decode()


@given(typed=st.text(max_size=120))
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_code_gets_an_answer(client: Client, typed: str) -> None:
    Attempt.objects.all().delete()
    try:
        typed.encode()
    except UnicodeEncodeError:
        return  # No browser can send half of a surrogate pair.

    assert client.post("/ar/verify/", {"code": typed}).status_code in (200, 422)


@given(content=st.binary(max_size=300))
@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_gets_an_answer(client: Client, content: bytes) -> None:
    Attempt.objects.all().delete()

    assert send(client, b"%PDF-1.7\n" + content).status_code in (200, 422)


def test_a_file_goes_before_the_code_that_came_with_the_address(client: Client, letter: Letter) -> None:
    said = words(send(client, pdf_of(letter), code=references.show(letter.code)))

    assert "it has not been changed" in said


def test_a_form_from_elsewhere_is_refused(letter: Letter) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/en/verify/", {"code": letter.code}).status_code == 403


def test_one_address_may_not_check_for_ever(client: Client) -> None:
    for _ in range(views.MOST_CHECKS):
        assert client.get("/en/verify/", {"code": references.new_code()}).status_code == 200
    refused = client.get("/en/verify/", {"code": references.new_code()})

    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= views.WINDOW_SECONDS
    assert f'lang="{BY_CODE["en"].html}"' in refused.content.decode()
    other = client.get("/en/verify/", {"code": references.new_code()}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200
    assert client.get("/en/verify/").status_code == 200


def test_nothing_is_stored(client: Client, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("A temporary file was made.")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", forbidden)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", forbidden)
    monkeypatch.setattr(tempfile, "TemporaryFile", forbidden)

    def rows() -> dict[str, list[dict[str, Any]]]:
        models = [model for model in apps.get_app_config("requests_app").get_models() if model is not Attempt]
        return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}

    before = rows()
    assert send(client, pdf_of(letter)).status_code == 200
    assert send(client, b"%PDF-1.7\n" + b"0" * 4_900_000).status_code == 422
    assert rows() == before


def test_the_footer_leads_to_both_pages(client: Client) -> None:
    html = client.get("/en/verify/").content.decode()

    with translation.override("en"):
        assert f'href="{reverse("who-holds-what")}"' in html
        assert f'href="{reverse("verify")}"' in html
