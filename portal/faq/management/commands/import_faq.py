"""Loads the reviewed files of the FAQ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.faq.content import CONTENT, read_content
from portal.faq.importing import import_answers


class Command(BaseCommand):
    """`manage.py import_faq`: safe to run twice; a broken file is refused before anything is stored."""

    help = "Loads portal/faq/content/; refuses a broken file with its line, keeps what an editor has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another folder than the reviewed one."""
        parser.add_argument("--folder", type=Path, default=CONTENT, help="folder with a folder per language")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what changed and what was kept."""
        try:
            answers = read_content(options["folder"])
        except (ValueError, OSError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        done = import_answers(answers)
        self.stdout.write(
            f"faq: {len(done.made)} made, {len(done.changed)} changed, {len(done.unchanged)} unchanged, "
            f"{len(done.kept)} kept as an editor left them"
        )
        for name in done.kept:
            self.stdout.write(f"kept: {name}")
