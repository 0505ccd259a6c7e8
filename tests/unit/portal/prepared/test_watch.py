"""How old the known revision may be: never older than PREPARED_SECONDS, nor than what this process wrote itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError
from pytest_django import Settings

from portal.prepared.watch import RevisionWatch


class Source:
    """A revision that a test changes, and how often it was asked for."""

    def __init__(self) -> None:
        self.now = "first"
        self.looks = 0
        self.is_away = False
        self.before_the_end: Callable[[], None] = lambda: None

    def __call__(self) -> str:
        self.looks += 1
        if self.is_away:
            raise OperationalError
        found = self.now
        self.before_the_end()
        return found


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def watch(source: Source, settings: Settings) -> RevisionWatch:
    settings.PREPARED_SECONDS = 60
    return RevisionWatch(source)


def test_within_its_time_it_is_asked_for_once(source: Source, watch: RevisionWatch) -> None:
    assert [watch.current() for _ in range(9)] == ["first"] * 9
    source.now = "second"
    assert watch.current() == "first"
    assert source.looks == 1


def test_after_its_time_it_is_asked_for_again(
    source: Source, watch: RevisionWatch, settings: Settings
) -> None:
    settings.PREPARED_SECONDS = 0.05
    assert watch.current() == "first"
    source.now = "second"
    time.sleep(0.06)
    assert watch.current() == "second"
    assert source.looks == 2


def test_what_the_process_wrote_shows_at_once(source: Source, watch: RevisionWatch) -> None:
    assert watch.current() == "first"
    source.now = "second"
    watch.look_again()
    assert [watch.current(), watch.current()] == ["second"] * 2
    assert source.looks == 2


def test_what_is_written_during_a_look_asks_for_another_one(source: Source, watch: RevisionWatch) -> None:
    def write() -> None:
        source.before_the_end = lambda: None
        source.now = "second"
        watch.look_again()

    source.before_the_end = write
    assert watch.current() == "first"
    assert watch.current() == "second"


def test_while_the_database_is_away_the_last_one_stays(source: Source, watch: RevisionWatch) -> None:
    assert watch.current() == "first"
    source.is_away = True
    watch.look_again()
    assert [watch.current(), watch.current()] == ["first"] * 2
    assert source.looks == 2  # The second reader did not wait for the database again.


def test_without_any_known_revision_there_is_none(source: Source, watch: RevisionWatch) -> None:
    source.is_away = True
    assert watch.current() == ""


@pytest.mark.parametrize("written", [False, True])
def test_one_thread_looks_and_the_others_wait_only_for_what_was_written(
    source: Source, watch: RevisionWatch, settings: Settings, written: bool
) -> None:
    settings.PREPARED_SECONDS = 0 if not written else 60
    watch.current()
    looking, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        source.before_the_end = lambda: None
        looking.set()
        assert go_on.wait(10)

    source.now, source.before_the_end = "second", hold
    if written:
        watch.look_again()
    first = threading.Thread(target=watch.current)
    first.start()
    assert looking.wait(10)

    found: list[str] = []
    second = threading.Thread(target=lambda: found.append(watch.current()))
    second.start()
    second.join(0.3)
    assert second.is_alive() == written
    assert found == ([] if written else ["first"])
    go_on.set()
    first.join(10)
    second.join(10)
    assert found == (["second"] if written else ["first"])
