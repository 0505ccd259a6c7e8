"""One filing for four authorities, from the first page to the last letter: requests, and where the time goes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Figure
from tests.portal_process import Portal
from tests.resident import Resident

FILINGS = 5
PERSON: dict[str, str | list[str]] = {
    "categories": ["benefits", "skills_centre", "social_health", "tax"],
    "from_year": "2023",
    "full_name": "Amina Testi",
    "birth_date": "1990-05-01",
    "street": "Testikatu 1",
    "postal_code": "02600",
    "city": "Espoo",
}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with Portal(tmp_path / "var") as running:
        yield running


def test_one_filing_with_four_letters(portal: Portal, figure: Figure) -> None:
    posts, lasts, requests = [], [], set()
    for _ in range(FILINGS):
        me = Resident(portal.url())
        check = me.answer_all(**PERSON)
        begun = time.perf_counter()
        done = me.post(check, {})
        posts.append(time.perf_counter() - begun)
        requests.add(me.requests)
        assert done.step == "done"
        while len(done.read().letters) < 4:
            time.sleep(0.05)
            done = me.get(done.url)
        lasts.append(time.perf_counter() - begun)
    figure("requests from the first page of the wizard to the receipt, redirects not counted", requests)
    figure("seconds of the POST that sends, median", statistics.median(posts))
    figure("seconds from that POST to the last of four letters and four reading copies, median",
           statistics.median(lasts))  # fmt: skip
    # A POST never renders: whatever the machine, sending is a small part of making the letters.
    assert statistics.median(posts) < statistics.median(lasts) / 2
    assert len(requests) == 1
