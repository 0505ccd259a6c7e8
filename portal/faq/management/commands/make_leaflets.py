"""Makes the leaflets that are not kept yet, so that nobody has to wait for one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.faq import leaflet_shelf
from portal.languages import LANGUAGES


class Command(BaseCommand):
    """`manage.py make_leaflets`: safe to run twice, and beside a server that makes them as they are asked for."""

    help = "Makes each language's leaflet (PDF) where the kept one is missing or out of date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them one by one; a language that fails does not keep the others from theirs."""
        failed = []
        for language in LANGUAGES:
            try:
                made = leaflet_shelf.kept(language.code)
            except leaflet_shelf.NotReady:
                failed.append(language.code)
                continue
            if made is None:
                raise CommandError("There are no answers to print yet: run `manage.py import_faq` first.")
            self.stdout.write(f"leaflet: {language.code}, {len(made.pdf) // 1000} kB")
        if failed:
            raise CommandError(f"Not made: {', '.join(failed)}; the log says why.")
