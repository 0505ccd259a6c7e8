"""`make check`: everything about the sources that a machine can judge without running the tests.

    .venv/bin/python -m tools.check [--fresh] [NAME …]

The checks run side by side. One that passed is left out until something it reads has changed; `--fresh` forgets that.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools import repository
from tools.environment import generate
from tools.processes import BIN, PYTHON, manage
from tools.setup import REQUIREMENTS, ROOT, digest_of, stamp, stamped


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, its command, and the endings of the files it reads ("" is every file)."""

    name: str
    command: tuple[str, ...]
    reads: tuple[str, ...]


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


# The slowest first, so that the others fill the time beside it.
CHECKS: Final = (
    Check("mypy", _tool("mypy"), (".py", ".pyi", "pyproject.toml")),
    Check("djlint-form", _tool("djlint", "--check", "templates"), (".html", "pyproject.toml")),
    Check("djlint", _tool("djlint", "--lint", "--quiet", "templates"), (".html", "pyproject.toml")),
    Check(
        "messages", (PYTHON, "-m", "tools.messages", "check"), (".py", ".html", ".txt", ".po", "manage.py")
    ),
    Check(
        "migrations",
        tuple(manage("makemigrations", "--check", "--dry-run")),
        (".py",),
    ),
    Check(
        "deployment",
        tuple(manage("check", "--deploy", "--fail-level", "WARNING")),
        (".py", ".html"),
    ),
    Check("imports", _tool("lint-imports", "--no-logo"), (".py", "pyproject.toml")),
    Check("content", (PYTHON, "-m", "tools.content"), (".py", ".md", ".toml", ".csv")),
    Check("repository", (PYTHON, "-m", "tools.repository"), ("",)),
    Check("ruff", _tool("ruff", "check", "."), (".py", ".pyi", "pyproject.toml")),
    Check("ruff-form", _tool("ruff", "format", "--check", "."), (".py", ".pyi", "pyproject.toml")),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended: what it wrote, how long it took in seconds, whether it was left out as unchanged."""

    check: Check
    passed: bool
    output: str = ""
    seconds: float = 0.0
    unchanged: bool = False


def production_environment(folder: Path) -> dict[str, str]:
    """Return an environment as on a real machine: https, own host, fresh secrets; databases in `folder`."""
    return {
        **os.environ,
        **generate(),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(ROOT),
        "BASE_URL": "https://portal.example.org",
        "ALLOWED_HOSTS": "portal.example.org",
        "OPERATOR": "Example operator",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'data.sqlite3'}",
        "KEYS_DATABASE_URL": f"sqlite:///{folder / 'keys.sqlite3'}",
    }


def digest_for(check: Check, names: list[str]) -> str:
    """Return one hash over all that can change the outcome of a check."""
    read = [ROOT / name for name in names if name.endswith(check.reads)]
    return digest_of([*read, REQUIREMENTS / "dev.lock"], " ".join(check.command), sys.version)


def judge(check: Check, *, names: list[str], environment: Mapping[str, str], fresh: bool) -> Outcome:
    """Run one check unless it passed before on the same files."""
    digest = digest_for(check, names)
    if not fresh and stamped(f"check-{check.name}") == digest:
        return Outcome(check, passed=True, unchanged=True)
    started = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        stamp(f"check-{check.name}", digest)
    output = (done.stdout + done.stderr).strip()
    return Outcome(check, done.returncode == 0, output, time.monotonic() - started)


def main() -> int:
    """Run the checks; return 1 where one failed."""
    parser = argparse.ArgumentParser(description="Check the sources.")
    known = [check.name for check in CHECKS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {' '.join(known)}")
    parser.add_argument("--fresh", action="store_true", help="also what passed before and has not changed")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(known)):
        parser.error(f"no such check: {', '.join(unknown)} (there are: {', '.join(known)})")
    chosen = [check for check in CHECKS if not arguments.names or check.name in arguments.names]
    started = time.monotonic()
    names = repository.files()
    failed = []
    with (
        tempfile.TemporaryDirectory(prefix="tietoni-check-") as folder,
        ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool,
    ):
        environment = production_environment(Path(folder))
        running = [
            pool.submit(judge, check, names=names, environment=environment, fresh=arguments.fresh)
            for check in chosen
        ]
        for future in as_completed(running):
            outcome = future.result()
            how = "unchanged" if outcome.unchanged else f"{outcome.seconds:.1f} s"
            print(f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.check.name} ({how})", flush=True)
            if not outcome.passed:
                failed.append(outcome.check.name)
                print(f"  $ {' '.join(outcome.check.command)}\n{outcome.output}\n", flush=True)
    spent = time.monotonic() - started
    if failed:
        print(f"check: {len(failed)} of {len(chosen)} failed in {spent:.0f} s: {', '.join(failed)}")
        return 1
    print(f"check: all {len(chosen)} passed in {spent:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
