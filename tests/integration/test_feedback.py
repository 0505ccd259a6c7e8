"""Feedback in the browser's eyes: the form that anybody can send, and the desk's pages, which nobody else sees."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.languages import LANGUAGES
from requests_app.actions import feedback
from requests_app.actions.feedback import Message
from requests_app.actions.lifecycle import today
from requests_app.models import Attempt, Feedback, Membership
from requests_app.reading import feedback as reading
from requests_app.web.feedback import about, forms, views
from requests_app.web.staff.urls import feedback as desk_urls
from tests.factories import log_in, make_member, make_register

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

HOST = "testserver"
FORM = "/en/feedback/"
KNOWN_ID = "00000000-0000-4000-8000-000000000000"
SAID = {"topic": "mistake", "text": "Line one\r\nline two", "email": "", "page": ""}


@pytest.fixture(autouse=True)
def _register() -> Iterator[None]:
    make_register()
    yield
    # allauth counts attempts and used codes in the cache, which no transaction rolls back.
    cache.clear()


@pytest.fixture
def clerk() -> Membership:
    return make_member("desk")


def words(response: Any) -> str:
    """Return the words of the main part of a page, its tags left out, its white space made single."""
    main = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "<main" + main)).split())


def send(client: Client, address: str = FORM, **changed: str) -> Any:
    return client.post(address, {**SAID, **changed})


def only(clerk: Membership) -> reading.OpenedFeedback:
    """Return the one message that there is."""
    return reading.opened(clerk.user, Feedback.objects.get().id, today=today())


def value_of(response: Any, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"(?:[^>]*? value="([^"]*)")?', response.content.decode())
    assert found, name
    return unescape(found[1] or "")


# ---------------------------------------------------------------------------------------------------- the form


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_feedback_reaches_the_desk_from_every_language(
    client: Client, clerk: Membership, language: str
) -> None:
    asked = client.get(f"/{language}/feedback/")
    assert asked.status_code == 200
    assert asked.headers["Cache-Control"] == "no-store, private"
    assert "session" not in asked.cookies
    assert len(gzip.compress(asked.content)) <= 12_000
    sent = send(client, f"/{language}/feedback/", token=value_of(asked, "token"))
    assert (sent.status_code, sent["Location"]) == (303, f"/{language}/feedback/thanks/")
    assert "session" not in client.cookies
    thanked = client.get(sent["Location"])
    assert "14" in words(thanked)
    assert f'href="/{language}/request/"' in thanked.content.decode()
    found = only(clerk)
    assert (found.text, found.feedback.language) == ("Line one\nline two", language)


def test_the_footer_of_every_kind_of_page_leads_there(client: Client) -> None:
    for page in ("/fi/", "/fi/privacy/", "/fi/request/kind/", "/fi/track/", "/fi/feedback/", "/fi/nowhere/"):
        footer = client.get(page).content.decode().split('<footer class="site-footer">')[1]
        assert 'href="/fi/feedback/"' in footer, page


def test_thanks_say_what_is_true(client: Client) -> None:
    said = words(client.get("/en/feedback/thanks/"))
    for part in ("service desk of the study reads it", "within 14 days", "no request for your data"):
        assert part in said


def test_a_reload_or_a_double_click_sends_it_once(client: Client, clerk: Membership) -> None:
    token = value_of(client.get(FORM), "token")
    assert send(client, token=token)["Location"] == send(client, token=token)["Location"]
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", KNOWN_ID, f"{KNOWN_ID}:1abcde:forged", "\x00"])
def test_nobody_chooses_the_id_of_a_message(client: Client, clerk: Membership, token: str) -> None:
    answer = send(client, token=token)
    if token != "\x00":
        assert answer.status_code == 303
        assert str(Feedback.objects.get().id) not in token
    else:
        assert answer.status_code == 422


def test_an_old_token_is_worth_nothing(
    client: Client, clerk: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = value_of(client.get(FORM), "token")
    monkeypatch.setattr(forms, "TOKEN_SECONDS", -1)
    send(client, token=token)
    send(client, token=token)
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"topic": ""}, "id_topic_0", "Choose one of the options."),
        ({"topic": "praise"}, "id_topic_0", "Choose one of the options."),
        ({"text": " \r\n\t "}, "id_text", "Write what you want to tell us."),
        ({"text": "\x00\x07"}, "id_text", "Write what you want to tell us."),
        ({"text": "x" * 4001}, "id_text", "Write at most 4000 characters."),
        ({"email": "not an address"}, "id_email", "Write the e-mail address like this: name@example.com"),
        ({"email": "a@b.fi" * 60}, "id_email", "Write"),
        ({"page": "https://elsewhere.example/fi/"}, "id_page", "This is not the address of a page"),
        ({"page": "/fi/request/check/"}, "id_page", "This is not the address of a page"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_is_kept(
    client: Client, clerk: Membership, changed: dict[str, str], field: str, sentence: str
) -> None:
    answer = send(client, **changed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'href="#{field}"' in html
    assert re.search(r"<title>\s*Error:", html)
    if "text" not in changed:
        assert "Line one" in html
    assert not Feedback.objects.exists()


def test_a_very_long_text_is_an_error_and_a_bearable_page(client: Client, clerk: Membership) -> None:
    answer = send(client, text="x" * 300_000, page="y" * 300_000)
    assert answer.status_code == 422
    assert len(answer.content) < 40_000


def test_lines_are_kept_and_control_characters_are_not(client: Client, clerk: Membership) -> None:
    send(client, text="a\x00b\x1b[31m\r\nc\td\x85", email=" me@example.org ")
    found = only(clerk)
    assert found.text == "ab[31m\nc\td"
    assert found.email == "me@example.org"


def test_what_is_typed_is_shown_as_text(client: Client, clerk: Membership) -> None:
    evil = "<script>alert(1)</script>"
    assert evil not in send(client, text=evil, topic="").content.decode()
    send(client, text=evil)
    log_in(client, clerk)
    page = client.get(f"/staff/feedback/{Feedback.objects.get().id}/").content.decode()
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


@given(text=st.text(max_size=300), email=st.text(max_size=40), page=st.text(max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_typed_gets_an_answer(
    client: Client, clerk: Membership, text: str, email: str, page: str
) -> None:
    Attempt.objects.all().delete()
    try:
        f"{text}{email}{page}".encode()
    except UnicodeEncodeError:
        return  # No browser can send half of a surrogate pair.
    assert send(client, text=text, email=email, page=page).status_code in (303, 422)


def test_a_form_from_elsewhere_is_refused(clerk: Membership) -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 403
    assert not Feedback.objects.exists()


def test_one_address_may_not_write_for_ever(client: Client, clerk: Membership) -> None:
    for _ in range(views.MOST):
        assert send(client).status_code == 303
    refused = send(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= views.WINDOW_SECONDS
    assert client.post(FORM, SAID, REMOTE_ADDR="192.0.2.7").status_code == 303
    assert client.get(FORM).status_code == 200


def test_a_body_over_the_limit_is_refused_unread(client: Client, clerk: Membership) -> None:
    body = "topic=other&text=" + "x" * 1_000_001
    answer = client.post(FORM, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


@pytest.mark.parametrize("who", ["nobody", "viewer", "resting", "elsewhere"])
def test_where_nobody_would_read_it_nothing_is_taken(client: Client, who: str) -> None:
    if who == "viewer":
        make_member("desk", role="viewer")
    elif who == "resting":
        user = make_member("desk").user
        user.is_active = False
        user.save()
    elif who == "elsewhere":
        make_member("kela")
    asked = client.get(FORM)
    assert asked.status_code == 200
    assert "Nobody works at the service desk" in words(asked)
    assert "<form" not in asked.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert send(client).status_code == 503
    assert not Feedback.objects.exists()


# ------------------------------------------------------------------------------------------------- which page


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/fi/", "/fi/"),
        ("/ar/faq/11-see-my-data/", "/ar/faq/11-see-my-data/"),
        ("/sv/verify/?code=ABCD", "/sv/verify/"),
        (f"http://{HOST}/en/privacy/#x", "/en/privacy/"),
        (f"https://{HOST}/en/who-holds-what/", "/en/who-holds-what/"),
        ("", ""),
        ("/", ""),
        ("/xx/", ""),
        ("/fi/nowhere/", ""),
        ("/fi/feedback/", ""),
        ("/fi/request/", ""),
        ("/fi/request/about-you/", ""),
        ("/fi/track/", ""),
        (f"/fi/track/filing/{KNOWN_ID}/", ""),
        ("/staff/", ""),
        ("//elsewhere.example/fi/", ""),
        ("https://elsewhere.example/fi/", ""),
        ("javascript:alert(1)", ""),
        ("http://[/fi/", ""),
        (f"/fi/faq/{'x' * 300}/", ""),
    ],
)
def test_only_the_path_of_a_public_page_is_kept(rf: RequestFactory, address: str, path: str) -> None:
    assert about.public_path(address, host=HOST) == path
    assert about.asked_page(rf.get(FORM, headers={"referer": address})) == path
    assert about.asked_page(rf.get(FORM, {"page": address})) == path


def _routes(
    patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Yield namespace and name of every address of the portal."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _routes(pattern.url_patterns, inner)
        else:
            yield ":".join(spaces), pattern.name or ""


def test_the_pages_of_a_person_are_never_kept() -> None:
    found = set(_routes(get_resolver().url_patterns))
    assert {"wizard", "tracking", "staff", "desk", "admin"} <= {space for space, _ in found}
    kept = {
        space for space, name in found if space in about.NAMESPACES or (not space and name in about.NAMES)
    }
    assert kept == {"pages", "faq", ""}
    assert {name for space, name in found if not space} >= about.NAMES


def test_the_page_comes_from_the_address_or_from_where_the_reader_was(
    client: Client, clerk: Membership
) -> None:
    came = client.get(FORM, headers={"referer": f"http://{HOST}/fi/faq/?x=Amina"})
    assert value_of(came, "page") == "/fi/faq/"
    named = client.get(FORM, {"page": "/sv/"}, headers={"referer": f"http://{HOST}/fi/faq/"})
    assert value_of(named, "page") == "/sv/"
    send(client, page=value_of(named, "page"))
    assert only(clerk).page == "/sv/"


# --------------------------------------------------------------------------------------------------- the desk


def given_feedback(**changed: str) -> Feedback:
    facts = {"topic": "mistake", "text": "Kirjosieppo", "language": "fi", "email": "lintu@example.org"}
    return feedback.give(Message(**{**facts, **changed}), feedback_id=uuid.uuid4())


def security_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [
        record.msg for record in caplog.records if record.name == "security" and isinstance(record.msg, dict)
    ]


@pytest.fixture
def desk(client: Client, clerk: Membership) -> Client:
    client.cookies["staff_language"] = "en"
    return log_in(client, clerk)


def test_the_list_has_the_most_urgent_first_and_no_word_of_the_text(desk: Client) -> None:
    later, sooner = given_feedback(), given_feedback(topic="accessibility", email="", language="ar")
    Feedback.objects.filter(id=sooner.id).update(due_on=today() - timedelta(days=1))
    page = desk.get("/staff/feedback/")
    assert [row.id for row in page.context["page"].rows] == [sooner.id, later.id]
    said = words(page)
    assert "1 day late" in said
    assert "14 days left" in said
    assert "Kirjosieppo" not in page.content.decode()
    assert "lintu@example.org" not in page.content.decode()
    assert 'href="/staff/feedback/"' in desk.get("/staff/").content.decode()


@pytest.mark.parametrize(
    "query", ["?state=lost", "?state=%00", "?page=0", "?page=99999", "?page=-1", "?page=x"]
)
def test_a_strange_address_shows_the_list(desk: Client, query: str) -> None:
    row = given_feedback()
    page = desk.get(f"/staff/feedback/{query}")
    assert [shown.id for shown in page.context["page"].rows] == [row.id]


def test_fifty_on_a_page_and_no_more_queries_for_more(desk: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for wanted in (2, 51):
        while Feedback.objects.count() < wanted:
            given_feedback()
        with CaptureQueriesContext(connection) as queries:
            page = desk.get("/staff/feedback/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(page.context["page"].rows) == 50
    second = desk.get(page.context["next_url"])
    assert len(second.context["page"].rows) == 1
    assert second.context["previous_url"] == "/staff/feedback/"


def test_opening_shows_the_text_and_leaves_a_line_without_it(
    desk: Client, clerk: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    row = given_feedback(page="/fi/faq/")
    page = desk.get(f"/staff/feedback/{row.id}/")
    assert page.headers["Cache-Control"] == "no-store, private"
    said = words(page)
    for part in ("Kirjosieppo", "lintu@example.org", "/fi/faq/", "Suomi"):
        assert part in said
    (line,) = security_lines(caplog)
    assert (line["code"], line["n_user"], line["n_feedback"]) == (
        "feedback_opened",
        clerk.user_id,
        str(row.id),
    )
    assert "Kirjosieppo" not in caplog.text


def test_the_desk_answers_and_closes_it(desk: Client, clerk: Membership) -> None:
    row = given_feedback()
    address = f"/staff/feedback/{row.id}/"
    done = desk.post(address, {"version": "1", "state": "answered", "note": "Vastattu\r\nsuomeksi"})
    assert (done.status_code, done["Location"]) == (303, "/staff/feedback/")
    assert "Done: Answered." in words(desk.get(done["Location"]))
    assert desk.get("/staff/feedback/").context["page"].rows == ()
    (listed,) = desk.get("/staff/feedback/?state=answered").context["page"].rows
    assert (listed.id, listed.due.text) == (row.id, "")
    assert "Vastattu" in words(desk.get(address))
    desk.post(address, {"version": "2", "state": "closed", "note": "Vastattu"})
    page = desk.get(address)
    assert '<form method="post" novalidate' not in page.content.decode()
    assert clerk.user.get_username() in words(page)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"version": "1", "state": ""}, 422),
        ({"version": "1", "state": "new"}, 422),
        ({"version": "1", "state": "closed", "note": "x" * 4001}, 422),
        ({"version": "2", "state": "closed"}, 409),
        ({"version": "x", "state": "closed"}, 409),
        ({"state": "closed"}, 409),
        ({}, 409),
    ],
)
def test_a_wrong_or_late_form_changes_nothing(desk: Client, fields: dict[str, str], status: int) -> None:
    row = given_feedback()
    assert desk.post(f"/staff/feedback/{row.id}/", fields).status_code == status
    row.refresh_from_db()
    assert (row.state, row.version) == ("new", 1)


def test_a_viewer_of_the_desk_looks_and_does_not_act(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    row = given_feedback()
    log_in(client, make_member("desk", role="viewer"))
    page = client.get(f"/staff/feedback/{row.id}/")
    assert page.status_code == 200
    assert page.context["form"] is None
    caplog.clear()
    sent = client.post(f"/staff/feedback/{row.id}/", {"version": "1", "state": "closed"})
    assert sent.status_code == 403
    assert "role_may_not_act" in {line["code"] for line in security_lines(caplog)}
    row.refresh_from_db()
    assert row.state == "new"


# --------------------------------------------------------------------------------------------------- isolation


def addresses(row: Feedback) -> list[str]:
    """Return every address below which feedback is shown."""
    return ["/staff/feedback/", f"/staff/feedback/{row.id}/"]


def test_the_walk_knows_every_address_of_feedback() -> None:
    assert {str(route.pattern) for route in desk_urls} == {"", "<uuid:feedback_id>/"}


@pytest.mark.parametrize("role", ["viewer", "handler", "lead"])
def test_staff_of_other_holders_find_nothing(
    client: Client, clerk: Membership, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = given_feedback()
    outsider = make_member("kela", role=role)
    log_in(client, outsider)
    for address in addresses(row):
        for ask in (client.get, client.post):
            caplog.clear()
            answer = ask(address, {"version": "1", "state": "closed"})
            # The list takes no form from anybody, and says so to everybody.
            if answer.status_code == 405:
                assert (address, ask) == ("/staff/feedback/", client.post)
                continue
            assert answer.status_code == 404, address
            (line,) = security_lines(caplog)
            assert (line["code"], line["n_user"]) == ("not_at_the_desk", outsider.user_id)
            assert line.get("n_feedback") == (str(row.id) if str(row.id) in address else None)
            assert "Kirjosieppo" not in str(line)
    row.refresh_from_db()
    assert row.state == "new"
    assert 'href="/staff/feedback/"' not in client.get("/staff/").content.decode()


def test_an_operator_is_no_member_of_the_desk(client: Client, clerk: Membership) -> None:
    row = given_feedback()
    member = make_member("omnia")
    member.user.is_staff = member.user.is_superuser = True
    member.user.save()
    log_in(client, member)
    for address in addresses(row):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("factor", ["", "recovery_codes"])
def test_without_a_second_factor_there_is_nothing(client: Client, clerk: Membership, factor: str) -> None:
    row = given_feedback()
    log_in(client, clerk, factor=factor)
    for address in addresses(row):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/staff/account/2fa/" in answer["Location"]


def test_without_a_login_there_is_nothing(client: Client) -> None:
    for address in addresses(given_feedback()):
        assert client.get(address)["Location"].startswith("/staff/account/login/")


def test_a_message_that_never_was_and_a_purged_one_answer_alike(
    desk: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from requests_app.doors import vault

    row = given_feedback()
    vault.destroy_feedback_key(row.id)
    for gone in (row.id, uuid.uuid4()):
        assert desk.get(f"/staff/feedback/{gone}/").status_code == 404
    assert {line["code"] for line in security_lines(caplog)} == {"no_such_feedback"}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_desk_reads_in_the_languages_of_the_staff(desk: Client, language: str) -> None:
    row = given_feedback()
    desk.cookies["staff_language"] = language
    page = desk.get(f"/staff/feedback/{row.id}/")
    assert f'<html lang="{language}"' in page.content.decode()
    with translation.override(language):
        assert reading.opened(
            Membership.objects.get(holder__is_desk=True).user, row.id, today=today()
        ).row.topic in words(page)
