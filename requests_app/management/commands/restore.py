"""Restores the data and the keys from two archives, and purges again what was purged since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.actions import archive


class Command(BaseCommand):
    """`manage.py restore DATA_ARCHIVE KEYS_ARCHIVE --yes`."""

    help = "Replaces everything stored; stop the portal first. Keys older than 7 days are refused."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the two archives and the confirmation."""
        parser.add_argument("data", type=Path)
        parser.add_argument("keys", type=Path)
        parser.add_argument("--yes", action="store_true", help="replace what is stored now")

    def handle(self, *args: Any, data: Path, keys: Path, yes: bool, **options: Any) -> None:
        """Restore, and say how much was purged again."""
        if not yes:
            raise CommandError("This replaces everything stored. Stop the portal, then give --yes.")
        try:
            again = archive.restore(data, keys)
        except archive.BadArchive as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored; {again} purged filings and messages were purged again.")
