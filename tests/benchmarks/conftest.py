"""Figures of the benchmarks: each is said once at the end of the run, with what it was measured on.

    make test ARGS="tests/benchmarks -q"

What is asserted is a count or a ratio within one run; seconds are told and never asserted.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable

import pytest

Figure = Callable[[str, object], None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Return a function that notes a figure under a name."""

    def note(name: str, value: object) -> None:
        text = f"{value:.3f}" if isinstance(value, float) else str(value)
        # With pytest-xdist a worker's figures reach the controller as properties of the test's report.
        request.node.user_properties.append(("figure", (name, text)))

    return note


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect the figures of a finished test."""
    if report.when == "call":
        for name, value in report.user_properties:
            if name == "figure" and isinstance(value, tuple | list):
                _seen.append((str(value[0]), str(value[1])))


_seen: list[tuple[str, str]] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures."""
    if not _seen:
        return
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    terminalreporter.section(f"figures ({machine})")
    for name, text in _seen:
        terminalreporter.write_line(f"{name}: {text}")
