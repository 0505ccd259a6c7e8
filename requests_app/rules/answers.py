"""What a person answered in the wizard, as plain typed data that can be sealed as JSON and opened again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Subject:
    """The person whose data are asked for, where somebody else writes for them (a child or a client)."""

    full_name: str = ""
    birth_date: str = ""
    authority_basis: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of one filing. Dates are ISO calendar dates as text, years are integers, None means "all"."""

    language: str = "fi"
    kind: str = "access"
    on_behalf: str = "self"
    subject: Subject = field(default_factory=Subject)
    categories: tuple[str, ...] = ()
    from_year: int | None = None
    to_year: int | None = None
    lived_in_espoo: str = "yes"
    services: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    details: dict[str, str] = field(default_factory=dict)
    """What the person wrote to each holder in their own words, by the holder's key (not for access)."""

    full_name: str = ""
    birth_date: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    identity_code: str = ""
    letter_language: str = "fi"
    answer_by: str = "post"
    signature: str = "hand"
    wants_notices: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the answers as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the answers kept as `data`; keys of an older version are dropped, missing ones get defaults."""
        known = {item.name for item in fields(cls)}
        kept = {key: value for key, value in data.items() if key in known}
        if "subject" in kept:
            kept["subject"] = Subject(**kept["subject"])
        for name in ("categories", "services", "holders"):
            kept[name] = tuple(kept.get(name, ()))
        kept["details"] = {str(key): str(text) for key, text in kept.get("details", {}).items()}
        return cls(**kept)


Strokes = tuple[tuple[tuple[int, int], ...], ...]
"""A drawn signature: strokes of points on a board of 1000 × 400 units."""

BOARD = (1000, 400)
MAX_STROKES = 200
MAX_POINTS = 6000


class BadDrawing(ValueError):
    """The drawing is not one that our board makes; `code` says why: `malformed`, `too_large` or `empty`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_drawing(data: object) -> Strokes:
    """Return the strokes in JSON `data`; raises BadDrawing for anything our board would not send."""
    if not isinstance(data, list):
        raise BadDrawing("malformed")
    if (
        len(data) > MAX_STROKES
        or sum(len(stroke) for stroke in data if isinstance(stroke, list)) > MAX_POINTS
    ):
        raise BadDrawing("too_large")
    strokes = tuple(_stroke(stroke) for stroke in data)
    # A dot or two is a slip of the finger and not a signature.
    if sum(len(stroke) for stroke in strokes) < 5:
        raise BadDrawing("empty")
    return strokes


def _stroke(stroke: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(stroke, list):
        raise BadDrawing("malformed")
    points = []
    for point in stroke:
        if not isinstance(point, list) or len(point) != 2 or not all(type(value) is int for value in point):
            raise BadDrawing("malformed")
        x, y = point
        if not (0 <= x <= BOARD[0] and 0 <= y <= BOARD[1]):
            raise BadDrawing("malformed")
        points.append((x, y))
    return tuple(points)
