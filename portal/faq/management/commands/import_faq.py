"""Loads the reviewed files of the FAQ and the glossary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.faq.content import CONTENT, read_content
from portal.faq.glossary_files import read_glossaries
from portal.faq.importing import Imported, import_answers
from portal.faq.importing_terms import import_glossaries


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
            glossaries = read_glossaries(options["folder"])
        except (ValueError, OSError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        with transaction.atomic():
            done = {"faq": import_answers(answers), "glossary": import_glossaries(glossaries)}
        for name, part in done.items():
            self._tell(name, part)

    def _tell(self, name: str, done: Imported) -> None:
        self.stdout.write(
            f"{name}: {len(done.made)} made, {len(done.changed)} changed, {len(done.unchanged)} unchanged, "
            f"{len(done.kept)} kept as an editor left them"
        )
        for kept in done.kept:
            self.stdout.write(f"kept: {kept}")
