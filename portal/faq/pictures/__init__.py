"""Pictures beside the answers, as inline SVG in the reader's language, each with the same content in words.

Nothing is in a picture that facts about the study do not say; what the study claims is shown as its claim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from portal.faq.pictures import flow, groups, years
from portal.faq.pictures.drawing import Picture
from portal.languages import Language

_OF: Final[Mapping[int, Callable[[Language, date], Picture]]] = {
    1: flow.draw,
    3: flow.draw,
    4: groups.draw,
    6: years.draw,
    7: years.draw,
}


def picture_of(number: int, *, language: Language, on: date) -> Picture | None:
    """Return the picture that goes with an answer, in the words of `language` as of a day; None where none does."""
    draw = _OF.get(number)
    return draw(language, on) if draw else None
