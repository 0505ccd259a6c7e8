"""`manage.py deadline`: the public contract, arguments and JSON lines, without database or environment."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

ROOT = Path(__file__).resolve().parents[4]
EASTER = {"received": "2026-03-05", "due": "2026-04-07", "latest": "2026-04-07"}


def answer(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    """Run the command and return its one JSON answer."""
    call_command("deadline", *args, "--json")
    answered: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answered


def days(answered: dict[str, Any]) -> dict[str, Any]:
    """Return the three days of an answer."""
    return {name: answered[name] for name in ("received", "due", "latest")}


@pytest.mark.parametrize(
    ("args", "due", "latest"),
    [
        (["2024-01-31"], "2024-02-29", "2024-02-29"),
        (["2025-08-31"], "2025-09-30", "2025-09-30"),
        (["2025-08-31", "--extended"], "2025-12-01", "2025-12-01"),
        (["5.3.2026"], "2026-04-07", "2026-04-07"),
        (["٢٠٢٦-٠٣-٠٥"], "2026-04-07", "2026-04-07"),
        (["2026-05-19"], "2026-06-22", "2026-06-22"),
        (["2026-11-24"], "2026-12-24", "2026-12-28"),
        (["2026-03-05", "--pause", "2026-03-10", "2026-03-20"], "2026-04-15", "2026-04-15"),
        (
            ["2026-03-05", "--pause", "2026-03-10", "2026-03-20", "--pause", "2026-03-15", "2026-03-25"],
            "2026-04-20",
            "2026-04-20",
        ),
        (["0001-01-01"], "0001-02-01", "0001-02-01"),
    ],
)
def test_answers(capsys: pytest.CaptureFixture[str], args: list[str], due: str, latest: str) -> None:
    answered = answer(capsys, *args)
    assert (answered["due"], answered["latest"]) == (due, latest)


def test_the_steps_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    answered = answer(capsys, "2026-03-01", "--pause", "2026-03-10", "2026-03-12")
    assert set(answered) == {"received", "due", "latest", "told_by", "steps"}
    texts = [step.pop("text") for step in answered["steps"]]
    assert all(texts)
    assert answered["steps"] == [
        {"code": "received", "day": "2026-03-01"},
        {"code": "month_added", "day": "2026-04-01"},
        {"code": "pause_added", "day": "2026-04-03", "days": 2, "since": "2026-03-10", "until": "2026-03-12"},
        {
            "code": "rolled_over",
            "day": "2026-04-07",
            "since": "2026-04-03",
            "reasons": ["good_friday", "saturday", "easter_sunday", "easter_monday"],
        },
    ]


def test_words_without_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("deadline", "2026-03-05")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert "(Easter Sunday, Easter Monday). So the time ends on the next working day" in lines[2]
    assert "+ 1 month =" in lines[3]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["soon"], "A date is written as"),
        (["2026-02-30"], "There is no such day"),
        ([""], "There is no date"),
        (["9999-12-31"], "The period ends after"),
        (["2026-03-05", "--pause", "2026-03-01", "2026-03-10"], "A pause can't begin before"),
        (["2026-03-05", "--pause", "2026-03-10", "2026-03-09"], "A pause can't end before"),
        (["-", "--extended"], "With -"),
    ],
)
def test_a_wrong_argument(capsys: pytest.CaptureFixture[str], args: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=f"^{sentence}"):
        call_command("deadline", *args, "--json")
    assert capsys.readouterr().out == ""


def answers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lines: list[bytes]
) -> list[dict[str, Any]]:
    """Feed lines to `deadline -` and return its answers, one for each; the exit code is checked too."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines) + b"\n")))
    wrong = 0
    try:
        call_command("deadline", "-", "--json")
    except CommandError as problem:
        wrong = problem.returncode
    answered = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answered) == len(lines)
    assert wrong == int(any("error" in one for one in answered))
    return answered


def test_json_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        b'{"received":"2026-03-05"}',
        b'{"received":"2025-08-31","extended":true}',
        b'{"received":"5.3.2026","extended":false,"pauses":[["2026-03-10","20.3.2026"]]}',
        b'\xef\xbb\xbf{"received":"2026-11-24","pauses":[]}\r',
    ]
    answered = answers(capsys, monkeypatch, lines)
    assert [one["due"] for one in answered] == ["2026-04-07", "2025-12-01", "2026-04-15", "2026-12-24"]
    assert days(answered[0]) == EASTER


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"soon",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 5000,
        b"null",
        b'["2026-03-05"]',
        b"{}",
        b'{"received":null}',
        b'{"received":20260305}',
        b'{"received":"2026-02-30"}',
        b'{"received":"9999-12-31"}',
        b'{"received":"2026-03-05","extended":"yes"}',
        b'{"received":"2026-03-05","extended":1}',
        b'{"received":"2026-03-05","pause":[["2026-03-10","2026-03-20"]]}',
        b'{"received":"2026-03-05","pauses":{}}',
        b'{"received":"2026-03-05","pauses":["2026-03-10","2026-03-20"]}',
        b'{"received":"2026-03-05","pauses":[["2026-03-10"]]}',
        b'{"received":"2026-03-05","pauses":[["2026-03-10",null]]}',
        b'{"received":"2026-03-05","pauses":[["2026-03-01","2026-03-10"]]}',
        b'{"received":"2026-03-05","pauses":[["2026-03-10","2026-03-09"]]}',
        b'{"received":"2026-03-05","\\ud800":1}',
    ],
)
def test_a_malformed_line_is_answered_and_the_run_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    good = b'{"received":"2026-03-05"}'
    before, wrong, after = answers(capsys, monkeypatch, [good, line, good])
    assert set(wrong) == {"error"}
    assert wrong["error"].endswith(".")
    assert days(before) == days(after) == EASTER


def test_without_environment_or_database(tmp_path: Path) -> None:
    """A bare environment, another folder, and a database address that would fail if it were used."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "deadline", "-"],
        input='{"received":"2026-03-05"}\nsoon\n{"received":"2025-08-31","extended":true}\n',
        env={"PATH": os.defpath, "DATABASE_URL": f"sqlite:///{tmp_path}/absent/x.sqlite3"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    first, second, third = (json.loads(line) for line in run.stdout.splitlines())
    assert (days(first), set(second), third["due"]) == (EASTER, {"error"}, "2025-12-01")
    assert run.returncode == 1
    assert run.stderr == "CommandError: Lines that could not be answered: 1.\n"
