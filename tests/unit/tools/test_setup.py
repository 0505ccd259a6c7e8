"""The set-up installs what is missing, says what it can't, and does nothing where nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Move the set-up to an empty folder with two lock files; return the folder."""
    for name, path in {
        "ROOT": tmp_path,
        "BUILD": tmp_path / "build",
        "STAMPS": tmp_path / "build" / "stamps",
        "REQUIREMENTS": tmp_path / "requirements",
    }.items():
        monkeypatch.setattr(setup, name, path)
    (tmp_path / "build").mkdir()
    (tmp_path / "requirements").mkdir()
    for lock in ("run", "dev"):
        (tmp_path / "requirements" / f"{lock}.lock").write_text(lock)
    monkeypatch.setattr(setup, "venv_version", lambda: "3.11.7")
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the commands that the set-up would run, instead of running them."""
    made: list[list[str]] = []
    monkeypatch.setattr(setup, "call", lambda command, **_: made.append(command))
    return made


def locks(calls: list[list[str]]) -> list[str]:
    return [Path(call[-1]).name for call in calls]


def test_the_packages_are_synced_once_per_lock(house: Path, calls: list[list[str]]) -> None:
    setup.sync_packages("run")
    setup.sync_packages("run")
    assert locks(calls) == ["run.lock"]
    (house / "requirements" / "run.lock").write_text("another")
    setup.sync_packages("run")
    assert locks(calls) == ["run.lock", "run.lock"]


def test_make_run_takes_no_test_package_away(house: Path, calls: list[list[str]]) -> None:
    setup.sync_packages("run")
    setup.sync_packages("test")
    setup.sync_packages("run")
    setup.sync_packages("check")
    assert locks(calls) == ["run.lock", "dev.lock"]


def test_a_failed_step_is_tried_again(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "VENV", house / ".venv")
    with pytest.raises(FileNotFoundError):
        setup.sync_packages("run")
    assert setup.stamped("packages") == ""


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not here: apt-get install gettext")
def test_only_changed_messages_are_compiled(house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sources = {}
    for language in ("fi", "sv"):
        sources[language] = house / "locale" / language / "LC_MESSAGES" / "django.po"
        sources[language].parent.mkdir(parents=True)
        sources[language].write_text('msgid "yes"\nmsgstr "joo"\n')
    setup.compile_messages()
    assert all(source.with_suffix(".mo").exists() for source in sources.values())
    capfd.readouterr()
    setup.compile_messages()
    assert capfd.readouterr().err == ""
    sources["sv"].write_text('msgid "yes"\nmsgstr "ja"\n')
    setup.compile_messages()
    assert capfd.readouterr().err == "setup: compiling locale/sv/LC_MESSAGES/django.po\n"
    sources["fi"].with_suffix(".mo").unlink()
    setup.compile_messages()
    assert sources["fi"].with_suffix(".mo").exists()


@pytest.mark.parametrize(
    ("purpose", "ci", "names"),
    [
        ("run", "", {"gettext"}),
        ("check", "true", {"gettext"}),
        ("test", "", {"gettext", "chromium"}),
        ("test", "true", {"gettext", "chromium", "nginx"}),
    ],
)
def test_missing_packages_are_named(
    purpose: str, ci: str, names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    here, absent = (lambda: True), (lambda: False)
    for table in (setup.RUN_PACKAGES, setup.TEST_PACKAGES, setup.CI_PACKAGES):
        for package in table:
            monkeypatch.setitem(
                table, package, absent if package in {"gettext", "chromium", "nginx"} else here
            )
    assert set(setup.missing_packages(purpose)) == names


def test_without_the_right_to_install_one_message_names_everything(
    monkeypatch: pytest.MonkeyPatch, calls: list[list[str]]
) -> None:
    monkeypatch.setattr(setup, "missing_packages", lambda _: ["gettext", "fonts-noto-core"])
    monkeypatch.setattr(setup, "as_root", lambda: None)
    with pytest.raises(setup.SetupError, match=r"sudo apt-get install .* gettext fonts-noto-core") as caught:
        setup.install_packages("run")
    assert caught.value.code == 2
    assert calls == []


def test_apt_updates_only_when_something_is_missing(
    monkeypatch: pytest.MonkeyPatch, calls: list[list[str]]
) -> None:
    answers = iter([["gettext"], [], []])
    monkeypatch.setattr(setup, "missing_packages", lambda _: next(answers))
    monkeypatch.setattr(setup, "as_root", lambda: ["sudo", "-n"])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    setup.install_packages("run")
    assert ["update" in call for call in calls] == [True, False]
    assert all(call[:2] == ["sudo", "-n"] for call in calls)
    assert calls[1][-1] == "gettext"
    setup.install_packages("run")
    assert len(calls) == 2


def test_an_old_python_looks_for_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(setup.SetupError, match=r"Python 3\.11 or newer") as caught:
        setup.continue_on_suitable_python()
    assert caught.value.code == 2
    monkeypatch.setattr(shutil, "which", lambda name: sys.executable if name == "python3.12" else None)
    started: list[str] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append(path))
    with pytest.raises(setup.SetupError):
        setup.continue_on_suitable_python()  # Here alone: a real exec does not come back.
    assert started == [sys.executable]


def test_a_version_managers_stand_in_is_no_python(tmp_path: Path) -> None:
    stand_in = tmp_path / "python3.12"
    stand_in.write_text("#!/bin/sh\nexit 127\n")
    stand_in.chmod(0o755)
    assert not setup.is_suitable(str(stand_in))
    assert setup.is_suitable(sys.executable)


def test_the_file_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, 'tools'); import setup; print('ok')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=setup.ROOT, capture_output=True, text=True
    )
    assert done.stdout == "ok\n", done.stderr
