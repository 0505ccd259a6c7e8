"""Writes one archive of the data and one of the keys, into two folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.actions import archive


class Command(BaseCommand):
    """`manage.py backup DATA_FOLDER KEYS_FOLDER`."""

    help = (
        "Writes an archive of the data and one of the keys; archives of keys older than 7 days are deleted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the two folders."""
        parser.add_argument("data_folder", type=Path)
        parser.add_argument("keys_folder", type=Path)

    def handle(self, *args: Any, data_folder: Path, keys_folder: Path, **options: Any) -> None:
        """Back up, and print the two paths."""
        try:
            made = archive.backup(data_folder, keys_folder=keys_folder)
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(made.data))
        self.stdout.write(str(made.keys))
