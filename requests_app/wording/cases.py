"""Words for a case as staff see it: its state, the steps of the law, roles, and how near its last day is.

Every text is in the language that is active when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Words = Mapping[str, "StrPromise"]

STATE_NAMES: Final[Words] = MappingProxyType(
    {
        "preparing": _("Being prepared"),
        "ready": _("Not received yet"),
        "posted": _("Posted, not received yet"),
        "received": _("To be answered"),
        "waiting_identity": _("Waiting for identity"),
        "answered": pgettext_lazy("state of a case", "Answered"),
        "refused": pgettext_lazy("state of a case", "Refused"),
        "transferred": pgettext_lazy("state of a case", "Passed on"),
        "withdrawn": pgettext_lazy("state of a case", "Withdrawn"),
        "purged": pgettext_lazy("state of a case", "Deleted"),
    }
)

STATE_TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "preparing": "neutral",
        "ready": "neutral",
        "posted": "neutral",
        "received": "info",
        "waiting_identity": "warning",
        "answered": "success",
        "refused": "neutral",
        "transferred": "neutral",
        "withdrawn": "neutral",
        "purged": "neutral",
    }
)
"""The look of a state's tag; the words beside it say the same, so that colour never carries meaning alone."""

VIEW_NAMES: Final[Words] = MappingProxyType(
    {
        "open": pgettext_lazy("view of the queue", "Open"),
        "mine": pgettext_lazy("view of the queue", "Mine"),
        "unassigned": pgettext_lazy("view of the queue", "Unassigned"),
        "week": pgettext_lazy("view of the queue", "Due within 7 days"),
        "late": pgettext_lazy("view of the queue", "Late"),
        "identity": pgettext_lazy("view of the queue", "Waiting for identity"),
        "no-receipt": pgettext_lazy("view of the queue", "Not received yet"),
        "closed": pgettext_lazy("view of the queue", "Closed"),
    }
)

ASSIGNEE_NAMES: Final[Words] = MappingProxyType(
    {
        "": pgettext_lazy("assignee of a case", "Anybody"),
        "mine": pgettext_lazy("assignee of a case", "Me"),
        "none": pgettext_lazy("assignee of a case", "Nobody"),
    }
)

ROLE_NAMES: Final[Words] = MappingProxyType(
    {
        "viewer": pgettext_lazy("role of a member of staff", "viewer"),
        "handler": pgettext_lazy("role of a member of staff", "handler"),
        "lead": pgettext_lazy("role of a member of staff", "lead"),
    }
)

KIND_NAMES: Final[Words] = MappingProxyType(
    {
        "access": _("Access to one’s own data (GDPR Article 15)"),
        "rectification": _("Rectification (GDPR Article 16)"),
        "erasure": _("Erasure (GDPR Article 17)"),
        "restriction": _("Restriction (GDPR Article 18)"),
        "objection": _("Objection (GDPR Article 21)"),
    }
)

BASIS_NAMES: Final[Words] = MappingProxyType(
    {
        "post": _("by post"),
        "in_person": _("in person"),
        "email": _("by e-mail"),
        "portal": _("in Tietoni"),
    }
)
"""How a request reached its holder."""

DELIVERED_NAMES: Final[Words] = MappingProxyType(
    {
        "post": _("by post"),
        "email": _("by e-mail"),
        "pickup": _("collected from the office"),
        "e_service": _("in the e-service"),
    }
)
"""How an answer was given."""

AUTHORITY_NAMES: Final[Words] = MappingProxyType(
    {
        "guardian": _("guardian"),
        "authorisation": _("written authorisation"),
    }
)
"""By what a representative writes for another."""

STEP_NAMES: Final[Words] = MappingProxyType(
    {
        "receive": _("Mark as received"),
        "correct-receipt": _("Correct the day of receipt"),
        "acknowledge": _("Confirm the receipt"),
        "ask-identity": _("Ask for identity"),
        "identity-received": _("Identity information came"),
        "extend": _("Extend the time"),
        "answer": _("Log the answer"),
        "refuse": _("Refuse"),
        "transfer": _("Pass on to another authority"),
        "note": _("Write a note"),
        "assign": _("Assign"),
        "reference": _("Set the diary number"),
    }
)
"""What the button of each step says."""

STEP_EXPLANATIONS: Final[Words] = MappingProxyType(
    {
        "receive": _(
            "The time for the answer is counted from this day: one month, GDPR Article 12(3). A letter is "
            "received on the day when it is given to you or reaches your post-office box (Act 434/2003, section "
            "18). An e-mail is received when it is available in your system (Act 13/2003, section 10)."
        ),
        "correct-receipt": _(
            "The last day is reckoned again from the new day of receipt. The person sees the new day and your "
            "reason."
        ),
        "acknowledge": _(
            "A letter tells the person that the request has come, on which day, and by when you answer at the "
            "latest. The last day does not change."
        ),
        "ask-identity": _(
            "Ask only if you have reasonable doubt about who the person is (GDPR Article 12(6)). The time stands "
            "still from the day of asking until the information comes. A letter to the person is made with your "
            "reason in it."
        ),
        "identity-received": _(
            "The time goes on from this day. The last day moves on by the days that it stood still."
        ),
        "extend": _(
            "The time can be extended once, to three months from receipt, if the request is complex or there are "
            "many (GDPR Article 12(3)). The person must be told within the first month, with reasons. A letter to "
            "the person is made with your reason in it."
        ),
        "answer": _(
            "Give the data to the person yourself, in the way they asked for. Tietoni does not store the answer. "
            "The case closes, and a notice to the person is made."
        ),
        "refuse": _(
            "The case closes. A letter to the person is made with your reasons and the legal grounds. It tells how "
            "to complain to the Data Protection Ombudsman and how to go to court (GDPR Article 12(4)). If you can "
            "give a part of the data, give it, and log an answer instead."
        ),
        "transfer": _(
            "If the data is with another authority, pass the request on without delay (Act 434/2003, section 21). "
            "Your case closes. The other authority gets the letter and the day of receipt. Your notes and events "
            "stay with you. A letter tells the person."
        ),
        "note": _(
            "A note is for your own office. The person does not see it here, and it does not travel if the request "
            "is passed on. The person may still have a right to see it if they ask for their data."
        ),
        "assign": _("The case goes to a member of your office who may act on it."),
        "reference": _(
            "The number of this matter in your own registry. It is printed on the letters that are made from now "
            "on, and the person sees it."
        ),
    }
)
"""What will happen when the step is taken, with the article that it stands on."""

LETTER_STATE_NAMES: Final[Words] = MappingProxyType(
    {
        "wanted": _("being made"),
        "ready": _("ready"),
        "failed": _("could not be made; the operator must look at it"),
        "purged": _("deleted"),
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """How near the last day is: words, and the class by which they look (`late`, `soon` or "")."""

    text: str
    look: str


SOON_DAYS: Final = 7


def due_words(*, state: str, due: date | None, latest: date | None, today: date) -> Due:
    """Return how much time is left on `today`; overdue is only what is past `latest`."""
    if state == "waiting_identity":
        return Due(gettext("The time stands still"), "")
    if state != "received" or due is None or latest is None:
        return Due("", "")
    if today > latest:
        days = (today - latest).days
        return Due(ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}, "late")
    days = max((due - today).days, 0)
    if days == 0:
        return Due(gettext("Today is the last day"), "soon")
    text = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return Due(text, "soon" if days <= SOON_DAYS else "")
