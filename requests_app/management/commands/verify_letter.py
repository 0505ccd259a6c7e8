"""Tells of a PDF file whether the portal made it and whether it is unchanged; never for whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.reading import origin

MOST_BYTES = 20_000_000


class Command(BaseCommand):
    """`manage.py verify_letter FILE`."""

    help = "Tells whether a PDF is a letter of this portal, unchanged, when it was made, and for which holder and kind."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Print what is known; fail where it is not an unchanged letter of ours."""
        try:
            if file.stat().st_size > MOST_BYTES:
                raise CommandError(f"{file} is larger than {MOST_BYTES} bytes; no letter of ours is.")
            pdf = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        known = origin.of_pdf(pdf)
        for line in known.lines():
            self.stdout.write(line)
        if not known.is_ours_unchanged:
            raise CommandError("This is not an unchanged letter of this portal.")
