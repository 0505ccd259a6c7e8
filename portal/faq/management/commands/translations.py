"""Tells how far the translations have come."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.faq.interface import interface_tallies
from portal.faq.progress import Tally, tallies
from portal.languages import LANGUAGES


class Command(BaseCommand):
    """`manage.py translations [--json]`."""

    help = "Prints per language: FAQ, glossary and interface, complete · unreviewed · out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--json`."""
        parser.add_argument("--json", action="store_true", help="one JSON object, by language")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table for people, or the same as JSON."""
        interface = interface_tallies()
        found = {code: {**parts, "interface": interface[code]} for code, parts in tallies().items()}
        if options["json"]:
            plain = {
                code: {name: asdict(part) for name, part in parts.items()} for code, parts in found.items()
            }
            self.stdout.write(json.dumps(plain))
            return
        names = ("faq", "glossary", "interface")
        self.stdout.write("complete · unreviewed · out of date")
        self.stdout.write(_line("", *names))
        for language in LANGUAGES:
            self.stdout.write(_line(language.code, *(_cell(found[language.code][name]) for name in names)))


def _line(first: str, *cells: str) -> str:
    return f"{first:<10}" + "".join(f"{cell:<22}" for cell in cells).rstrip()


def _cell(tally: Tally) -> str:
    return f"{tally.complete}/{tally.total} · {tally.unreviewed} · {tally.outdated}"
