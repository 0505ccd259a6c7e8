"""The portal's processes die and come back: what the other tests of faults stand on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.portal_process import Portal, wait_until
from tests.services import Postgres, Redis


@pytest.fixture
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Return a running portal of this test's own."""
    with Portal(tmp_path_factory.mktemp("portal") / "var") as running:
        yield running


def sweep_age(portal: Portal) -> float | None:
    """Return how many seconds ago the last sweep was, as `/readyz` tells it."""
    age: float | None = json.loads(portal.get("/readyz")[1])["sweep"]["age_seconds"]
    return age


def test_a_killed_server_is_gone_and_comes_back_to_the_same_data(portal: Portal) -> None:
    before = portal.run_command("demo", "--codes").stdout.splitlines()[1:]
    portal.kill_server()
    assert not portal.is_up()
    assert portal.is_running("sweeper")
    portal.start_server()
    after = portal.run_command("demo", "--codes").stdout.splitlines()[1:]
    assert [line.split()[0] for line in before] == [line.split()[0] for line in after]


def test_readyz_sees_that_nobody_sweeps(portal: Portal) -> None:
    wait_until(lambda: sweep_age(portal) is not None, what="a first sweep")
    portal.kill_sweeper()
    age = sweep_age(portal)
    assert age is not None
    wait_until(lambda: (sweep_age(portal) or 0) > age + 1, what="the last sweep to grow old")
    portal.start_sweeper()
    wait_until(lambda: (sweep_age(portal) or 9) < 1, what="a new sweep")


def test_each_portal_is_a_portal_of_its_own(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Portal(tmp_path_factory.mktemp("other") / "var") as other:
        portal.kill_server()
        assert other.is_up()
        assert other.port != portal.port


def test_a_portal_on_redis_and_postgres(
    redis: Redis, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    databases = {
        "DATABASE_URL": postgres.create("portal_data"),
        "KEYS_DATABASE_URL": postgres.create("portal_keys"),
    }
    var = tmp_path_factory.mktemp("portal") / "var"
    with Portal(var, redis_url=redis.url, extra=databases) as portal:
        assert portal.is_running("worker")
        assert portal.is_running("beat")
        told = json.loads(portal.get("/readyz")[1])
        assert told["broker"]["ok"] is True
        portal.kill_sweeper()
        assert not portal.is_running("worker")
        portal.start_sweeper()
        assert portal.is_running("worker")
