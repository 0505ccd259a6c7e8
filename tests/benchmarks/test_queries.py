"""Queries per page: the same number however much there is to show."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.conftest import Figure
from tests.factories import ANSWERS, log_in, make_filing, make_member, make_received_case, make_register

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def queries(client: Client, address: str) -> int:
    """Return how many queries both databases answer for one page, and see that it is shown."""
    with (
        CaptureQueriesContext(connections["default"]) as data,
        CaptureQueriesContext(connections["keys"]) as keys,
    ):
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(data) + len(keys)


def test_the_faq(client: Client, figure: Figure) -> None:
    call_command("import_faq", verbosity=0)
    entries = {queries(client, f"/fi/faq/{slug}/") for slug in ("01-why-analysed", "05-what-information")}
    entries.add(queries(client, "/ar/faq/11-see-my-data/"))
    assert len(entries) == 1
    figure("queries of a page of the FAQ: list, answer", (queries(client, "/fi/faq/"), *entries))


def test_tracking(figure: Figure) -> None:
    make_register()
    counts = []
    for holders in (("kela",), ("kela", "omnia", "vero", "migri", "luvn", "espoo")):
        _, receipt = make_filing(*holders)
        client = Client()
        client.post("/en/track/", {"reference": receipt.reference, "secret": receipt.secret})
        address = client.get("/en/track/").headers.get("Location", "/en/track/")
        counts.append(queries(client, address))
    assert len(set(counts)) == 1, counts
    figure("queries of the tracking page, with one case and with six", counts)


def test_the_queue(client: Client, figure: Figure) -> None:
    make_register()
    log_in(client, make_member("kela"))
    counts: list[int] = []
    for wanted in (10, 50):
        for _ in range(wanted - ((counts and 10) or 0)):
            make_received_case("kela", answers=ANSWERS)
        counts.append(queries(client, "/staff/"))
    assert len(set(counts)) == 1, counts
    figure("queries of the queue, with 10 rows and with 50", counts)
