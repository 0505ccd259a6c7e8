"""Killed in the middle: whatever was accepted has its letters, each once, whoever died on the way."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal_process import Portal, wait_until
from tests.resident import Page, Resident
from tests.services import Redis

PERSON: dict[str, str | list[str]] = {
    "categories": ["benefits", "skills_centre", "social_health", "tax"],
    "full_name": "Amina Testi",
    "birth_date": "1990-05-01",
    "street": "Testikatu 1",
    "postal_code": "02600",
    "city": "Espoo",
    "answer_by": "post",
}
HOLDERS = {"kela", "omnia", "luvn", "vero"}
FAST = {"LEASE_SECONDS": "2"}


@pytest.fixture(params=["sweep", "celery"])
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Portal]:
    """Return a portal of its own: once with the sweeper alone, once with Celery over a real Redis."""
    redis_url = ""
    if request.param == "celery":
        redis_url = request.getfixturevalue("redis").url
    with Portal(tmp_path / "var", redis_url=redis_url, extra=FAST) as running:
        yield running


def rows(portal: Portal, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(portal.var / "tietoni.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


def every_letter_once(portal: Portal, *, filings: int) -> None:
    """Wait until all letters are ready; then each case has one request and one reading copy, and the chains hold."""

    def ready() -> bool:
        (waiting,) = rows(portal, "SELECT COUNT(*) FROM requests_app_letter WHERE state <> 'ready'")[0]
        return waiting == 0

    wait_until(ready, what="every letter is ready", seconds=90)
    assert rows(portal, "SELECT COUNT(*) FROM requests_app_filing") == [(filings,)]
    kinds = rows(portal, "SELECT case_id, kind, COUNT(*) FROM requests_app_letter GROUP BY case_id, kind")
    assert {count for *_, count in kinds} == {1}
    # A letter and a reading copy for each holder, and one bundle of all to print.
    assert len(kinds) == filings * (len(HOLDERS) * 2 + 1)
    moved = rows(
        portal,
        "SELECT case_id, COUNT(*) FROM requests_app_event WHERE kind IN ('letters_ready', 'deliver') GROUP BY case_id",
    )
    assert len(moved) == filings * len(HOLDERS)
    assert {count for _, count in moved} == {1}
    portal.run_command("audit_verify")


def test_kill_while_rendering(portal: Portal) -> None:
    me = Resident(portal.url())
    filed = [me.file(**PERSON) for _ in range(2)]
    # Killed three times, each time in the middle of the work.
    for _ in range(3):
        time.sleep(0.7)
        portal.kill_sweeper()
        portal.start_sweeper()
    every_letter_once(portal, filings=2)
    for reference, secret in filed:
        assert set(Resident(portal.url()).letters(reference, secret, count=4)) == HOLDERS


def test_kill_in_the_middle_of_the_post(portal: Portal) -> None:
    """Kill the server at different moments of the last POST; a resend then shows one receipt for one filing."""
    for delay in (0.0, 0.01, 0.03, 0.08):
        me = Resident(portal.url())
        check = me.answer_all(**PERSON)
        sending = threading.Thread(target=_send_and_lose, args=(me, check))
        sending.start()
        time.sleep(delay)
        portal.kill_server()
        sending.join()
        portal.start_server()
        page = me.post(check, {})
        assert page.step == "done", f"{page.status} {page.url}"
        again = me.post(check, {})
        assert again.read().data["reference"] == page.read().data["reference"]
    every_letter_once(portal, filings=4)


def _send_and_lose(me: Resident, check: Page) -> None:
    # The server was killed: that is the point.
    with contextlib.suppress(OSError, AssertionError):
        me.post(check, {})


def test_a_filing_made_while_nobody_renders_waits_and_the_portal_says_so(portal: Portal) -> None:
    portal.kill_sweeper()
    me = Resident(portal.url())
    reference, secret = me.file(**PERSON)
    page = me.track(reference, secret)
    assert page.status == 200
    assert page.read().letters == {}
    portal.start_sweeper()
    every_letter_once(portal, filings=1)
    assert set(me.letters(reference, secret, count=4)) == HOLDERS


@pytest.mark.redis
def test_a_flushed_or_dead_broker_loses_nothing(tmp_path: Path, redis: Redis) -> None:
    with Portal(tmp_path / "var", redis_url=redis.url, extra=FAST) as portal:
        portal.kill_sweeper()
        me = Resident(portal.url())
        reference, secret = me.file(**PERSON)
        redis.flush()
        portal.start_sweeper()
        every_letter_once(portal, filings=1)
        assert set(me.letters(reference, secret, count=4)) == HOLDERS
        redis.kill()
        status, body = portal.get("/readyz")
        assert status == 503
        assert json.loads(body)["broker"]["ok"] is False
        second, key = me.file(**PERSON)
        redis.start()
        every_letter_once(portal, filings=2)
        assert set(me.letters(second, key, count=4)) == HOLDERS


def test_health_tells_the_truth(tmp_path: Path) -> None:
    with Portal(tmp_path / "var", extra={"METRICS_TOKEN": "token-of-the-test", **FAST}) as portal:
        wait_until(lambda: portal.get("/readyz")[0] == 200, what="ready")
        assert portal.get("/metrics")[0] == 404
        assert portal.get("/metrics", headers={"Authorization": "Bearer wrong"})[0] == 404
        portal.kill_sweeper()
        me = Resident(portal.url())
        me.file(**PERSON)
        status, numbers = portal.get("/metrics", headers={"Authorization": "Bearer token-of-the-test"})
        assert status == 200
        assert 'tietoni_letters{state="wanted"} 9.0' in numbers
        # Two minutes without a sweep is too long; the clock is set back rather than waited for.
        with sqlite3.connect(portal.var / "tietoni.sqlite3", timeout=20) as database:
            database.execute(
                "UPDATE requests_app_heartbeat SET at = '2020-01-01 00:00:00' WHERE name = 'sweep'"
            )
        status, body = portal.get("/readyz")
        assert status == 503
        assert json.loads(body)["sweep"]["ok"] is False
        assert portal.get("/healthz")[0] == 200
        portal.start_sweeper()
        wait_until(lambda: portal.get("/readyz")[0] == 200, what="ready again")
        every_letter_once(portal, filings=1)


def test_a_database_away_is_told(tmp_path: Path) -> None:
    with Portal(tmp_path / "var", extra=FAST) as portal:
        portal.kill_sweeper()
        (portal.var / "keys.sqlite3").rename(portal.var / "away.sqlite3")
        (portal.var / "keys.sqlite3").mkdir()
        status, body = portal.get("/readyz")
        assert status == 503
        assert json.loads(body)["database keys"]["ok"] is False
        assert portal.get("/healthz")[0] == 200
