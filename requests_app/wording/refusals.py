"""Words for steps that can't be taken: why the law, the state of the case or what was typed does not allow it.

Takes the codes of `actions.casework.Refused`, `rules.states.IllegalMove` and `rules.dates.BadDate`; every text is
in the language that is active at the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from requests_app.wording.cases import STATE_NAMES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

REFUSAL_TEXTS: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "not_allowed": _("Your role does not allow this step."),
        "reason_missing": _("Write the reason. Spaces alone are no reason."),
        "too_long": _("Write at most %(most)s characters."),
        "in_future": _("This day is still to come. Give today or an earlier day."),
        "too_early": _("This day is too early. The earliest possible day is %(earliest)s."),
        "unknown_choice": _("Choose one of the options."),
        "after_identity_was_asked": _(
            "The day of receipt can’t be after the day when identity was asked for."
        ),
        "after_extension": _(
            "The day of receipt can’t be after the day when the person was told of the extension."
        ),
        "acknowledged_already": _("The receipt has been confirmed already. It can be confirmed once."),
        "extended_already": _("The time was extended already. The law allows it once (GDPR Article 12(3))."),
        "not_received": _("The request has not been received yet, so no time is running."),
        "told_too_late": _(
            "The person had to be told by %(told_by)s at the latest. An extension told later is not possible "
            "(GDPR Article 12(3))."
        ),
        "time_is_over": _("The time ended on %(latest)s. A time that is over can’t be stopped any more."),
        "transfer_not_possible": _(
            "The request can’t go to this authority: it has it already, had it before, or is not on the list."
        ),
        "not_late": _("The time for an answer is not over yet, so this letter can’t be written now."),
        "not_a_member": _("Choose a member of your office who may act on cases."),
    }
)
"""A sentence for each code of `Refused`."""

DATE_TEXTS: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "empty": _("Give a day."),
        "malformed": _("Write the day like this: 5.3.2026 or 2026-03-05."),
        "impossible": _("There is no such day in the calendar."),
        "too_old": _("That day is too long ago."),
        "in_future": _("This day is still to come. Give today or an earlier day."),
    }
)
"""A sentence for each code of `BadDate`."""


def refusal_text(code: str, facts: Mapping[str, object]) -> str:
    """Return why a step was refused; dates among `facts` come as ISO text and are shown long."""
    return str(REFUSAL_TEXTS[code]) % {name: _shown(value) for name, value in facts.items()}


def date_text(code: str) -> str:
    """Return what is wrong with a typed day."""
    return str(DATE_TEXTS[code])


def illegal_text(state: str) -> str:
    """Return why a step can't be taken in the present state of the case."""
    return gettext("This step is not possible now. The state of the case is: %(state)s.") % {
        "state": STATE_NAMES.get(state, _UNKNOWN)
    }


_UNKNOWN: Final = pgettext_lazy("state of a case", "unknown")


def _shown(value: object) -> object:
    try:
        return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return value
