"""A missing service skips a test with a line that says what to install, and fails it where nothing may be skipped."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services
from tests.portal_process import wait_until
from tools.setup import ROOT

OWNER = """
import time
from tests.services import Postgres, Redis
servers = [Postgres(), Redis()]
for server in servers:
    server.start()
print(*[server.process.pid for server in servers], *[server.folder for server in servers], flush=True)
time.sleep(60)
"""


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


def test_what_is_installed_in_ci_alone_may_be_missing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(services.NEEDS, "nginx", (lambda: None, services.NEEDS["nginx"][1]))
    monkeypatch.setenv("TEST_STRICT", "1")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install nginx"):
        services.require("nginx")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install nginx"):
        services.require("nginx")


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


def is_running(pid: int) -> bool:
    """Say whether the process lives; a zombie that nobody has collected yet is dead all the same."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.redis
@pytest.mark.usefixtures("postgres")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_servers_end_with_their_owner_however_it_ends(end: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with owner:
        assert owner.stdout is not None
        postgres_pid, redis_pid, *folders = owner.stdout.readline().split()
        pids = [int(postgres_pid), int(redis_pid)]
        assert all(is_running(pid) for pid in pids)
        owner.send_signal(end)
        owner.wait(60)
    wait_until(lambda: not any(is_running(pid) for pid in pids), what=f"the servers to end after {end.name}")
    if end == signal.SIGINT:  # The others leave Python no time to clear up.
        assert not any(Path(folder).exists() for folder in folders)


def test_folders_of_the_killed_are_cleared_and_those_of_the_living_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MEMORY", tmp_path)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    dead = subprocess.Popen(["true"])
    dead.wait()
    abandoned, other = tmp_path / f"tietoni-run-{dead.pid}-x", tmp_path / "tietoni-run-of-others"
    mine = services.temporary_folder("run", inside=tmp_path)
    for folder in (abandoned, other):
        folder.mkdir()
    services.clear_abandoned()
    assert sorted(tmp_path.iterdir()) == sorted([mine, other])
