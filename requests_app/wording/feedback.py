"""Words for feedback on the site: what it is about, where it stands, how near its last day is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.wording import cases
from requests_app.wording.cases import Due, Words

TOPIC_NAMES: Final[Words] = MappingProxyType(
    {
        "accessibility": _("This site is hard to use, or something does not work (accessibility)"),
        "mistake": _("A mistake in a translation or in an answer"),
        "other": _("Something else"),
    }
)

STATE_NAMES: Final[Words] = MappingProxyType(
    {
        "new": pgettext_lazy("state of feedback", "New"),
        "answered": pgettext_lazy("state of feedback", "Answered"),
        "closed": pgettext_lazy("state of feedback", "Closed"),
    }
)

STATE_TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {"new": "info", "answered": "success", "closed": "neutral"}
)
"""The look of a state's tag; the words in it say the same."""

STEP_NAMES: Final[Words] = MappingProxyType(
    {
        "answered": _("I have answered by e-mail"),
        "closed": _("There is nothing more to do"),
    }
)
"""What a member of the desk says by ending it so."""


def state_name(state: str) -> str:
    """Return the name of a state, in the active language."""
    return str(STATE_NAMES[state])


def due_words(state: str, *, due: date, today: date) -> Due:
    """Return how much time is left on `today`; nothing where it was answered or closed."""
    return cases.due_words(state="received" if state == "new" else state, due=due, latest=due, today=today)
