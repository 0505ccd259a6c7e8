"""`manage.py route`: the public contract, from outside (a process with no environment) and from inside."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from requests_app.management.json_lines import MAX_LINE
from requests_app.rules.vocabulary import CATEGORIES, SERVICES
from requests_app.wording.routing import routing_text

DAY = "2026-11-24"


def run(*arguments: str, lines: bytes | None = None, var: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a stranger would: no secret, no database, and `var` alone to write to."""
    return subprocess.run(
        [sys.executable, "manage.py", "route", *arguments],
        input=lines,
        capture_output=True,
        cwd=settings.BASE_DIR,
        env={"VAR_DIR": str(var)},
        timeout=30,
    )


def english(code: str) -> str:
    with translation.override(None):
        return routing_text(code)


def ask(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("route", *arguments, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def ask_lines(
    lines: Iterable[bytes | dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    """Return the answers to `lines`, whether or not the command then ends with an error."""
    content = b"".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines
    )
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    with contextlib.suppress(CommandError):
        call_command("route", "-", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


# ---------------------------------------------------------------------------------------- as a process


def test_it_answers_without_environment_or_database(tmp_path: Path) -> None:
    arguments = ("--category", "income", "rehabilitation", "--category", "skills_centre", "unheard_of")
    result = run(*arguments, "--from", "2018", "--to", "2019", "--on", DAY, "--json", var=tmp_path)

    assert (result.returncode, result.stderr) == (0, b"")
    assert list(tmp_path.iterdir()) == []
    answer = json.loads(result.stdout)
    assert list(answer) == ["letters", "pointers", "explained", "undecided"]
    by_holder = {letter["holder"]: letter for letter in answer["letters"]}
    assert list(by_holder) == ["omnia", "kela", "vero", "incomes_register"]
    assert by_holder["incomes_register"] == {
        "holder": "incomes_register",
        "categories": ["income"],
        "reasons": [
            {
                "category": "income",
                "code": "incomes_register_since_2019",
                "text": english("incomes_register_since_2019"),
                "from": 2019,
                "to": 2019,
                "source": "https://vero.fi/en/incomes-register",
            }
        ],
        "fallback": None,
    }
    assert answer["pointers"] == [
        {
            "to": "luvn",
            "category": "rehabilitation",
            "code": "medical_social_rehabilitation",
            "text": english("medical_social_rehabilitation"),
        }
    ]
    assert answer["explained"] == [
        {
            "category": "skills_centre",
            "code": "not_open_yet",
            "text": "The Skills Centre was not open yet. It opened in January 2019.",
        }
    ]
    assert answer["undecided"] == [
        {
            "category": "unheard_of",
            "code": "no_rule",
            "text": english("no_rule"),
            "from": 2018,
            "to": 2019,
        }
    ]


def test_it_answers_lines_in_their_order_and_goes_on_after_a_malformed_one(tmp_path: Path) -> None:
    lines = b'{"categories": ["tax"]}\nnonsense\n{"categories": ["medicine"]}'
    result = run("-", lines=lines, var=tmp_path)

    tax, error, medicine = (json.loads(line) for line in result.stdout.splitlines())
    assert tax["letters"][0]["holder"] == "vero"
    assert error == {"error": "This line is not JSON in UTF-8."}
    assert medicine["letters"][0]["holder"] == "kela"
    assert result.returncode == 1
    assert result.stderr.decode().strip() == "CommandError: Lines that could not be answered: 1."


def test_no_line_is_no_answer(tmp_path: Path) -> None:
    result = run("-", lines=b"", var=tmp_path)

    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_thousands_of_lines_are_answered_one_by_one(tmp_path: Path) -> None:
    line = {"categories": CATEGORIES[:5], "services": SERVICES, "from": 2000, "to": 2030, "on": DAY}
    result = run("-", lines=(json.dumps(line) + "\n").encode() * 3000, var=tmp_path)

    assert result.returncode == 0
    assert len(set(result.stdout.splitlines())) == 1
    assert result.stdout.count(b"\n") == 3000


@pytest.mark.parametrize(
    "arguments", [("--category", "tax", "--from", "x"), ("--category", "Tax"), (), ("-", "--from", "2019")]
)
def test_a_mistake_is_told_on_standard_error_alone(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, lines=b"", var=tmp_path)

    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.startswith(b"CommandError: ")
    assert result.stderr.count(b"\n") == 1


# ------------------------------------------------------------------------------------------ arguments


def test_services_and_place_of_living_are_asked_with_the_rest() -> None:
    answer = ask("--category", "background", "--service", "kela", "city", "--service", "migri", "--on", DAY)
    elsewhere = ask("--category", "background", "--service", "city", "--lived-in-espoo", "no", "--on", DAY)

    assert [letter["holder"] for letter in answer["letters"]] == ["espoo", "kela", "migri"]
    assert elsewhere["letters"] == []
    assert [item["code"] for item in elsewhere["explained"]] == ["ask_where_you_lived"]


def test_open_years_are_null_in_the_reasons() -> None:
    (letter,) = ask("--category", "tax", "--from", "", "--on", DAY)["letters"]

    assert [(reason["from"], reason["to"]) for reason in letter["reasons"]] == [(None, None)]


@pytest.mark.parametrize(
    ("years", "holder"), [(("1", "1"), "vero"), (("99999", "99999"), "incomes_register")]
)
def test_any_year_is_accepted(years: tuple[str, str], holder: str) -> None:
    answer = ask("--category", "income", "--from", years[0], "--to", years[1], "--on", DAY)

    assert answer["letters"][-1]["holder"] == holder


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_any_day_is_accepted(day: str) -> None:
    answer = ask("--category", "tax", "--on", day)

    assert [letter["holder"] for letter in answer["letters"]] == ["vero"]


@pytest.mark.parametrize(("minute", "decided"), [(59, False), (0, True)])
def test_the_day_of_asking_is_today_in_finland(
    monkeypatch: pytest.MonkeyPatch, minute: int, decided: bool
) -> None:
    # At 22:00 UTC the year 2025 began in Finland.
    now = datetime(2024, 12, 31, 22 if decided else 21, minute, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert bool(ask("--category", "employment")["letters"]) is decided


def test_words_are_english_whatever_language_is_active() -> None:
    out = io.StringIO()
    with translation.override("fi"):
        call_command("route", "--category", "social_health", "--to", "2020", "--on", DAY, stdout=out)

    assert out.getvalue() == (
        "Letter to Western Uusimaa Wellbeing Services County\n"
        f"  social_health until 2020: {english('espoo_records_moved')}\n"
        f"  Otherwise City of Espoo: {english('passed_on')}\n"
        "See also HUS (hospitals)\n"
        f"  social_health: {english('hospital_care')}\n"
    )


def test_words_tell_every_kind_of_outcome() -> None:
    out = io.StringIO()
    arguments = (
        "--category",
        "skills_centre",
        "employment",
        "research",
        "--from",
        "2018",
        "--on",
        "2024-06-01",
    )
    call_command("route", *arguments, stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[0] == "Letter to Omnia, the joint authority of education in the Espoo region"
    assert lines[1].startswith("  skills_centre from 2019: ")
    assert "See also Statistics Finland" in lines
    assert lines.count("No letter") == 2
    assert lines[-2] == "Undecided"
    assert lines[-1].startswith("  employment 2018-2024: We do not know")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "2019"), "Name at least one category"),
        (("--category", "two words"), "Each category is a key"),
        (("--category", "-"), "Each category is a key"),
        (("--category", "tax", "--service", "Kela"), "Each service is a key"),
        (("--category", "tax", "--from", "2019.0"), "A year is a whole number"),
        (("--category", "tax", "--to", "100000"), "A year is a whole number"),
        (("--category", "tax", "--to", "0"), "A year must be from 1 to 99999"),
        (("--category", "tax", "--from=-5"), "A year is a whole number"),
        (("--category", "tax", "--to", "9" * 5000), "A year is a whole number"),
        (
            ("--category", "tax", "--from", "2019", "--to", "2018"),
            r"\(2019\) is later than the last \(2018\)",
        ),
        (("--category", "tax", "--on", "24.11.2026"), "A date is a day of the calendar"),
        (("--category", "tax", "--on", "2026-02-30"), "A date is a day of the calendar"),
        (("--category", "tax", "--on", "2026-W48-2"), "A date is a day of the calendar"),
        (("--category", "tax", "--lived-in-espoo", "maybe"), "must be one of: yes, partly, no"),
        (("-", "--category", "tax"), "everything asked is a field of each line"),
    ],
)
def test_bad_arguments_are_told(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        ask(*arguments)


# ---------------------------------------------------------------------------------------------- lines


def test_a_line_is_answered_as_the_arguments_are(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {
        "categories": ["background", "employment"],
        "from": 2023,
        "to": "2024",
        "services": ["employment"],
        "lived_in_espoo": "partly",
        "on": DAY,
    }
    arguments = ("--category", "background", "employment", "--from", "2023", "--to", "2024", "--on", DAY)

    (answer,) = ask_lines([fields], monkeypatch)

    assert answer == ask(*arguments, "--service", "employment", "--lived-in-espoo", "partly")
    assert [letter["holder"] for letter in answer["letters"]] == ["espoo_employment", "keha"]


def test_all_fields_but_the_categories_may_be_left_out_or_null(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = dict.fromkeys(("from", "to", "services", "lived_in_espoo", "on"))

    short, null = ask_lines([{"categories": ["tax"]}, {"categories": ["tax"], **nothing}], monkeypatch)

    assert short == null
    assert short["letters"][0]["holder"] == "vero"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"\n", "not JSON"),
        (b"\xff\n", "not JSON"),
        (b'{"categories": ["tax"]\n', "not JSON"),
        (b'{"categories": ["tax"], "from": ' + b"9" * 5000 + b"}\n", "not JSON"),
        (b"[" * 60_000 + b"\n", "not JSON"),
        (b'{"categories": ["tax"]} ' + b" " * MAX_LINE + b"\n", "at most 65536 bytes"),
        (b" " * (MAX_LINE * 3) + b"\n", "at most 65536 bytes"),
        (b'["tax"]\n', "must be a JSON object"),
        (b"null\n", "must be a JSON object"),
        ({}, "Name at least one category"),
        ({"categories": []}, "Name at least one category"),
        ({"categories": "tax"}, "Each category is a key"),
        ({"categories": [1]}, "Each category is a key"),
        ({"categories": ["tax\0"]}, "Each category is a key"),
        ({"categories": ["tax\n"]}, "Each category is a key"),
        ({"categories": ["x" * 33]}, "Each category is a key"),
        ({"categories": ["tax"], "services": {"kela": True}}, "Each service is a key"),
        ({"categories": ["tax"], "from": True}, "A year is a whole number"),
        ({"categories": ["tax"], "from": 2019.0}, "A year is a whole number"),
        ({"categories": ["tax"], "from": float("nan")}, "A year is a whole number"),
        ({"categories": ["tax"], "from": "٢٠١٩"}, "A year is a whole number"),
        ({"categories": ["tax"], "to": 10**400}, "A year must be from 1 to 99999"),
        ({"categories": ["tax"], "to": [2019]}, "A year is a whole number"),
        ({"categories": ["tax"], "from": 2020, "to": 2019}, "is later than the last"),
        ({"categories": ["tax"], "on": 20261124}, "A date is a day of the calendar"),
        ({"categories": ["tax"], "on": "0000-01-01"}, "A date is a day of the calendar"),
        ({"categories": ["tax"], "lived_in_espoo": True}, "Whether you lived in Espoo is a text"),
        ({"categories": ["tax"], "lived_in_espoo": "maybe"}, "must be one of: yes, partly, no"),
        ({"categories": ["tax"], "year": 2019}, "The fields are categories, from, to"),
    ],
)
def test_a_malformed_line_is_answered_by_an_error_and_the_next_one_as_ever(
    monkeypatch: pytest.MonkeyPatch, line: bytes | dict[str, Any], message: str
) -> None:
    error, answer = ask_lines([line, {"categories": ["tax"]}], monkeypatch)

    assert list(error) == ["error"]
    assert message in error["error"]
    assert len(error["error"]) < 200
    assert answer["letters"][0]["holder"] == "vero"


def test_a_line_of_just_the_greatest_length_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    line = b'{"categories": ["tax"]}'

    (answer,) = ask_lines([line.ljust(MAX_LINE - 1) + b"\n"], monkeypatch)

    assert answer["letters"][0]["holder"] == "vero"
