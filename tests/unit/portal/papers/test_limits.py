"""Bounds: slow, greedy and stubborn work is stopped, in any thread; everything else is left alone."""

from __future__ import annotations

import threading
import time

import pytest

from portal.papers.errors import LimitExceeded
from portal.papers.limits import Limits, run


def spin() -> None:
    """Work for ever, in Python."""
    while True:
        sum(range(1000))


def test_work_within_its_bounds_gives_its_result() -> None:
    assert run(lambda: 42, Limits(seconds=5)) == 42


def test_its_errors_come_through() -> None:
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 // 0, Limits())


def test_slow_work_is_stopped() -> None:
    begun = time.monotonic()
    with pytest.raises(LimitExceeded) as caught:
        run(spin, Limits(seconds=0.2))
    assert caught.value.limit == "seconds"
    assert time.monotonic() - begun < 5


def test_greedy_work_is_stopped() -> None:
    kept: list[bytes] = []

    def grow() -> None:
        while True:
            kept.append(b"x" * 1_000_000)
            time.sleep(0.001)

    with pytest.raises(LimitExceeded) as caught:
        run(grow, Limits(seconds=30, megabytes=50))
    assert caught.value.limit == "megabytes"
    assert len(kept) < 2000


def test_work_that_swallows_everything_is_interrupted_again() -> None:
    interruptions = 0

    def stubborn() -> str:
        nonlocal interruptions
        while interruptions < 3:
            try:
                spin()
            except BaseException:
                # The engine's SVG code does just this.
                interruptions += 1
        return "done"

    with pytest.raises(LimitExceeded):
        run(stubborn, Limits(seconds=0.1))
    assert interruptions == 3


def test_nothing_is_left_pending_in_the_thread() -> None:
    for _ in range(20):
        with pytest.raises(LimitExceeded):
            run(spin, Limits(seconds=0.01))
        deadline = time.monotonic() + 0.08
        while time.monotonic() < deadline:
            sum(range(100))


def test_other_threads_are_left_alone() -> None:
    stopped: list[str] = []

    def bounded() -> None:
        with pytest.raises(LimitExceeded):
            run(spin, Limits(seconds=0.1))
        stopped.append("bounded")

    worker = threading.Thread(target=bounded)
    worker.start()
    while worker.is_alive():
        sum(range(100))
    worker.join()
    assert stopped == ["bounded"]
