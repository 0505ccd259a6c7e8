"""No member reaches another holder's case: every staff address, every step, every letter, every role."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from requests_app import permissions
from requests_app.actions import access, casework
from requests_app.models import Case, Membership
from requests_app.rules import references
from requests_app.web.staff import steps
from requests_app.web.staff.urls import cases as staff_urls
from tests.factories import log_in, make_letter_ready, make_member, make_received_case, make_register

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ROLES = ("viewer", "handler", "lead")
FORMS: dict[str, dict[str, str]] = {
    "receive": {"received_on": "1.1.2026", "basis": "post"},
    "correct-receipt": {"received_on": "1.1.2026", "reason": "r"},
    "acknowledge": {},
    "ask-identity": {"asked_on": "1.1.2026", "reason": "r"},
    "identity-received": {"received_on": "1.1.2026"},
    "extend": {"told_on": "1.1.2026", "reason": "r"},
    "answer": {"answered_on": "1.1.2026", "delivered_by": "post", "note": ""},
    "refuse": {"refused_on": "1.1.2026", "reason": "r", "grounds": "g"},
    "transfer": {"to": "omnia", "reason": "r"},
    "note": {"text": "n"},
    "assign": {"assignee": "1"},
    "reference": {"holder_reference": "x"},
}


@pytest.fixture(autouse=True)
def _register() -> Iterator[None]:
    make_register()
    yield
    cache.clear()


@pytest.fixture
def theirs() -> Case:
    """A case of Kela with a finished letter."""
    case = make_received_case("kela")
    for letter in case.letters.all():
        make_letter_ready(letter)
    return case


def addresses(case: Case) -> list[str]:
    """Return every staff address of one case."""
    home = f"/staff/case/{case.id}/"
    letters = [f"{home}letter/{letter.id}.pdf" for letter in case.letters.all()]
    return [home, *letters, *(f"{home}{slug}/" for slug in steps.STEPS)]


def untouched(case: Case) -> tuple[str, int, int, int]:
    case.refresh_from_db()
    return case.state, case.version, case.head_number, case.letters.count()


def security_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [
        record.msg for record in caplog.records if record.name == "security" and isinstance(record.msg, dict)
    ]


def test_the_walk_knows_every_address_of_a_case() -> None:
    """A new address below a case must be added to `addresses`, and a new one elsewhere looked at."""
    routes = {str(route.pattern) for route in staff_urls}
    assert routes == {
        "", "search/", "case/<uuid:case_id>/", "case/<uuid:case_id>/letter/<uuid:letter_id>.pdf",
        "case/<uuid:case_id>/<slug:step>/",
    }  # fmt: skip
    assert set(FORMS) == set(steps.STEPS)


@pytest.mark.parametrize("role", ROLES)
def test_another_holders_case_is_not_found_anywhere(
    client: Client, theirs: Case, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    outsider = make_member("omnia", role=role)
    log_in(client, outsider)
    before = untouched(theirs)
    for address in addresses(theirs):
        caplog.clear()
        assert client.get(address).status_code == 404, address
        (line,) = security_lines(caplog)
        assert (line["n_user"], line["n_case"]) == (outsider.user_id, str(theirs.id))
        assert "Amina" not in str(line)
    for slug, fields in FORMS.items():
        caplog.clear()
        sent = client.post(f"/staff/case/{theirs.id}/{slug}/", {"version": "2", **fields})
        assert sent.status_code == 404, slug
        assert security_lines(caplog)
    assert untouched(theirs) == before
    assert client.get("/staff/").context["rows"] == ()
    found = client.post("/staff/search/", {"q": references.show(theirs.filing.reference)})
    assert found.status_code == 404


def test_a_letter_is_not_found_by_way_of_an_own_case(client: Client, theirs: Case) -> None:
    member = make_member("omnia")
    own = make_received_case("omnia")
    log_in(client, member)
    letter = theirs.letters.get(kind="request")
    assert client.get(f"/staff/case/{own.id}/letter/{letter.id}.pdf").status_code == 404


def test_a_case_that_never_was_answers_alike(client: Client, theirs: Case) -> None:
    log_in(client, make_member("omnia"))
    nowhere = client.get(f"/staff/case/{uuid.uuid4()}/")
    elsewhere = client.get(f"/staff/case/{theirs.id}/")
    assert nowhere.status_code == elsewhere.status_code == 404
    # The links of the language menu and the token differ with the address and the moment; the words do not.
    assert len(nowhere.content) == len(elsewhere.content)


@pytest.mark.parametrize("factor", ["", "recovery_codes"])
def test_without_a_second_factor_there_is_never_a_case(client: Client, theirs: Case, factor: str) -> None:
    log_in(client, make_member("kela"), factor=factor)
    before = untouched(theirs)
    for address in addresses(theirs):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/staff/account/2fa/" in answer["Location"]
    for slug, fields in FORMS.items():
        assert client.post(f"/staff/case/{theirs.id}/{slug}/", {"version": "2", **fields}).status_code == 302
    assert untouched(theirs) == before


def test_without_a_membership_there_is_nothing(
    client: Client, theirs: Case, caplog: pytest.LogCaptureFixture
) -> None:
    member = make_member("kela")
    Membership.objects.filter(pk=member.pk).delete()
    log_in(client, member.user)
    for address in ["/staff/", "/staff/search/", *addresses(theirs)]:
        assert client.get(address).status_code == 404, address
    assert len(security_lines(caplog)) == len(addresses(theirs)) + 2


def test_an_operator_is_no_member(client: Client, theirs: Case) -> None:
    member = make_member("desk")
    user = member.user
    user.is_staff = user.is_superuser = True
    user.save()
    log_in(client, user)
    assert client.get(f"/staff/case/{theirs.id}/").status_code == 404
    assert not permissions.cases_of(user).filter(id=theirs.id).exists()


def test_a_viewer_looks_and_does_not_act(
    client: Client, theirs: Case, caplog: pytest.LogCaptureFixture
) -> None:
    viewer = make_member("kela", role="viewer")
    log_in(client, viewer)
    home = client.get(f"/staff/case/{theirs.id}/")
    assert home.status_code == 200
    assert (home.context["steps"], home.context["chores"]) == ((), ())
    letter = theirs.letters.get(kind="request")
    assert client.get(f"/staff/case/{theirs.id}/letter/{letter.id}.pdf").status_code == 200
    before = untouched(theirs)
    for slug, fields in FORMS.items():
        caplog.clear()
        assert client.get(f"/staff/case/{theirs.id}/{slug}/").status_code == 403
        sent = client.post(f"/staff/case/{theirs.id}/{slug}/", {"version": str(before[1]), **fields})
        assert sent.status_code == 403, slug
        assert {line["code"] for line in security_lines(caplog)} == {"role_may_not_act"}
    assert untouched(theirs) == before


def test_actions_refuse_what_the_pages_would_not_offer(theirs: Case) -> None:
    """Behind the pages the actions stand guard themselves."""
    outsider, viewer = make_member("omnia", role="lead"), make_member("kela", role="viewer")
    for by in (outsider, viewer):
        with pytest.raises(casework.Refused, match="not_allowed"):
            casework.note(theirs, by=by, text="n", version=theirs.version)
    from django.utils import timezone

    with pytest.raises(access.NoSuchCase):
        access.open_case(outsider.user, theirs.id, now=timezone.now())
    assert access.open_case(viewer.user, theirs.id, now=timezone.now()).membership == viewer


def test_a_member_of_two_holders_sees_both_and_no_third(client: Client, theirs: Case) -> None:
    member = make_member("kela")
    other = make_received_case("omnia")
    third = make_received_case("vero")
    Membership.objects.create(user=member.user, holder_id="omnia", role="viewer")
    log_in(client, member)
    assert {row.id for row in client.get("/staff/").context["rows"]} == {theirs.id, other.id}
    assert client.get(f"/staff/case/{third.id}/").status_code == 404
    # The role belongs to the holder: what she may do at Kela she may not do at Omnia.
    assert client.get(f"/staff/case/{theirs.id}/note/").status_code == 200
    assert client.get(f"/staff/case/{other.id}/note/").status_code == 403


def test_a_case_passed_on_is_no_longer_open_to_the_second_holders_past(client: Client, theirs: Case) -> None:
    kela, omnia = make_member("kela"), make_member("omnia")
    new = casework.transfer(theirs, by=kela, to="omnia", reason="theirs", version=theirs.version)
    log_in(client, omnia)
    assert client.get(f"/staff/case/{new.id}/").status_code == 200
    for address in addresses(theirs):
        assert client.get(address).status_code == 404


def test_every_staff_address_asks_for_a_login(client: Client) -> None:
    """Anonymous visitors get the login or a page of it, and never a page of the staff or the admin."""
    open_pages = ("/staff/account/login/", "/staff/account/signup/", "/staff/account/inactive/", "/staff/language/",
                  "/staff/account/2fa/webauthn/login/")  # fmt: skip
    seen = 0
    for route in walk(get_resolver().url_patterns, "/"):
        if not route.startswith("/staff/") or route in open_pages:
            continue
        seen += 1
        answer = client.get(route)
        assert answer.status_code in (302, 404), route
        if answer.status_code == 302:
            login = answer["Location"]
            assert login.startswith(("/staff/account/", "/staff/admin/")), route
    assert seen > 40


SAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "slug": "note",
    "int": "1",
    "path": "x",
    "str": "x",
}


def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    """Yield one sample address for each route below `prefix`; those of regular expressions are left out."""
    import re

    for pattern in patterns:
        route = str(pattern.pattern)
        if "(?P" in route or "^" in route:
            continue
        sample = re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES[match[1] or "str"], route)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + sample)
        else:
            yield prefix + sample
