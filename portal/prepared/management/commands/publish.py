"""Writes the public pages as files for a web server."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import HttpRequest, HttpResponse

from portal.prepared import folder as published
from portal.prepared.pages import public_paths
from portal.prepared.preparing import NotPrepared, PreparedPage, prepare
from portal.prepared.revision import revision


class Command(BaseCommand):
    """`manage.py publish DIR`: safe to run as often as you like; where nothing changed it does nothing."""

    help = "Writes all public pages below DIR, with .gz and .br, for a web server (docs/deployment.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="made where it is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make every page, then write the files, and say how many changed."""
        folder: Path = options["folder"]
        try:
            # Before the pages are made: a change meanwhile then shows at the next publishing.
            current = revision()
            if published.is_published(folder, revision=current):
                self.stdout.write("publish: nothing has changed")
                return
            done = published.publish(folder, revision=current, pages=_pages())
        except (NotPrepared, published.NotOurs, ValueError, OSError) as error:
            raise CommandError(f"The pages were not published: {error}") from error
        self.stdout.write(
            f"publish: {done.written} files written, {done.unchanged} unchanged, {done.removed} removed"
        )


def _pages() -> dict[str, PreparedPage]:
    """Return every public page by its path; one that is not there is left out, any other fault ends it."""
    ask = cast("Callable[[HttpRequest], HttpResponse]", WSGIHandler().get_response)
    pages: dict[str, PreparedPage] = {}
    for path in public_paths():
        try:
            pages[path] = prepare(path, ask=ask)
        except NotPrepared as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
    return pages
