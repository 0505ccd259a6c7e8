"""Strict reading of a reviewed CSV file (RFC 4180, UTF-8): what is not understood is refused, by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

_SPELLING: Final = dict.fromkeys((0x00A0, 0x200C, 0x200D))
"""Unseen, but part of spelling: French wants no-break spaces, Persian joiners (Unicode, chapter 9.2)."""

TRANSLATED: Final = re.compile(r"([a-z_]+)_([a-z]{2,3}(?:-[a-z]+)?)")
"""A column with one language's text: the stem and the language's code, e.g. `name_zh-hans`."""

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NUMBER: Final = re.compile(r"[0-9]{1,5}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file by column; every reader of a column raises the ValueError that `wrong` makes."""

    file: str
    number: int
    values: Mapping[str, str]

    def wrong(self, what: str) -> ValueError:
        """Return the error to raise for `what`, naming file and line."""
        return ValueError(f"{self.file}, line {self.number}: {what}")

    def filled(self, column: str) -> str:
        """Return the text of a column that must not be empty."""
        value = self.values[column]
        if not value:
            raise self.wrong(f"{column} is empty")
        return value

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        """Return a value of a closed list."""
        value = self.values[column]
        if value not in allowed:
            raise self.wrong(f"unknown {column} {value!r}")
        return value

    def key(self, column: str) -> str:
        """Return a key: small letters, digits and underscores, at most 64."""
        value = self.values[column]
        if not _KEY.fullmatch(value):
            raise self.wrong(f"{column} must be a key of small letters, digits and _, not {value!r}")
        return value

    def yes(self, column: str) -> bool:
        """Return whether the column says `yes`; it must say `yes` or `no`."""
        return self.one_of(column, ("yes", "no")) == "yes"

    def whole(self, column: str) -> int:
        """Return a whole number from 1 to 99999."""
        value = self.values[column]
        if not _NUMBER.fullmatch(value) or not int(value):
            raise self.wrong(f"{column} must be a whole number from 1 to 99999, not {value!r}")
        return int(value)

    def open_year(self, column: str) -> int | None:
        """Return a year, or None where the column is empty."""
        return self.whole(column) if self.values[column] else None

    def day(self, column: str) -> date:
        """Return an ISO 8601 calendar date."""
        value = self.values[column]
        # The pattern comes first: fromisoformat would also take 20261124 and 2026-W48-2.
        if _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError as error:
                raise self.wrong(f"{column} is no day of the calendar: {value!r}") from error
        raise self.wrong(f"{column} must be a date such as 2026-11-24, not {value!r}")

    def open_day(self, column: str) -> date | None:
        """Return a date, or None where the column is empty."""
        return self.day(column) if self.values[column] else None

    def address(self, column: str) -> str:
        """Return the address of a page, https only."""
        value = self.values[column]
        try:
            parts = urlsplit(value)
        except ValueError as error:
            raise self.wrong(f"{column} is no address: {value!r}") from error
        if parts.scheme != "https" or not parts.hostname:
            raise self.wrong(f"{column} must be an https:// address, not {value!r}")
        return value

    def translated(self, stem: str) -> Mapping[str, str]:
        """Return the texts of the columns `<stem>_<language>`, none of them empty, by the language's code."""
        matches = ((column, TRANSLATED.fullmatch(column)) for column in self.values)
        return MappingProxyType(
            {match[2]: self.filled(column) for column, match in matches if match and match[1] == stem}
        )


def text_of(path: Path) -> str:
    """Return the text of the UTF-8 file at `path`; raises ValueError naming file and line, or OSError."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path.name}, line {number}: not UTF-8") from error


def lines_of(text: str, *, file: str, fits: Callable[[list[str]], bool]) -> Iterator[Line]:
    """Yield the rows below the header of CSV `text`; raises ValueError naming `file` and line.

    `fits` says whether the header's columns are the right ones; every row has just these, no stray spaces.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = next(reader, [])
        if len(columns) != len(set(columns)) or not fits(columns):
            raise ValueError(
                f"{file}, line 1: these are not the columns of this file: {', '.join(columns)!r}"
            )
        for values in reader:
            line = Line(file, reader.line_num, MappingProxyType(dict(zip(columns, values, strict=False))))
            if len(values) != len(columns):
                raise line.wrong(f"{len(values)} values for {len(columns)} columns")
            for column, value in line.values.items():
                if value != value.strip() or not value.translate(_SPELLING).isprintable():
                    raise line.wrong(f"a stray space or control character in {column}")
            yield line
    except csv.Error as error:
        raise ValueError(f"{file}, line {reader.line_num}: {error}") from error
