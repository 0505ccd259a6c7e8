"""Writes a language for translators outside, and reads what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.faq import po
from portal.faq.models import Translation
from portal.faq.revisions import Author
from portal.faq.units import SOURCE
from portal.languages import BY_CODE

_LANGUAGES = [code for code in BY_CODE if code != SOURCE]


class Command(BaseCommand):
    """`manage.py faq_po export LANG FILE` and `manage.py faq_po import LANG FILE [--status STATUS]`."""

    help = "Exports a language of FAQ and glossary as a PO file, or imports one, whole or not at all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, the language, the file, and how far an imported text goes."""
        parser.add_argument("action", choices=["export", "import"])
        parser.add_argument("language", choices=_LANGUAGES)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--status",
            choices=[Translation.Status.DRAFT.value, Translation.Status.UNREVIEWED.value],
            default=Translation.Status.DRAFT.value,
            help="draft (default): an editor publishes it; unreviewed: readers get it at once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say in one line what was done, or in one line each what is wrong."""
        language, file = options["language"], options["file"]
        try:
            if options["action"] == "export":
                file.write_text(po.export(language), encoding="utf-8")
                self.stdout.write(f"{language}: written to {file}")
                return
            if file.stat().st_size > po.MAX_BYTES:
                raise CommandError(f"Nothing was imported. {file}: larger than {po.MAX_BYTES} bytes")
            taken = po.take(file.read_bytes(), language, status=options["status"], by=Author())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except po.RefusedFile as error:
            faults = "\n".join(f"{file}, line {fault.line}: {fault.reason}" for fault in error.faults)
            raise CommandError(f"Nothing was imported.\n{faults}") from error
        self.stdout.write(f"{language}: {len(taken.saved)} texts saved, {len(taken.same)} were the same")
