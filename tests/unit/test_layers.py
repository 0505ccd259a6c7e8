"""The import contracts notice a wrong arrow: each one is broken by an import planted in a copy of the code."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.setup import ROOT, VENV

WRONG_ARROWS = {
    "requests-layers": ("requests_app/models/planted.py", "import requests_app.actions"),
    "portal-layers": ("portal/papers/planted.py", "import portal.faq"),
    "portal-knows-no-requests": ("portal/faq/planted.py", "import requests_app.rules"),
    "requests-know-little-of-portal": ("requests_app/web/planted.py", "import portal.faq"),
    "one-renderer": ("requests_app/doors/planted.py", "import weasyprint"),
    "one-seal": ("requests_app/doors/planted_too.py", "import pikepdf"),
    "one-vault": ("requests_app/actions/planted.py", "import cryptography"),
    "pure-rules": ("requests_app/rules/planted.py", "import django.db"),
}


def broken_contracts(folder: Path) -> set[str]:
    """Return the names of the contracts that lint-imports calls broken in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "1000"}
    command = [str(VENV / "bin" / "lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    head = done.stdout.split("Contracts:")[0]
    broken = {line.split(" BROKEN")[0] for line in head.splitlines() if " BROKEN" in line}
    assert bool(broken) == bool(done.returncode)
    return broken


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the two packages and of the contracts."""
    for package in ("portal", "requests_app"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.md")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_notices_its_wrong_arrow(copy: Path) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    names = {contract["id"]: contract["name"] for contract in contracts}
    assert names.keys() == WRONG_ARROWS.keys()
    assert broken_contracts(copy) == set()
    for file, line in WRONG_ARROWS.values():
        (copy / file).write_text(f"{line}\n")
    assert broken_contracts(copy) == set(names.values())


def test_a_new_module_needs_a_place(copy: Path) -> None:
    (copy / "requests_app" / "helpers.py").write_text("")
    assert broken_contracts(copy) == {
        "requests_app: web, admin, commands, tasks over actions and reading over doors over models over rules"
    }
