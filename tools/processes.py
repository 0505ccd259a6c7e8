"""The portal's processes: their commands, and how they are tied to the one that started them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.setup import ROOT, VENV

BIN = VENV / "bin"
PYTHON = str(BIN / "python")


def manage(*arguments: str) -> list[str]:
    """Return the command line of one management command."""
    return [PYTHON, str(ROOT / "manage.py"), *arguments]


def server(*, port: int) -> list[str]:
    """Return the web server's command line: gunicorn with threads, on the loopback address alone."""
    workers = min(2, os.cpu_count() or 1)
    options = f"--bind 127.0.0.1:{port} --workers {workers} --threads 8 --worker-class gthread"
    quiet = "--graceful-timeout 5 --timeout 60 --log-level warning --no-control-socket"
    return [str(BIN / "gunicorn"), "portal.wsgi", *options.split(), *quiet.split()]


def workers(environment: Mapping[str, str], *, var: Path) -> dict[str, list[str]]:
    """Return what renders and sends, by name: the sweeper, or with REDIS_URL Celery's worker and beat."""
    if not environment.get("REDIS_URL"):
        return {"sweeper": manage("sweep", "--watch")}
    celery = [str(BIN / "celery"), "--app", "portal", "--quiet"]
    return {
        "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(var / "beat-schedule")],
    }


def tethered(command: Sequence[str], *, on_parent_death: str = "TERM", user: str = "") -> list[str]:
    """Return `command` so that it gets the signal `on_parent_death` when the process that starts it dies.

    A crash or a `kill -9` of the parent then leaves nothing running. `user` also changes to that user first
    (root only). It takes setpriv of util-linux (prctl(2), PR_SET_PDEATHSIG), for Python's `preexec_fn` is
    unsafe beside threads; where there is no setpriv the command is returned as it is.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return list(command)
    options = ["--pdeathsig", on_parent_death]
    if user:
        options += ["--reuid", user, "--regid", user, "--init-groups"]
    return [setpriv, *options, "--", *command]
