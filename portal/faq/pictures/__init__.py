"""Pictures beside the answers, as inline SVG in the reader's language, each with the same content in words.

Nothing is in a picture that facts about the study do not say; what the study claims is shown as its claim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from portal.faq.pictures.drawing import Picture
from portal.faq.pictures.flow import flow
from portal.faq.pictures.groups import groups
from portal.faq.pictures.years import years
from portal.languages import Language

_OF: Final[Mapping[int, Callable[[Language, date], Picture]]] = {1: flow, 3: flow, 4: groups, 6: years, 7: years}


def picture_of(number: int, *, language: Language, on: date) -> Picture | None:
    """Return the picture that goes with an answer, in the words of `language` as of a day; None where none does."""
    draw = _OF.get(number)
    return draw(language, on) if draw else None
