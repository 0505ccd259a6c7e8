"""Purges filings and feedback whose time is over; shows first what it will do."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from requests_app.actions import retention


class Command(BaseCommand):
    """`manage.py purge [--yes]`."""

    help = "Lists what is kept long enough, by count and reason; with --yes destroys its keys and data."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--yes`."""
        parser.add_argument("--yes", action="store_true", help="do it; without this, only show")

    def handle(self, *args: Any, yes: bool, **options: Any) -> None:
        """Show, and with `--yes` do."""
        due, feedback = retention.due(), retention.due_feedback()
        reasons = sorted({item.reason for item in due})
        for reason in reasons:
            self.stdout.write(f"{reason}: {sum(item.reason == reason for item in due)}")
        if feedback:
            self.stdout.write(f"feedback: {len(feedback)}")
        total = len(due) + len(feedback)
        if not yes:
            self.stdout.write(f"{total} to purge; nothing done. Give --yes to do it.")
            return
        for item in due:
            retention.purge(item.filing_id)
        for feedback_id in feedback:
            retention.purge_feedback(feedback_id)
        orphans = retention.sweep_orphan_keys()
        self.stdout.write(f"{total} purged, {orphans} orphan keys deleted.")
