"""Send pressed in the same moment, by threads on a real database: one filing, one receipt."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from requests_app.models import Case, DataKey, Filing, Letter, SealedSession
from tests.factories import make_register
from tests.integration.wizard_visitor import Visitor, data_of, hidden

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 6


@pytest.fixture(autouse=True)
def _register(db: None) -> None:
    make_register()


def same_browser(me: Visitor) -> Visitor:
    """Return another window of the same browser."""
    client = Client()
    client.cookies["session"] = me.client.cookies["session"].value
    return Visitor(me.language, client)


def press(windows: list[Visitor], fields: dict[str, str]) -> list[int]:
    """Press Send in all windows at once; returns the status of each answer."""
    together = threading.Barrier(len(windows))

    def one(window: Visitor) -> int:
        try:
            together.wait(timeout=30)
            return window.post("check", fields).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(windows)) as pool:
        return list(pool.map(one, windows))


@pytest.mark.parametrize(
    "looked", [True, False], ids=["after the check page", "straight from the last question"]
)
def test_send_pressed_at_once_makes_one_filing(looked: bool) -> None:
    me = Visitor()
    if looked:
        fields = hidden(me.go_to("check"))
    else:
        me.go_to("sign")
        me.post("sign")
        fields = {}
    assert press([same_browser(me) for _ in range(PRESSES)], fields) == [303] * PRESSES
    filing = Filing.objects.get()
    assert Case.objects.count() == 2
    assert Letter.objects.count() == 5
    assert [key.id for key in DataKey.objects.filter(purpose="filing")] == [filing.id]
    page = me.get("done")
    assert data_of(page, "reference").replace("-", "") == filing.reference
    assert SealedSession.objects.count() == 1


def test_two_people_at_once_make_two() -> None:
    people = [Visitor(), Visitor("fi")]
    for person in people:
        person.go_to("check")
    assert press(people, {}) == [303, 303]
    assert Filing.objects.count() == 2
    assert len({data_of(person.get("done"), "secret") for person in people}) == 2
