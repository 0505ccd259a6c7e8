"""What may not be in the repository: names of package registries, files that are made, locks out of step.

    .venv/bin/python -m tools.repository

A lock file that names where its packages came from would send every other machine there; a file that is made from
others goes stale when they change.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tools.setup import REQUIREMENTS, ROOT

# Written as patterns, so that this very file names none.
REGISTRIES: Final = re.compile(
    r"pypi[.]org|pypi[.]python[.]org|pythonhosted[.]org|npmjs[.](org|com)|yarnpkg[.]com|crates[.]io|"
    r"[a-z0-9-]+[.]pkg[.]dev|proxy[.]golang[.]org|repo[.]maven|rubygems[.]org|deb[.]debian[.]org|"
    r"^\s*--?(index-url|extra-index-url|find-links|i |f )",
    re.IGNORECASE | re.MULTILINE,
)
MADE: Final = re.compile(
    r"(^|/)(build|var|node_modules|__pycache__|\.venv|\.[a-z]+_cache)/|"
    r"\.(mo|pot|pyc|pyo|so|sqlite3(-\w+)?|db|log|ttf|otf|ttc|woff2?|egg-info|whl|orig|rej|swp)$|"
    r"(^|/)(\.coverage|\.DS_Store|secrets\.env|uv\.lock)$",
)
BINARY: Final = (".png", ".jpg", ".pdf", ".ico", ".gz", ".br")
PIN: Final = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


def files() -> list[str]:
    """Return the files that are in the repository, or would be by `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted({name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()})


def faults_of_names(names: Iterable[str]) -> list[str]:
    """Return which of these files are made from others and don't belong into a commit."""
    return [f"{name}: is made, not written; it does not belong here" for name in names if MADE.search(name)]


def faults_of_text(name: str, text: str) -> list[str]:
    """Return where a text names a package registry."""
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: names a package registry ({found[0].strip()})"
        for found in REGISTRIES.finditer(text)
    ]


def faults_of_locks(run: str, dev: str) -> list[str]:
    """Return where dev.lock pins something else than run.lock, and what lacks hashes."""
    ours, theirs = dict(PIN.findall(run)), dict(PIN.findall(dev))
    faults = [
        f"requirements/dev.lock: {name} is {theirs.get(name, 'missing')}, run.lock has {version}"
        for name, version in ours.items()
        if theirs.get(name) != version
    ]
    for lock, text in (("run", run), ("dev", dev)):
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
        faults += [
            f"requirements/{lock}.lock: no hash for {block.split()[0]}"
            for block in blocks
            if PIN.match(block) and "--hash=sha256:" not in block
        ]
    return faults


def main() -> int:
    """Print every fault; return 1 where there is one."""
    names = files()
    faults = faults_of_names(names)
    for name in names:
        if not name.endswith(BINARY):
            faults += faults_of_text(name, (ROOT / name).read_text(encoding="utf-8", errors="replace"))
    faults += faults_of_locks(*((Path(REQUIREMENTS) / f"{lock}.lock").read_text() for lock in ("run", "dev")))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
