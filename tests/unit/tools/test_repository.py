"""What may not be in the repository is found: registries, made files, locks out of step."""

from __future__ import annotations

import pytest

from tools import repository

HASH = " \\\n    --hash=sha256:00\n"


@pytest.mark.parametrize(
    "line",
    [
        "https://files." + "python" + "hosted.org/x",
        "see npm" + "js.com",
        "--index-" + "url https://x.example",
    ],
)
def test_a_registry_is_found_with_its_line(line: str) -> None:
    (fault,) = repository.faults_of_text("a.txt", f"one\ntwo\n{line}\n")
    assert fault.startswith("a.txt:3: names a package registry")


def test_other_addresses_are_not_registries() -> None:
    assert (
        repository.faults_of_text("a.md", "https://tietosuoja.fi/ and https://pypdf.readthedocs.io/\n") == []
    )


@pytest.mark.parametrize(
    "name",
    [
        "locale/fi/LC_MESSAGES/django.mo",
        "build/x",
        "var/tietoni.sqlite3",
        "a/b.sqlite3-wal",
        "fonts/x.ttf",
        "uv.lock",
    ],
)
def test_made_files_are_found(name: str) -> None:
    assert len(repository.faults_of_names([name, "portal/settings.py", "docs/variety/x.md"])) == 1


def test_locks_out_of_step_are_found() -> None:
    run = f"django==5.2{HASH}redis==8{HASH}"
    assert repository.faults_of_locks(run, f"{run}pytest==9{HASH}") == []
    assert repository.faults_of_locks(run, f"django==5.1{HASH}redis==8{HASH}") == [
        "requirements/dev.lock: django is 5.1, run.lock has 5.2"
    ]
    assert repository.faults_of_locks(run, f"django==5.2{HASH}redis==8\n") == [
        "requirements/dev.lock: no hash for redis==8"
    ]
