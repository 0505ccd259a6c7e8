"""Whatever is typed into a form of the staff, the answer is a page, and the case is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app.models import Case, Membership
from requests_app.web.staff import steps
from tests.factories import (
    log_in,
    make_filing,
    make_letter_ready,
    make_member,
    make_received_case,
    make_register,
)
from tests.integration.test_isolation import FORMS
from tests.integration.test_wizard_bad_input import TYPED

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LATELY = settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
NAMES = sorted(
    {name for fields in FORMS.values() for name in fields} | {"next", "csrfmiddlewaretoken", "case"}
)


@pytest.fixture(autouse=True)
def _register() -> Iterator[None]:
    make_register()
    yield
    cache.clear()


@pytest.fixture
def member() -> Membership:
    return make_member("kela")


@pytest.fixture
def staff(client: Client, member: Membership) -> Client:
    client.cookies["staff_language"] = "sv"
    return log_in(client, member)


@pytest.mark.parametrize("slug", sorted(steps.STEPS))
@LATELY
@given(
    posted=st.dictionaries(st.sampled_from(NAMES), st.one_of(TYPED, st.lists(TYPED, max_size=3))),
    version=st.one_of(st.none(), TYPED),
)
def test_each_step_takes_it_whole_or_not_at_all(
    slug: str, posted: dict[str, Any], version: str | None, staff: Client
) -> None:
    case = make_received_case() if slug != "receive" else make_filing("kela")[0].cases.get()
    if slug == "transfer":
        make_letter_ready(case.letters.get(kind="request"))
    before = (case.state, case.version, case.head_number)
    data = {**FORMS[slug], **posted, "version": str(case.version) if version is None else version}
    answer = staff.post(f"/staff/case/{case.id}/{slug}/", data)
    assert answer.status_code in (303, 409, 422), answer.status_code
    case.refresh_from_db()
    if answer.status_code == 303:
        assert (case.version, case.head_number) > before[1:]
    else:
        # Opening the case to show the form again is an event, and changes nothing else.
        assert (case.state, case.version) == before[:2]
        assert "\x00" not in answer.content.decode()
    assert staff.get(f"/staff/case/{case.id}/").status_code == 200


@LATELY
@given(typed=st.one_of(TYPED, st.lists(TYPED, max_size=3)))
def test_any_search_is_answered(typed: Any, staff: Client) -> None:
    make_received_case()
    assert staff.post("/staff/search/", {"q": typed}).status_code in (200, 302, 303, 404, 422)


@LATELY
@given(
    query=st.dictionaries(
        st.sampled_from(["view", "state", "assignee", "page", "sort", "x"]), TYPED, max_size=4
    )
)
def test_any_address_of_the_queue_is_answered(query: dict[str, str], staff: Client) -> None:
    assert staff.get("/staff/", query).status_code in (200, 302, 303, 404)


def test_the_chains_are_whole_afterwards(staff: Client) -> None:
    case: Case = make_received_case()
    for slug in sorted(steps.STEPS):
        staff.post(f"/staff/case/{case.id}/{slug}/", {**FORMS[slug], "version": "999"})
    call_command("audit_verify")
