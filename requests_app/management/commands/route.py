"""`manage.py route`: who holds what, for whoever asks on a day, without a database or any setting."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from requests_app.management.json_lines import answer_lines
from requests_app.rules.dates import today_in_finland
from requests_app.rules.register import Register, read_register
from requests_app.rules.routing import Decision, Question, route
from requests_app.rules.vocabulary import CATEGORIES, LIVED_IN_ESPOO, SERVICES
from requests_app.wording.routing import PLACE_NAMES, place_name, routing_text

FIELDS: Final = ("categories", "from", "to", "services", "lived_in_espoo", "on")

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_YEAR: Final = re.compile(r"[0-9]{1,5}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Command(BaseCommand):
    """Print to whom letters go and why; with `-`, one JSON answer a line of standard input."""

    help = "Say who holds the data of some categories and years, and why, from the reviewed register."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the public contract's arguments; their values are checked as those of a line are."""
        parser.add_argument("lines", nargs="?", choices=["-"], help="read one JSON object a line instead")
        parser.add_argument(
            "--category",
            nargs="+",
            action="extend",
            metavar="K",
            help=f"one or more of {' '.join(CATEGORIES)}",
        )
        parser.add_argument("--from", metavar="Y", help="first year of the data; default 2009")
        parser.add_argument("--to", metavar="Y", help="last year of the data; default the year of asking")
        parser.add_argument(
            "--service", nargs="+", action="extend", metavar="S", help=f"one or more of {' '.join(SERVICES)}"
        )
        parser.add_argument("--lived-in-espoo", metavar="A", help=f"one of {' '.join(LIVED_IN_ESPOO)}")
        parser.add_argument(
            "--on", metavar="DATE", help="the day of asking, YYYY-MM-DD; default today in Finland"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON instead of words")

    @translation.override("en")
    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer on standard output, in English; a malformed argument or line ends with exit code 1."""
        register = read_register()
        holders = register.holder_facts
        today = today_in_finland(timezone.now())
        asked = {
            "categories": options["category"],
            "services": options["service"],
            **{name: options[name] for name in ("from", "to", "lived_in_espoo", "on")},
        }

        def decide(fields: Mapping[str, object]) -> Decision:
            return route(question_from(fields, today=today), rules=register.rules, holders=holders)

        if options["lines"]:
            if any(value is not None for value in asked.values()):
                raise CommandError("With - everything asked is a field of each line.")
            answer_lines(sys.stdin.buffer, answer=lambda fields: as_json(decide(fields)), out=self.stdout)
            return
        try:
            decision = decide(asked)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(json.dumps(as_json(decision)) if options["json"] else in_words(decision, register))


def question_from(fields: Mapping[str, object], *, today: date) -> Question:
    """Return the question in a line's `fields`, asked on `today` unless they say else.

    Raises ValueError with a sentence for what is missing or malformed, and for another field.  A category
    that no rule knows is none of these: routing answers it with "undecided".
    """
    if not fields.keys() <= set(FIELDS):
        raise ValueError(f"The fields are {', '.join(FIELDS)}; here is another one.")
    categories = _keys(fields.get("categories"), what="category")
    if not categories:
        raise ValueError("Name at least one category.")
    lived = fields.get("lived_in_espoo")
    if lived is not None and not isinstance(lived, str):
        raise ValueError("Whether you lived in Espoo is a text.")
    return Question(
        categories=categories,
        from_year=_year(fields.get("from")),
        to_year=_year(fields.get("to")),
        services=_keys(fields.get("services"), what="service"),
        lived_in_espoo=lived or LIVED_IN_ESPOO[0],
        on=_day(fields.get("on")) or today,
    )


def _keys(value: object, *, what: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(key, str) and _KEY.fullmatch(key) for key in value):
        raise ValueError(
            f"Each {what} is a key of small letters, such as {'income' if what == 'category' else 'kela'}."
        )
    return tuple(value)


def _year(value: object) -> int | None:
    """Return a year from a whole number or its digits; empty means open."""
    if value is None or value == "":
        return None
    # A bool is an int in Python, but no year.
    if type(value) is int:
        return value
    if isinstance(value, str) and _YEAR.fullmatch(value):
        return int(value)
    raise ValueError("A year is a whole number such as 2019.")


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("A date is a day of the calendar such as 2026-11-24.")


def as_json(decision: Decision) -> dict[str, object]:
    """Return the public JSON form of a decision: codes, and texts in the active language."""
    return {
        "letters": [
            {
                "holder": letter.holder,
                "categories": list(letter.categories),
                "reasons": [
                    {
                        "category": reason.category,
                        "code": reason.code,
                        "text": routing_text(reason.code),
                        "from": reason.years_from,
                        "to": reason.years_to,
                        "source": reason.source,
                    }
                    for reason in letter.reasons
                ],
                "fallback": letter.fallback,
            }
            for letter in decision.letters
        ],
        "pointers": [
            {"to": item.to, "category": item.category, "code": item.code, "text": routing_text(item.code)}
            for item in decision.pointers
        ],
        "explained": [
            {"category": item.category, "code": item.code, "text": routing_text(item.code)}
            for item in decision.explained
        ],
        "undecided": [
            {
                "category": item.category,
                "code": item.code,
                "text": routing_text(item.code),
                "from": item.years_from,
                "to": item.years_to,
            }
            for item in decision.undecided
        ],
    }


def in_words(decision: Decision, register: Register) -> str:
    """Return a decision as English text for a terminal, a line or two for each thing that came of it."""
    names = {row.key: row.name["en"] for row in register.holders}
    parts: list[str] = []
    for letter in decision.letters:
        parts.append(f"Letter to {names[letter.holder]}")
        parts += [
            f"  {reason.category}{_years(reason.years_from, reason.years_to)}: {routing_text(reason.code)}"
            for reason in letter.reasons
        ]
        if letter.fallback:
            parts.append(f"  Otherwise {names[letter.fallback]}: {routing_text('passed_on')}")
    for pointer in decision.pointers:
        place = place_name(pointer.to) if pointer.to in PLACE_NAMES else names[pointer.to]
        parts.append(f"See also {place}\n  {pointer.category}: {routing_text(pointer.code)}")
    parts += [f"No letter\n  {item.category}: {routing_text(item.code)}" for item in decision.explained]
    parts += [
        f"Undecided\n  {item.category}{_years(item.years_from, item.years_to)}: {routing_text(item.code)}"
        for item in decision.undecided
    ]
    return "\n".join(parts)


def _years(first: int | None, last: int | None) -> str:
    if first is None and last is None:
        return ""
    if first == last:
        return f" {first}"
    return f" from {first}" if last is None else f" until {last}" if first is None else f" {first}-{last}"
