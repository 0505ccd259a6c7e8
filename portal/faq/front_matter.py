"""YAML front matter read strictly: what is not right raises ValueError with the file and the line of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Final

import yaml

MARKUP: Final = re.compile(r"<[a-zA-Z!?/]")
"""Where HTML would begin."""


def wrong(file: str, line: int, what: str) -> ValueError:
    """Return the error to raise for `what`, naming file and line."""
    return ValueError(f"{file}, line {line}: {what}")


class FrontMatter:
    """The front matter of one file: each value with its line, so that an error can point at it.

    `text` begins with the line `---`.  Raises ValueError for what is no YAML, for a key that stands there
    twice, is missing, or is neither in `required` nor in `optional`.
    """

    def __init__(self, file: str, text: str, *, required: Collection[str], optional: Collection[str]) -> None:
        self.file = file
        self.values, self.lines = _mapping(file, _node(file, text))
        for key in self.values:
            if key not in required and key not in optional:
                raise self.wrong(key, "is not a key of these files")
        for key in required:
            if key not in self.values:
                raise wrong(file, 1, f"{key} is missing")

    def wrong(self, key: str, what: str) -> ValueError:
        """Return the error to raise for what is wrong with the value of `key`."""
        return wrong(self.file, self.lines[key], f"{key} {what}")

    def text(self, key: str) -> str:
        """Return a filled text of one paragraph without markup."""
        return _text(self.file, self.lines[key], key, self.values[key])

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """Return a value of a closed list."""
        value = self.text(key)
        if value not in allowed:
            raise self.wrong(key, f"must be one of: {', '.join(allowed)}")
        return value

    def notes(self, key: str) -> tuple[tuple[date, str], ...]:
        """Return a list of dated texts; none where the key is not there."""
        node = self.values.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(key, "must be a list of notes with date and text")
        return tuple(_note(self.file, item) for item in node.value)


def _node(file: str, text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise wrong(file, mark.line + 1 if mark else 1, f"no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise wrong(file, 1, "no YAML") from error


def _mapping(file: str, node: yaml.Node | None) -> tuple[dict[str, yaml.Node], dict[str, int]]:
    """Return the values of a mapping by key, and the line of each key."""
    if not isinstance(node, yaml.MappingNode):
        raise wrong(file, _line(node) if node else 1, "there must be lines of the form `key: value`")
    values: dict[str, yaml.Node] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise wrong(file, _line(key), "a key must be a word")
        if key.value in values:
            raise wrong(file, _line(key), f"{key.value} stands there twice")
        values[key.value], lines[key.value] = value, _line(key)
    return values, lines


def _note(file: str, node: yaml.Node) -> tuple[date, str]:
    values, lines = _mapping(file, node)
    if set(values) != {"date", "text"}:
        raise wrong(file, _line(node), "a note has a date and a text, and nothing else")
    day = _value(values["date"])
    if not isinstance(day, date) or isinstance(day, datetime):
        raise wrong(file, lines["date"], "date must be a day, such as 2026-11-24, without quotes")
    return day, _text(file, lines["text"], "text", values["text"])


def _text(file: str, line: int, key: str, node: yaml.Node) -> str:
    value = _value(node)
    if not isinstance(value, str):
        raise wrong(file, line, f"{key} must be a text; put what looks like a number in quotes")
    text = value.strip()
    if not text:
        raise wrong(file, line, f"{key} is empty")
    if "\n" in text:
        raise wrong(file, line, f"{key} must be one paragraph (use >-)")
    if MARKUP.search(text):
        raise wrong(file, line, f"{key} must be plain text, without HTML")
    return text


def _value(node: yaml.Node) -> object:
    """Return the value of a node as YAML's safe loader makes it; None for an impossible date and the like."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (ValueError, yaml.YAMLError):
        return None
    finally:
        loader.dispose()


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
