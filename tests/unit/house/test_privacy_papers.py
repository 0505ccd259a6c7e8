"""The operator's papers name what there is: every table with personal data, every number, every file and test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from requests_app.actions import archive, retention
from requests_app.actions.retention import PERSONAL_FIELDS

ROOT = Path(__file__).parents[3]
PAPERS = sorted((ROOT / "docs" / "privacy").glob("*.md"))
FILE = re.compile(r"`((?:docs|portal|requests_app|templates|tests)/[\w./-]*)(?:::(\w+))?`")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_file_and_test_that_is_named_is_there(paper: Path) -> None:
    named = FILE.findall(paper.read_text())
    for name, test in named:
        assert (ROOT / name).exists(), name
        assert not test or f"def {test}(" in (ROOT / name).read_text(), f"{name}::{test}"


def test_the_papers_are_there_and_name_files() -> None:
    assert {"README.md", "breaches.md", "impact-assessment.md", "record.md"} <= {
        paper.name for paper in PAPERS
    }
    assert sum(len(FILE.findall(paper.read_text())) for paper in PAPERS) > 40


def test_the_record_knows_every_table_that_holds_something_personal() -> None:
    record = (ROOT / "docs" / "privacy" / "record.md").read_text()
    tables = {name.partition(".")[0] for name in PERSONAL_FIELDS}
    assert [table for table in sorted(tables) if f"`{table}`" not in record] == []


def test_the_record_has_the_times_of_the_code() -> None:
    record = (ROOT / "docs" / "privacy" / "record.md").read_text()
    for days in (
        retention.KEEP_AFTER_CLOSING_DAYS,
        retention.KEEP_UNSENT_DAYS,
        retention.KEEP_FEEDBACK_AFTER_END_DAYS,
        retention.KEEP_FEEDBACK_DAYS,
        archive.KEY_BACKUP_DAYS,
    ):
        assert f"{days} days" in record
