"""The supervisor starts again what dies, gives up on what does not stay up, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import supervisor
from tools.supervisor import GaveUpError, Supervisor

SLEEPER = ["sleep", "60"]


def living_members(group: int) -> list[str]:
    """Return the states of the group's processes; a zombie that nobody has collected yet is dead all the same."""
    states = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = file.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                states.append(state)
    return states


def look_until(watch: Supervisor, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        watch.look()
        time.sleep(0.02)


def make(told: list[str], **commands: list[str]) -> Supervisor:
    return Supervisor(commands=commands, environment=dict(os.environ), tell=told.append)


def pids(watch: Supervisor) -> dict[str, int]:
    return {child.name: child.process.pid for child in watch.children if child.process is not None}


def test_one_that_dies_is_started_again_and_the_other_left_alone() -> None:
    told: list[str] = []
    watch = make(told, server=SLEEPER, sweeper=SLEEPER)
    try:
        watch.look()
        before = pids(watch)
        os.kill(before["sweeper"], signal.SIGKILL)
        look_until(watch, lambda: bool(told) and len(pids(watch)) == 2)
        after = pids(watch)
        assert after["server"] == before["server"]
        assert after["sweeper"] != before["sweeper"]
        assert told == ["the sweeper ended (exit code -9); starting it again"]
    finally:
        watch.stop()
    assert [living_members(pid) for pid in after.values()] == [[], []]


def test_what_does_not_stay_up_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.05)
    watch = make([], server=["false"])
    try:
        with pytest.raises(GaveUpError, match=r"The server ends just after its start \(exit code 1\)"):
            look_until(watch, lambda: False)
    finally:
        watch.stop()


def test_what_will_not_end_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    watch = make([], stubborn=["sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"])
    watch.look()
    time.sleep(0.2)
    (pid,) = pids(watch).values()
    assert len(living_members(pid)) == 2
    watch.stop()
    assert living_members(pid) == []
