"""A missing service skips a test with a line that says what to install, and fails it where nothing may be skipped."""

from __future__ import annotations

import pytest

from tests import services


@pytest.fixture
def without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that this machine has no Redis and that nobody asked for a strict run."""
    monkeypatch.setitem(services.NEEDS, "redis", (lambda: None, services.NEEDS["redis"][1]))
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("TEST_STRICT", raising=False)


@pytest.mark.usefixtures("without_redis")
def test_elsewhere_it_is_skipped() -> None:
    with pytest.raises(pytest.skip.Exception, match="apt-get install redis-server"):
        services.require("redis")


@pytest.mark.usefixtures("without_redis")
@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("TEST_STRICT", "1")])
def test_in_ci_and_under_make_test_it_fails(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(pytest.fail.Exception, match="apt-get install redis-server"):
        services.require("redis")


def test_redis_is_private_and_empty_for_each_test(redis: services.Redis) -> None:
    assert redis.say("DBSIZE") == b":0\r\n"
    assert redis.say("SET key value") == b"+OK\r\n"
    redis.kill()
    assert not redis.is_up()
    redis.start()
    assert redis.say("EXISTS key") == b":0\r\n"


def test_redis_is_empty_again(redis: services.Redis) -> None:
    assert redis.say("DBSIZE") == b":0\r\n"
    redis.say("SET key value")


def test_postgres_runs_without_a_port(postgres: services.Postgres) -> None:
    assert postgres.is_up()
    assert postgres.create("a_database").endswith(f"{postgres.folder}/a_database")
    assert postgres.folder.stat().st_mode & 0o077 == 0
