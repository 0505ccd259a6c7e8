"""Knows the present revision without asking the database for every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.db import Error

log = logging.getLogger(__name__)


class RevisionWatch:
    """The revision as this process knows it: at most PREPARED_SECONDS old, and never older than its own writing.

    When the time is over, one thread looks while the others go on by what is known; after something was written,
    all wait for the one that looks.  Where the database can't be asked, the last known revision stays.
    """

    def __init__(self, look: Callable[[], str]) -> None:
        self._look = look
        self._known = ""
        self._known_until = 0.0
        self._written = object()
        self._seen: object = None
        self._lock = Lock()

    def look_again(self) -> None:
        """Take what is known for old: this process may just have written something public."""
        # A new object, not a number counted up: two threads that count at once may lose one.
        self._written = object()

    def current(self) -> str:
        """Return the revision, "" where none could be read yet."""
        if not self._is_fresh() and self._lock.acquire(blocking=self._seen is not self._written):
            try:
                if not self._is_fresh():
                    self._read()
            finally:
                self._lock.release()
        return self._known

    def _is_fresh(self) -> bool:
        return self._seen is self._written and time.monotonic() < self._known_until

    def _read(self) -> None:
        written = self._written  # Before the look: what is written meanwhile asks for another one.
        try:
            self._known = self._look()
        except Error as error:
            log.warning("the revision of public pages could not be read: %s", type(error).__name__)
        self._known_until = time.monotonic() + settings.PREPARED_SECONDS
        self._seen = written
