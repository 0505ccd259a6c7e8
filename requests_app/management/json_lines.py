"""JSON Lines (jsonlines.org) for commands: one question a line of standard input, one answer a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from django.core.management.base import CommandError, OutputWrapper

MAX_LINE: Final = 65_536
"""The most bytes of a line that are read; a longer line is refused, and skipped without keeping it."""


def answer_lines(
    questions: BinaryIO, *, answer: Callable[[dict[str, Any]], Mapping[str, object]], out: OutputWrapper
) -> None:
    """Write to `out` the `answer` to each line of `questions`, at once and in their order.

    A line that is no JSON object, or for which `answer` raises ValueError, is answered by `{"error": "…"}`,
    and the run goes on; at its end CommandError (exit code 1) says how many there were.
    """
    failed = 0
    for line in _lines(questions):
        try:
            result = answer(_object(line))
        except ValueError as problem:
            failed += 1
            result = {"error": str(problem)}
        out.write(json.dumps(result))
        out.flush()
    if failed:
        raise CommandError(f"Lines that could not be answered: {failed}.")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield each line, or its first MAX_LINE + 1 bytes, so that no line can fill the memory."""
    while line := stream.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE + 1)
        yield line


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise ValueError(f"A line must have at most {MAX_LINE} bytes.")
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError("This line is not JSON in UTF-8.") from None
    if not isinstance(value, dict):
        raise ValueError("A line must be a JSON object.")  # noqa: TRY004 — every refusal is a ValueError.
    return value
