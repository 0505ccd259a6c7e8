"""Loads the reviewed CSV files of holders, contacts and responsibilities to dated rows."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from requests_app.actions import register
from requests_app.rules.register import read_register


class Command(BaseCommand):
    """`manage.py load_register`: safe to run twice; a broken file is refused whole."""

    help = "Loads requests_app/data/*.csv; refuses a broken file whole, with its line."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what changed."""
        try:
            reviewed = read_register()
        except ValueError as error:
            raise CommandError(str(error)) from error
        done = register.load(reviewed)
        self.stdout.write(f"register: {done.made} made, {done.changed} changed, {done.retired} retired")
