"""`manage.py deadline`: reckon when an answer is due, without a database or any setting."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from requests_app.management.json_lines import answer_lines
from requests_app.rules.dates import parse_date
from requests_app.rules.deadlines import Deadline, Pause, Step, deadline
from requests_app.wording.clock import clock_text, reckoning

FIELDS: Final = ("received", "extended", "pauses")


class Command(BaseCommand):
    """Print a deadline and the steps that led there; with `-`, one JSON answer a line of standard input."""

    help = "Reckon by when an authority must answer (GDPR art. 12(3), Regulation 1182/71)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the public contract's arguments."""
        parser.add_argument("received", help="day of receipt, 2026-03-05 or 5.3.2026; - reads JSON lines")
        parser.add_argument("--extended", action="store_true", help="the time was extended to three months")
        parser.add_argument(
            "--pause", nargs=2, action="append", default=[], metavar=("FROM", "TO"), help="may be repeated"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON instead of words")

    @translation.override("en")
    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer on standard output, in English; a malformed argument or line ends with exit code 1."""
        if options["received"] == "-":
            if options["extended"] or options["pause"]:
                raise CommandError("With - the extension and the pauses are fields of each line.")
            answer_lines(
                sys.stdin.buffer, answer=lambda fields: as_json(deadline_from(fields)), out=self.stdout
            )
            return
        try:
            answer = _deadline(options["received"], extended=options["extended"], pauses=options["pause"])
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        if options["json"]:
            self.stdout.write(json.dumps(as_json(answer)))
            return
        for step in answer.steps:
            self.stdout.write(clock_text(step))
        self.stdout.write(reckoning(answer))


def as_json(answer: Deadline) -> dict[str, object]:
    """Return the public JSON form of a deadline: days in ISO 8601, texts in the active language."""
    return {
        "received": answer.received.isoformat(),
        "due": answer.due.isoformat(),
        "latest": answer.latest.isoformat(),
        "told_by": answer.told_by.isoformat(),
        "steps": [_step(step) for step in answer.steps],
    }


def _step(step: Step) -> dict[str, object]:
    """Return one step in JSON's terms; facts that it does not have are left out."""
    facts: dict[str, object] = {"code": step.code, "day": step.day.isoformat(), "text": clock_text(step)}
    if step.days is not None:
        facts["days"] = step.days
    if step.since is not None:
        facts["since"] = step.since.isoformat()
    if step.until is not None:
        facts["until"] = step.until.isoformat()
    if step.reasons:
        facts["reasons"] = list(step.reasons)
    return facts


def deadline_from(fields: Mapping[str, object]) -> Deadline:
    """Reckon the deadline that a line's `fields` ask for; raise ValueError with a sentence."""
    if not fields.keys() <= set(FIELDS):
        raise ValueError(f"The fields are {', '.join(FIELDS)}; here is another one.")
    if "received" not in fields:
        raise ValueError("The field received is missing.")
    extended = fields.get("extended", False)
    if not isinstance(extended, bool):
        raise ValueError("The field extended is true or false.")  # noqa: TRY004 — every refusal is a ValueError.
    pauses = fields.get("pauses", [])
    if not isinstance(pauses, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pauses):
        raise ValueError("The field pauses is a list of pairs of dates, [[FROM, TO], …].")
    return _deadline(fields["received"], extended=extended, pauses=pauses)


def _deadline(received: object, *, extended: bool, pauses: Iterable[Iterable[object]]) -> Deadline:
    """Reckon a deadline from days as they are written; raise ValueError with a sentence."""
    stops = [Pause(*(parse_date(_text(day)) for day in pair)) for pair in pauses]
    return deadline(parse_date(_text(received)), extended=extended, pauses=stops)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("A date is a text such as 2026-03-05.")  # noqa: TRY004 — every refusal is a ValueError.
    return value
