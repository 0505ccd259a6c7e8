"""A language that does not exist is added as docs/translations.md says, and the site is walked in it.

A copy of the house gets the language; the tests of the site that run in every language then run in the copy, in that
language alone.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import polib
import pytest

from tools.setup import ROOT

pytestmark = pytest.mark.any_database

PRETEND: Final = "qps"
"""ISO 639-2 keeps qaa–qtz for private use; qps is what makers of software use for words that only look translated."""

OWN_NAME: Final = "Ƥřḗŧḗƞḓ"
SIGN: Final = "¤"
"""Ends every pretended message: what is shown without it came from another language."""

COPIED: Final = (
    *("portal", "requests_app", "templates", "static", "locale", "tools", "tests", "build"),
    *("pyproject.toml", "manage.py"),
)
WALKS: Final = tuple(
    f"tests/integration/test_{name}.py"
    for name in (
        "public",
        "faq",
        "finding",
        "crawlers",
        "weight",
        "self_check",
        "feedback",
        "tracking",
        "wizard",
    )
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the house with the seven steps of docs/translations.md done."""
    copy = tmp_path_factory.mktemp("house")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", "staticfiles")
            shutil.copytree(source, copy / name, ignore=unwanted, symlinks=True)
        else:
            shutil.copy(source, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    _one_line(copy / "portal/languages.py", f'    Language("{PRETEND}", "{OWN_NAME}"),\n')
    _content(copy / "portal/faq/content")
    _columns(copy / "requests_app/data/holders.csv")
    copies = copy / "templates/letters/reading_copy"
    shutil.copy(copies / "en.html", copies / f"{PRETEND}.html")
    _messages(copy / "locale")
    _run(copy, "manage.py", "makemigrations")
    return copy


def _one_line(languages: Path, line: str) -> None:
    before = languages.read_text()
    last = '    Language("fi-simple", "Selkosuomi"),\n'
    assert last in before
    languages.write_text(before.replace(last, last + line))


def _content(folder: Path) -> None:
    shutil.copytree(folder / "en", folder / PRETEND)


def _columns(holders: Path) -> None:
    with holders.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    for row in rows:
        for field in ("name", "asked_how"):
            row[f"{field}_{PRETEND}"] = row[f"{field}_en"]
    for field in ("name", "asked_how"):
        names.insert(names.index(f"{field}_fi-simple") + 1, f"{field}_{PRETEND}")
    with holders.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _messages(locale: Path) -> None:
    words = polib.pofile(str(locale / "en/LC_MESSAGES/django.po"))
    words.metadata["Language"] = PRETEND
    for entry in words:
        if entry.msgid_plural:
            entry.msgstr_plural = {at: text + SIGN for at, text in entry.msgstr_plural.items()}
        else:
            entry.msgstr += SIGN
    folder = locale / PRETEND / "LC_MESSAGES"
    folder.mkdir(parents=True)
    words.save(str(folder / "django.po"))
    words.save_as_mofile(str(folder / "django.mo"))


def _run(copy: Path, *command: str) -> str:
    """Run one of the copy's own programs; return what it printed, and fail with it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**kept, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def test_one_migration_for_each_app_with_words_of_its_own_and_no_more(house: Path) -> None:
    new = {path.parent.parent.name for path in _new_migrations(house)}
    assert new == {"faq", "requests_app"}
    assert "No changes detected" in _run(house, "manage.py", "makemigrations", "--check")


def _new_migrations(house: Path) -> list[Path]:
    return [
        path
        for top in ("portal", "requests_app")
        for path in (house / top).rglob("migrations/*.py")
        if not (ROOT / path.relative_to(house)).exists()
    ]


def test_the_site_walks_in_it(house: Path) -> None:
    printed = _run(house, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", PRETEND, *WALKS)
    passed = re.search(r"(\d+) passed", printed)
    assert passed
    assert int(passed[1]) >= len(WALKS) * 2, printed
