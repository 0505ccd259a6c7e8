"""The sweep, once or for ever: renders and sends what waits, and keeps house every hour."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import close_old_connections

from requests_app.actions import sweep

log = logging.getLogger(__name__)
LONGEST_WAIT_SECONDS = 30.0


class Command(BaseCommand):
    """`manage.py sweep [--watch]`."""

    help = "Renders and sends what waits; with --watch for ever, until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--watch`."""
        parser.add_argument("--watch", action="store_true", help="go on until SIGTERM or SIGINT")

    def handle(self, *args: Any, watch: bool, **options: Any) -> None:
        """Sweep once, or until told to stop."""
        if missing := run_checks(tags=["secrets"], include_deployment_checks=True):
            raise CommandError("\n".join(problem.msg for problem in missing))
        if not watch:
            sweep.housekeeping()
            self.stdout.write(f"swept: {sweep.sweep(most=None)} done")
            return
        stop = threading.Event()

        def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask_to_stop)
        self._watch(stop)

    @staticmethod
    def _watch(stop: threading.Event) -> None:
        wait = settings.SWEEP_SECONDS
        while not stop.is_set():
            try:
                # A few letters at a time, so that a stop is heard and the sign of life stays fresh.
                done = sweep.sweep(most=4)
                if sweep.housekeeping_is_due():
                    sweep.housekeeping()
                wait = settings.SWEEP_SECONDS
            except (DatabaseError, OSError):
                # The database is away or restarting: whatever waits is still waiting when it is back.
                log.exception("the sweep could not work")
                close_old_connections()
                done, wait = 0, min(wait * 2, LONGEST_WAIT_SECONDS)
            if not done:
                stop.wait(wait)
