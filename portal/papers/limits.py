"""Bounds on the time and memory of one piece of work, in any thread and without another process.

A watcher looks at clock and memory twenty times a second and, past a bound, raises an exception inside the working
thread.  That stops Python code, which is where a PDF engine spends its time; a single long call into a C library ends
first.  The hard stop behind this one is the worker's own (Celery's time limit, the supervisor).
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from portal.papers.errors import LimitExceeded

Result = TypeVar("Result")

_TICK: Final = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one document: seconds, megabytes of growth of the process's memory, characters of HTML."""

    seconds: float = 60.0
    megabytes: int = 512
    characters: int = 4_000_000


class _Stop(BaseException):
    """Raised inside the working thread; no `except Exception` on the way may swallow it."""


def run(work: Callable[[], Result], limits: Limits) -> Result:
    """Give what `work()` gives, or raise `LimitExceeded` when it goes on for too long or takes too much memory."""
    watcher = _Watcher(limits)
    try:
        try:
            result = work()
        finally:
            watcher.finish()
    except BaseException as error:
        watcher.finish()
        if watcher.exceeded:
            raise watcher.report() from (None if isinstance(error, _Stop) else error)
        raise
    if watcher.exceeded:
        raise watcher.report()
    return result


class _Watcher:
    """Watches the thread that makes it."""

    def __init__(self, limits: Limits) -> None:
        self.exceeded: str | None = None
        self._limits = limits
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._finished = threading.Event()
        self._begun = time.monotonic()
        self._memory = _memory()
        threading.Thread(target=self._watch, name="papers-limits", daemon=True).start()

    def finish(self) -> None:
        """Stop watching; afterwards no exception is pending for the thread.  May be called again."""
        while True:
            try:
                with self._lock:
                    self._finished.set()
                    _raise_in(self._thread, None)
            except _Stop:
                # It was on its way while the lock was taken: once more, and there is no other.
                continue
            return

    def report(self) -> LimitExceeded:
        """The exception for the caller."""
        limit = self.exceeded or "seconds"
        return LimitExceeded(limit, f"Stopped: more than {getattr(self._limits, limit)} {limit}.")

    def _watch(self) -> None:
        while not self._finished.wait(_TICK):
            if time.monotonic() - self._begun > self._limits.seconds:
                exceeded = "seconds"
            elif _memory() - self._memory > self._limits.megabytes:
                exceeded = "megabytes"
            else:
                continue
            with self._lock:
                # Again at every tick: code that swallows the exception is interrupted once more.
                if not self._finished.is_set():
                    self.exceeded = exceeded
                    _raise_in(self._thread, _Stop)


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Have `thread` raise `kind` at its next step in Python, or forget what is pending."""
    argument = ctypes.py_object(kind) if kind is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), argument)


def _memory() -> int:
    """Resident memory of this process in megabytes; 0 where the system does not tell (not Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000
