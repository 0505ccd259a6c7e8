"""The staff's pages: who gets in, what the queue shows, what a case page shows, and that each reading is an event."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from requests_app.actions import access, audit, casework, lifecycle, retention
from requests_app.actions.chain import PERSON
from requests_app.models import Case, Event, Holder, Letter, Membership
from requests_app.reading import worklist
from requests_app.rules import references, states
from requests_app.rules.vocabulary import KINDS
from requests_app.wording import cases as words
from requests_app.wording import events
from tests.factories import (
    ANSWERS,
    PASSWORD,
    code_of,
    log_in,
    make_filing,
    make_letter_ready,
    make_member,
    make_received_case,
    make_register,
)

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
QUEUE = "/staff/"


@pytest.fixture(autouse=True)
def _register() -> Iterator[None]:
    make_register()
    yield
    # allauth counts attempts and used codes in the cache, which no transaction rolls back.
    cache.clear()


@pytest.fixture
def member() -> Membership:
    return make_member("kela")


@pytest.fixture
def staff(client: Client, member: Membership) -> Client:
    client.cookies["staff_language"] = "en"
    return log_in(client, member)


def text(response: Any) -> str:
    """Return the words of a page, without its markup."""
    body: str = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", body[body.index("<main") :]).split())


def address(case: Case, *more: str) -> str:
    return "/".join([f"/staff/case/{case.id}", *more, ""])


# ------------------------------------------------------------------------------------------------ the door


def test_nobody_gets_in_without_login(client: Client) -> None:
    answer = client.get(QUEUE)
    assert answer.status_code == 302
    assert answer["Location"] == "/staff/account/login/?next=%2Fstaff%2F"


def test_a_password_alone_opens_no_case(client: Client) -> None:
    case = make_received_case()
    log_in(client, make_member("kela"), factor="")
    for page in (QUEUE, address(case), address(case, "note")):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/staff/account/2fa/reauthenticate/")
    assert not case.events.filter(kind="opened").exists()


def test_a_member_without_a_second_factor_is_sent_to_set_one_up(client: Client) -> None:
    log_in(client, make_member("kela", second_factor=False), factor="")
    assert client.get(QUEUE)["Location"] == "/staff/account/2fa/"
    # A forged or old record of a factor that the member does not have helps nobody.
    log_in(client, make_member("kela", second_factor=False), factor="totp")
    assert client.get(QUEUE)["Location"] == "/staff/account/2fa/"


def test_a_factor_of_a_session_before_counts_for_nothing(client: Client, member: Membership) -> None:
    log_in(client, member)
    assert client.get(QUEUE).status_code == 200
    Authenticator.objects.filter(user=member.user).delete()
    assert client.get(QUEUE).status_code == 302


def test_a_recovery_code_opens_no_case(client: Client, member: Membership) -> None:
    RecoveryCodes.activate(member.user)
    log_in(client, member, factor="recovery_codes")
    assert client.get(QUEUE)["Location"] == "/staff/account/2fa/"


def test_a_closed_account_gets_out_at_once(client: Client, member: Membership) -> None:
    log_in(client, member)
    User.objects.filter(pk=member.user_id).update(is_active=False)
    assert client.get(QUEUE)["Location"].startswith("/staff/account/login/")


def test_the_login_asks_for_password_and_code(client: Client, member: Membership) -> None:
    login = client.post(
        "/staff/account/login/", {"login": member.user.username, "password": PASSWORD}, follow=True
    )
    assert login.redirect_chain[-1][0] == "/staff/account/2fa/authenticate/"
    assert client.get(QUEUE).status_code == 302
    wrong = client.post("/staff/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    done = client.post("/staff/account/2fa/authenticate/", {"code": code_of(member.user)})
    assert done["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


@pytest.mark.parametrize(("steps", "inside"), [(-3, False), (-1, True), (3, False)])
def test_a_code_is_good_while_it_is_typed_and_no_longer(
    client: Client, member: Membership, steps: int, inside: bool
) -> None:
    client.post("/staff/account/login/", {"login": member.user.username, "password": PASSWORD})
    time.sleep(1 if int(time.time()) % 30 == 29 else 0)
    client.post("/staff/account/2fa/authenticate/", {"code": code_of(member.user, steps=steps)})
    assert (client.get("/staff/").status_code == 200) is inside


def test_nobody_signs_up(client: Client) -> None:
    form = {"username": "me", "password1": PASSWORD, "password2": PASSWORD}
    assert client.get("/staff/account/signup/").status_code == 200
    client.post("/staff/account/signup/", form)
    assert not User.objects.filter(username="me").exists()


@pytest.mark.parametrize("path", ["password/reset/", "email/", "confirm-email/", "login/code/confirm/"])
def test_unused_ways_of_accounts_are_closed(client: Client, path: str) -> None:
    assert client.get(f"/staff/account/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/generate/", "2fa/webauthn/", "2fa/webauthn/add/",
             "password/change/", "logout/", "reauthenticate/", "2fa/reauthenticate/"]
)  # fmt: skip
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_account_pages_are_pages_of_ours(staff: Client, member: Membership, path: str, language: str) -> None:
    session = staff.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [*records, {**records[-1], "reauthenticated": True}]
    session.save()
    staff.cookies["staff_language"] = language
    answer = staff.get(f"/staff/account/{path}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()
    assert b"site-header" in answer.content


def test_a_new_second_factor_must_be_used_before_it_opens_the_queue(client: Client) -> None:
    member = make_member("kela", second_factor=False)
    client.post("/staff/account/login/", {"login": member.user.username, "password": PASSWORD})
    form = client.get("/staff/account/2fa/totp/activate/", follow=True)
    if form.redirect_chain:
        client.post(form.redirect_chain[-1][0], {"password": PASSWORD})
        form = client.get("/staff/account/2fa/totp/activate/")
    secret = form.context["form"].secret
    from allauth.mfa.totp.internal import auth as totp

    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    done = client.post("/staff/account/2fa/totp/activate/", {"code": code})
    assert done["Location"] == "/staff/account/2fa/recovery-codes/"
    assert client.get(done["Location"]).status_code == 200
    again = client.get(QUEUE)
    assert again["Location"].startswith("/staff/account/2fa/reauthenticate/")
    passed = client.post(again["Location"], {"code": code_of(member.user), "next": QUEUE})
    assert passed["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200


# --------------------------------------------------------------------------------------------------- admin


def make_operator(*, second_factor: bool = True) -> User:
    user = make_member("desk", second_factor=second_factor).user
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def test_the_admin_stands_behind_the_same_door(client: Client) -> None:
    assert client.get("/staff/admin/", follow=True).redirect_chain[-1][0].startswith("/staff/account/login/")
    log_in(client, make_operator(), factor="")
    assert "/2fa/reauthenticate/" in client.get("/staff/admin/", follow=True).redirect_chain[-1][0]
    log_in(client, make_operator())
    assert client.get("/staff/admin/").status_code == 200
    assert client.get("/staff/admin/login/")["Location"] == "/staff/admin/"


def test_a_member_who_is_no_operator_finds_no_admin(staff: Client) -> None:
    assert staff.get("/staff/admin/", follow=True).status_code == 404


def test_the_admin_knows_the_register_and_no_case(client: Client) -> None:
    log_in(client, make_operator())
    page = client.get("/staff/admin/").content.decode()
    for known in ("holder", "contact", "responsibility", "membership"):
        assert f"/staff/admin/requests_app/{known}/" in page
        assert client.get(f"/staff/admin/requests_app/{known}/").status_code == 200
    for hidden in (
        "filing",
        "case",
        "letter",
        "event",
        "pause",
        "notice",
        "datakey",
        "sealedsession",
        "attempt",
    ):
        assert f"/requests_app/{hidden}/" not in page
        assert client.get(f"/staff/admin/requests_app/{hidden}/").status_code == 404
    for path in ("auth/user/add/", "requests_app/holder/kela/change/", "mfa/authenticator/"):
        assert client.get(f"/staff/admin/{path}").status_code == 200
    assert client.get("/staff/admin/requests_app/responsibility/add/").status_code == 403
    assert client.post("/staff/admin/requests_app/holder/kela/delete/", {"post": "yes"}).status_code == 403


def test_an_editor_without_a_queue_is_led_to_the_admin(client: Client) -> None:
    member = make_member("desk")
    User.objects.filter(pk=member.user_id).update(is_staff=True)
    Membership.objects.filter(pk=member.pk).delete()
    log_in(client, User.objects.get(pk=member.user_id))
    assert client.get(QUEUE)["Location"] == "/staff/admin/"
    User.objects.get(pk=member.user_id).user_permissions.add(Permission.objects.get(codename="change_entry"))
    assert client.get(QUEUE)["Location"] == "/staff/admin/faq/entry/"
    User.objects.filter(pk=member.user_id).update(is_superuser=True)
    assert client.get(QUEUE)["Location"] == "/staff/admin/"


# --------------------------------------------------------------------------------------------------- queue


def test_the_queue_is_by_last_day_with_those_without_one_last(staff: Client) -> None:
    today = lifecycle.today()
    later = make_received_case(received_on=today)
    sooner = make_received_case(received_on=today - timedelta(days=20))
    filing, _ = make_filing("kela")
    rows = staff.get(QUEUE).context["rows"]
    assert [row.id for row in rows] == [sooner.id, later.id, filing.cases.get().id]


def test_the_queue_names_nobody(staff: Client) -> None:
    make_received_case()
    page = staff.get(QUEUE).content.decode()
    assert "Amina" not in page
    assert "amina@example.org" not in page
    assert "Testikatu" not in page


def test_the_queue_takes_as_many_queries_for_fifty_rows_as_for_ten(
    staff: Client, member: Membership, django_assert_num_queries: object
) -> None:
    queries = []
    for number in (10, 40):
        for _ in range(number):
            make_filing("kela")
        with django_assert_num_queries(2):  # type: ignore[operator]
            page = worklist.queue(member.user, filters=worklist.Filters(), page=1, today=lifecycle.today())
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as whole:
            staff.get(QUEUE)
        queries.append(len(whole))
    assert page.total == 50
    assert len(page.rows) == 50
    assert queries[0] == queries[1]


def test_pages_of_fifty_with_the_page_in_the_address(staff: Client) -> None:
    for _ in range(51):
        make_filing("kela")
    first = staff.get(QUEUE)
    assert len(first.context["rows"]) == 50
    assert '<a href="/staff/?page=2" rel="next">' in " ".join(first.content.decode().split())
    second = staff.get(QUEUE, {"page": "2"})
    assert len(second.context["rows"]) == 1
    for odd in ("99", "0", "-1", "x", "", "9" * 30, "²", "٢"):
        assert staff.get(QUEUE, {"page": odd}).status_code == 200


def at_work(member: Membership) -> dict[str, Case]:
    """Return one case for each ready view, by the view's name."""
    today = lifecycle.today()
    cases = {
        "mine": make_received_case(),
        "unassigned": make_received_case(),
        "late": make_received_case(received_on=today - timedelta(days=70)),
        "week": make_received_case(received_on=today - timedelta(days=25)),
        "identity": make_received_case(),
        "no-receipt": make_filing("kela")[0].cases.get(),
        "closed": make_received_case(),
    }
    casework.assign(cases["mine"], by=member, to=member, version=cases["mine"].version)
    casework.ask_identity(
        cases["identity"], by=member, asked_on=today, reason="doubt", version=cases["identity"].version
    )
    lifecycle.apply(cases["closed"].id, "withdraw", actor=PERSON)
    return cases


def test_ready_views(staff: Client, member: Membership) -> None:
    cases = at_work(member)

    def shown(**query: str) -> set[uuid.UUID]:
        return {row.id for row in staff.get(QUEUE, query).context["rows"]}

    everything = {case.id for case in cases.values()}
    assert shown() == everything - {cases["closed"].id}
    for view in ("mine", "week", "late", "identity", "no-receipt", "closed"):
        assert shown(view=view) == {cases[view].id}
    assert shown(view="unassigned") == everything - {cases["closed"].id, cases["mine"].id}
    assert shown(assignee="mine") == {cases["mine"].id}
    assert cases["mine"].id not in shown(assignee="none")
    assert shown(state="waiting_identity") == {cases["identity"].id}
    assert shown(view="closed", state="received") == set()
    assert shown(kind="access") == shown()
    assert shown(kind="erasure") == set()
    with_receipt = shown() - {cases["no-receipt"].id}
    assert shown(basis="portal") | shown(basis="post") == with_receipt
    assert shown(basis="in_person") == set()
    assert shown(view="nonsense", state="'; drop", assignee="x", kind="x", basis="desk") == shown()


def test_each_active_filter_can_be_taken_off(staff: Client) -> None:
    chips = staff.get(QUEUE, {"view": "mine", "state": "received", "assignee": "none"}).context["chips"]
    assert [chip["url"] for chip in chips] == [
        "/staff/?view=mine&assignee=none",
        "/staff/?view=mine&state=received",
    ]


def test_overdue_is_after_the_latest_day_and_not_on_it() -> None:
    today = lifecycle.today()

    def look(days: int) -> str:
        day = today + timedelta(days=days)
        return words.due_words(state="received", due=day, latest=day, today=today).look

    assert (look(-1), look(0), look(7), look(8)) == ("late", "soon", "soon", "")
    # Between `due` and `latest` (Christmas Eve) nothing is overdue.
    between = words.due_words(
        state="received", due=today - timedelta(days=1), latest=today + timedelta(days=1), today=today
    )
    assert between.look == "soon"


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda typed: typed.replace("-", " "), lambda typed: f"  {typed}\u200f "]
)
def test_a_reference_jumps_to_its_case(staff: Client, write: object) -> None:
    case = make_received_case()
    typed = write(references.show(case.filing.reference))  # type: ignore[operator]
    answer = staff.post("/staff/search/", {"q": typed})
    assert (answer.status_code, answer["Location"]) == (303, address(case))


@pytest.mark.parametrize("typed", ["Kela/12/2026", "KELA / 12 / 2026", "kela/12 -2026", "kela/1 2/2026"])
def test_a_diary_number_jumps_to_its_case(staff: Client, member: Membership, typed: str) -> None:
    case = make_received_case()
    casework.set_reference(case, by=member, holder_reference="Kela/12/2026", version=case.version)
    found = staff.post("/staff/search/", {"q": typed})
    if "-" in typed:
        assert found.status_code == 404
    else:
        assert found["Location"] == address(case)


def test_a_diary_number_of_two_cases_lists_both(staff: Client, member: Membership) -> None:
    for _ in range(2):
        case = make_received_case()
        casework.set_reference(case, by=member, holder_reference="ÄÖ 7/26", version=case.version)
    answer = staff.post("/staff/search/", {"q": "äö7/26"})
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 2


@pytest.mark.parametrize(
    ("typed", "status"),
    [("", 422), ("   ", 422), ("\u200f", 422), ("x" * 61, 422), ("26-ABCD-EF", 404), ("%", 404), ("\x00", 422),
     ("<script>", 404), ("\u202e" + "a", 404)],
)  # fmt: skip
def test_searching_for_nonsense(staff: Client, typed: str, status: int) -> None:
    make_received_case()
    answer = staff.post("/staff/search/", {"q": typed})
    assert answer.status_code == status
    assert b"error-summary" in answer.content


def test_a_search_stands_in_no_address(staff: Client) -> None:
    assert staff.get("/staff/search/", {"q": "26-7Q4M-2X"})["Location"] == QUEUE


# ---------------------------------------------------------------------------------------------------- case


def test_the_case_page_shows_what_a_handler_needs(staff: Client) -> None:
    case = make_received_case(received_on=lifecycle.today())
    page = text(staff.get(address(case)))
    for shown in (
        references.show(case.filing.reference), "Amina Testi", "Testikatu 1 A 2", "02600 Espoo", "amina@example.org",
        "+358401234567", "Benefits", "The Skills Centre for Immigrants", "all years", "+ 1 month",
        "Not given here", "day", "left", "Opened the case.",
    ):  # fmt: skip
        assert shown in page, shown


def test_the_identity_code_stands_on_the_letter_alone(staff: Client) -> None:
    from dataclasses import replace

    case = make_received_case(answers=replace(ANSWERS, identity_code="010594Y9032"))
    page = text(staff.get(address(case)))
    assert "Given; it is on the letter." in page
    assert "9032" not in page


def test_the_case_page_does_not_tell_the_persons_language(staff: Client) -> None:
    """It would tell where somebody comes from (facts/holders.md, "Languages of the authorities")."""
    from dataclasses import replace

    case = make_received_case(answers=replace(ANSWERS, language="ckb"))
    main = staff.get(address(case)).content.decode().split("<main", 1)[1]
    assert "ckb" not in main
    assert "کوردی" not in main


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_case_page_speaks_the_languages_of_staff(staff: Client, language: str) -> None:
    staff.cookies["staff_language"] = language
    answer = staff.get(address(make_received_case()))
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_what_a_person_typed_does_nothing(staff: Client, member: Membership) -> None:
    from dataclasses import replace

    case = make_received_case(answers=replace(ANSWERS, full_name="<script>alert(1)</script>\u202egnp"))
    casework.note(case, by=member, text="<img src=x onerror=alert(1)>", version=case.version)
    page = staff.get(address(case)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<bdi>&lt;script&gt;" in page


def test_opening_is_an_event_that_comes_first_and_once_in_fifteen_minutes(
    staff: Client, member: Membership
) -> None:
    case = make_received_case()
    staff.get(address(case))
    staff.get(address(case))
    staff.get(address(case, "note"))
    opened = case.events.filter(kind="opened")
    event = opened.get()
    assert (event.member_id, event.role, event.holder_key) == (member.user_id, "handler", "kela")
    access.open_case(member.user, case.id, now=timezone.now() + timedelta(minutes=16))
    assert opened.count() == 2
    other = make_member("kela", role="viewer")
    access.open_case(other.user, case.id, now=timezone.now())
    assert opened.count() == 3
    assert not list(audit.verify())


def test_nothing_is_shown_when_the_opening_cannot_be_written(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_received_case()

    def full(*args: object, **kwargs: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(lifecycle, "record", full)
    for page in (address(case), address(case, "answer")):
        answer = staff.get(page)
        assert answer.status_code == 503
        assert b"Amina" not in answer.content


def test_nothing_is_downloaded_when_it_cannot_be_written(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_received_case()
    letter = make_letter_ready(case.letters.get(kind="request"))

    def full(*args: object, **kwargs: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(lifecycle, "record", full)
    answer = staff.get(reverse("staff:letter", args=[case.id, letter.id]))
    assert answer.status_code == 503
    assert b"%PDF" not in answer.content


def test_a_download_is_an_event_and_its_name_names_nobody(staff: Client, member: Membership) -> None:
    case = make_received_case()
    letter = make_letter_ready(case.letters.get(kind="request"), pdf=b"%PDF-1.7 the letter")
    answer = staff.get(reverse("staff:letter", args=[case.id, letter.id]))
    assert answer.content == b"%PDF-1.7 the letter"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store, private"
    reference = references.show(case.filing.reference)
    assert answer["Content-Disposition"] == f'attachment; filename="tietoni-{reference}-request.pdf"'
    assert case.events.get(kind="downloaded").member_id == member.user_id


def test_the_reading_copy_is_not_for_staff(staff: Client) -> None:
    case = make_received_case()
    copy = make_letter_ready(case.letters.get(kind="reading_copy"))
    assert staff.get(reverse("staff:letter", args=[case.id, copy.id])).status_code == 404
    assert str(copy.id) not in staff.get(address(case)).content.decode()


def test_a_letter_that_is_not_ready_is_not_sent(staff: Client) -> None:
    case = make_received_case()
    letter = case.letters.get(kind="request")
    assert staff.get(reverse("staff:letter", args=[case.id, letter.id])).status_code == 404


def test_a_purged_case_is_gone(staff: Client) -> None:
    case = make_received_case()
    lifecycle.apply(case.id, "withdraw", actor=PERSON)
    retention.purge(case.filing_id)
    assert staff.get(address(case)).status_code == 404
    assert staff.get(QUEUE, {"view": "closed"}).context["rows"] == ()


# --------------------------------------------------------------------------------------------------- words


def test_every_kind_of_event_has_words() -> None:
    assert set(states.MOVES) | {"filed", "transferred_in", "opened", "downloaded"} == events.KINDS
    assert set(events._PERSON) == events.KINDS


def test_every_state_kind_and_view_has_words() -> None:
    assert set(words.STATE_NAMES) == set(words.STATE_TAGS) == set(states.STATES)
    assert set(words.KIND_NAMES) == set(KINDS)
    assert set(words.VIEW_NAMES) == set(worklist.VIEWS)
    assert set(words.ROLE_NAMES) == set(Membership.Role.values)
    assert set(words.LETTER_STATE_NAMES) == set(Letter.State.values)


def test_the_person_sees_neither_notes_nor_names(member: Membership) -> None:
    User.objects.filter(pk=member.user_id).update(first_name="Virpi", last_name="Virkailija")
    case = make_received_case()
    now = timezone.now()
    access.open_case(member.user, case.id, now=now)
    case = casework.assign(case, by=member, to=member, version=case.version)
    case = casework.note(case, by=member, text="Very secret", version=case.version)
    case = casework.set_reference(case, by=member, holder_reference="K 1/26", version=case.version)
    case = casework.extend(
        case, by=member, told_on=lifecycle.today(), reason="Many files", version=case.version
    )
    from requests_app.doors import vault
    from requests_app.reading import happenings

    with translation.override("en"):
        opened_by = f"Opened in Tietoni by: handler, {member.holder}."
        told = happenings.of_case(case, key=vault.key_of(case.filing_id), named=True)
        lines = [line for event in told if (line := events.for_person(event))]
        whole = " ".join(f"{line.text} {line.quotes}" for line in lines)
        staffs = " ".join(f"{events.for_staff(event)} {events.who(event)}" for event in told)
    assert "Secret" not in whole
    assert "secret" not in whole
    assert "Virpi" not in whole
    assert opened_by in whole
    assert "K 1/26" in whole
    assert "Many files" in whole
    assert "Virpi Virkailija" in staffs
    assert "Very secret" in staffs


def test_the_queue_page_stays_light(staff: Client) -> None:
    import gzip

    for _ in range(50):
        make_filing("kela")
    assert len(gzip.compress(staff.get(QUEUE).content)) <= 20_000


def test_the_policy_of_content_allows_no_inline_script(staff: Client) -> None:
    answer = staff.get("/staff/account/2fa/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_the_desk_has_a_queue_of_its_own(client: Client) -> None:
    assert Holder.objects.get(is_desk=True).key == "desk"
    case = make_received_case("desk")
    log_in(client, make_member("desk"))
    assert client.get(address(case)).status_code == 200
    assert Event.objects.filter(case=case, kind="opened", holder_key="desk").exists()
    assert settings.LOGIN_REDIRECT_URL == QUEUE
