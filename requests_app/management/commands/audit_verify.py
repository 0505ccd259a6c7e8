"""Verifies the event chains of all cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.actions import audit


class Command(BaseCommand):
    """`manage.py audit_verify [--against FILE]`."""

    help = "Finds changed, removed, reordered or cut-off events; --against compares with an exported list of heads."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--against`."""
        parser.add_argument(
            "--against", type=Path, help="heads-YYYY-MM-DD.jsonl as exported daily to AUDIT_DIR"
        )

    def handle(self, *args: Any, against: Path | None, **options: Any) -> None:
        """Print each fault; fail where there is one."""
        if against is not None and not against.is_file():
            raise CommandError(f"There is no file {against}.")
        faults = 0
        for fault in audit.verify(against=against):
            faults += 1
            self.stdout.write(f"case {fault.case_id} event {fault.number}: {fault.code}")
        if faults:
            raise CommandError(f"{faults} faults in the event chains.")
        self.stdout.write("Every event chain is whole.")
