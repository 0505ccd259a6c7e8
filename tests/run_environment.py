"""The environment of one test run: fresh random secrets, its own folders, and the database it was asked for.

TEST_DATABASE=sqlite (the default) or postgres. It must be made before Django reads its settings, so
tests/conftest.py calls `make` on import; the workers of pytest-xdist find it made by the controller and
change only what is their own.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
from pathlib import Path
from typing import Final

from tests.services import MEMORY, Postgres, clear_abandoned, temporary_folder
from tools.environment import generate
from tools.setup import ROOT

MARK: Final = "TEST_RUN_FOLDER"
DATABASE: Final = os.environ.get("TEST_DATABASE") or "sqlite"
WORKER: Final = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Name of this pytest-xdist worker; empty in the controller and without xdist."""

ROOM: Final = 1_000_000_000
"""Bytes free in memory-backed space from which on the run keeps its files there: fsync then costs nothing."""


def is_controller() -> bool:
    """Say whether this process starts and ends the run."""
    return not WORKER


def run_folder() -> Path:
    """Return the folder of the whole run, shared by its workers and removed at its end."""
    return Path(os.environ[MARK])


def own_folder() -> Path:
    """Return the folder of this worker."""
    return run_folder() / (WORKER or "main")


def _names_of_settings() -> set[str]:
    """Return every variable that portal/settings.py reads, so that none leaks in from somebody's shell."""
    source = (ROOT / "portal" / "settings.py").read_text()
    return set(re.findall(r'(?:\benv\.\w+|\b_database)\("(\w+)"', source))


def make() -> None:
    """Set os.environ for this process."""
    if DATABASE not in {"sqlite", "postgres"}:
        raise SystemExit(f"TEST_DATABASE must be sqlite or postgres, not {DATABASE!r}.")
    if is_controller():
        clear_abandoned()
        roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
        folder = temporary_folder("run", inside=MEMORY if roomy else None)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for name in _names_of_settings():
            os.environ.pop(name, None)
        os.environ[MARK] = str(folder)
        os.environ.update(generate())
        os.environ["OPERATOR"] = "Test operator"
        # Tests of pages look at the views themselves, whatever was there a second ago; those of prepared pages
        # switch them on and hold them against the views.
        os.environ["PREPARED_PAGES"] = "off"
    own_folder().mkdir(mode=0o700, exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    os.environ["VAR_DIR"] = str(own_folder())
    if DATABASE == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{own_folder() / 'tietoni.sqlite3'}"
        os.environ["KEYS_DATABASE_URL"] = f"sqlite:///{own_folder() / 'keys.sqlite3'}"
    elif is_controller():
        # Started here and not by a fixture: one cluster serves all workers, each with databases of its own.
        postgres = Postgres()
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.url("tietoni")
        os.environ["KEYS_DATABASE_URL"] = postgres.url("tietoni_keys")


def hide_from_workers() -> None:
    """Take back what would make pytest-django start Django in a worker before its own environment is made."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
