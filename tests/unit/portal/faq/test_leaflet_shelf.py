"""Kept leaflets: made once by whoever comes first, whole or not at all, and not tried again and again in vain."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from portal.faq import leaflet_shelf
from portal.faq.leaflet_shelf import NotReady, kept
from portal.languages import BY_CODE
from portal.papers.errors import EngineMissing

PDF = b"%PDF-1.7\n...\n%%EOF\n"


class Words:
    """Stands for a leaflet before it is printed, and counts how often it is."""

    def __init__(self) -> None:
        self.digest = "a" * 64
        self.made = 0
        self.seconds = 0.0
        self.broken = False

    def pdf(self) -> bytes:
        self.made += 1
        time.sleep(self.seconds)
        if self.broken:
            raise EngineMissing("no engine")
        return PDF


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> Words:
    found = Words()
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(leaflet_shelf, "leaflet", lambda _: found)
    return found


def folder(language: str = "fi") -> Path:
    from django.conf import settings

    return Path(settings.VAR_DIR) / "leaflets" / language


def age(file: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(file, (moment, moment))


def test_it_is_made_once_and_kept(words: Words) -> None:
    first, second = kept("fi"), kept("fi")
    assert first == second
    assert first is not None
    assert (first.pdf, words.made) == (PDF, 1)
    assert [file.name for file in folder().glob("*.pdf")] == [f"{words.digest}.pdf"]


def test_languages_are_kept_apart(words: Words) -> None:
    for code in BY_CODE:
        kept(code)
    assert words.made == len(BY_CODE)
    for code in BY_CODE:
        kept(code)
    assert words.made == len(BY_CODE)


def test_a_new_revision_takes_the_place_of_the_old(words: Words) -> None:
    kept("fi")
    kept("sv")
    words.digest = "b" * 64
    kept("fi")
    assert words.made == 3
    assert [file.name for file in folder().glob("*.pdf")] == [f"{'b' * 64}.pdf"]
    assert [file.name for file in folder("sv").glob("*.pdf")] == [f"{'a' * 64}.pdf"]


def test_many_at_once_make_one(words: Words) -> None:
    words.seconds = 0.3
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(kept("fi"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words.made == 1
    assert [one.pdf for one in found] == [PDF] * 8


def test_nobody_waits_for_ever(words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaflet_shelf, "WAIT_SECONDS", 0.1)
    words.seconds = 1.0
    first = threading.Thread(target=kept, args=("fi",))
    first.start()
    while not words.made:
        time.sleep(0.01)
    with pytest.raises(NotReady):
        kept("fi")
    first.join()
    assert kept("fi") is not None
    assert words.made == 1


@pytest.mark.parametrize("left", [b"", PDF[:12], b"<html>%%EOF"])
def test_what_a_crash_left_is_made_again(words: Words, left: bytes) -> None:
    folder().mkdir(parents=True)
    (folder() / f"{words.digest}.pdf").write_bytes(left)
    found = kept("fi")
    assert found is not None
    assert found.pdf == PDF
    assert (folder() / f"{words.digest}.pdf").read_bytes() == PDF


def test_after_a_failure_there_is_a_pause(words: Words) -> None:
    words.broken = True
    for _ in range(3):
        with pytest.raises(NotReady):
            kept("fi")
    assert words.made == 1
    assert not list(folder().glob("*.pdf"))

    age(folder() / "failed", leaflet_shelf.PAUSE_SECONDS + 1)
    words.broken = False
    assert kept("fi") is not None
    assert not (folder() / "failed").exists()


def test_a_folder_that_can_t_be_written_is_no_crash(words: Words) -> None:
    folder().parent.parent.joinpath("leaflets").write_text("in the way")
    with pytest.raises(NotReady):
        kept("fi")


def test_the_entity_tag_is_that_of_the_bytes() -> None:
    one, other = leaflet_shelf.Kept(PDF), leaflet_shelf.Kept(PDF + b"\n")
    assert one.etag == leaflet_shelf.Kept(PDF).etag
    assert one.etag != other.etag
    assert one.etag.startswith('"')


class TestCommand:
    """`manage.py make_leaflets`."""

    def test_it_makes_what_is_missing(self, words: Words, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("make_leaflets")
        assert words.made == len(BY_CODE)
        assert len(capsys.readouterr().out.splitlines()) == len(BY_CODE)
        call_command("make_leaflets")
        assert words.made == len(BY_CODE)

    def test_a_failure_is_told_and_the_others_are_made(
        self, words: Words, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def sometimes(language: str) -> leaflet_shelf.Kept:
            if language == "sv":
                raise NotReady
            return leaflet_shelf.Kept(words.pdf())

        monkeypatch.setattr(leaflet_shelf, "kept", sometimes)
        with pytest.raises(CommandError, match=r"^Not made: sv;"):
            call_command("make_leaflets", verbosity=0)
        assert words.made == len(BY_CODE) - 1

    def test_without_answers_it_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(leaflet_shelf, "kept", lambda _: None)
        with pytest.raises(CommandError, match="import_faq"):
            call_command("make_leaflets")
