"""Keep a few processes running: start them, start again the one that dies, stop them all together.

Honcho was tried first. It ends every process when one ends, and `make run` wants the opposite: a sweeper that
dies must not take the server with it, nor leave letters waiting until somebody looks.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tools.processes import tethered
from tools.setup import ROOT

SHORT_LIFE = 5.0
"""Seconds; a process that lives shorter than this did not really start."""

SHORT_LIVES_ALLOWED = 4
LONGEST_PAUSE = 30.0
STOP_SECONDS = 10.0


class GaveUpError(Exception):
    """A process ended again and again just after its start; the text names it."""


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    short_lives: int = 0


@dataclass
class Supervisor:
    """Keep `commands` (by name) running in `environment`; `tell` gets a line for each one that ended."""

    commands: Mapping[str, Sequence[str]]
    environment: Mapping[str, str]
    tell: Callable[[str], None]
    children: list[Child] = field(init=False)

    def __post_init__(self) -> None:
        self.children = [Child(name, command) for name, command in self.commands.items()]

    def look(self) -> None:
        """Start what is not running and may start now; raises GaveUpError where one does not stay up."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and (code := child.process.poll()) is not None:
                self._bury(child, code, now)
            if child.process is None and now >= child.start_at:
                self._start(child, now)

    def stop(self) -> None:
        """End all of them in good order; what is left of one after ten seconds is killed."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            finally:
                end_group(process)

    def _start(self, child: Child, now: float) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which ends the others
        # in order.
        child.process = subprocess.Popen(
            tethered(child.command), cwd=ROOT, env=dict(self.environment), start_new_session=True
        )
        child.started = now

    def _bury(self, child: Child, code: int, now: float) -> None:
        if child.process is not None:
            end_group(child.process)  # A killed server may leave workers that still hold the port.
        child.process = None
        child.short_lives = child.short_lives + 1 if now - child.started < SHORT_LIFE else 0
        if child.short_lives > SHORT_LIVES_ALLOWED:
            raise GaveUpError(
                f"The {child.name} ends just after its start (exit code {code}); see above for why."
            )
        pause = min(LONGEST_PAUSE, 2.0**child.short_lives - 1)
        child.start_at = now + pause
        self.tell(f"the {child.name} ended (exit code {code}); starting it again")


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill `process` and whatever is left of its session, and wait for it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
