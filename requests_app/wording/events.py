"""Words for the events of a case: one sentence each, for staff and for the person whose request it is.

Takes events that `reading.happenings` opened; every text is in the language that is active at the call.  What
somebody typed (a reason, a note, a diary number) is no part of the sentence: it comes apart as a quotation, so
that a page can isolate its direction of writing.  The person never sees notes, nor the name of a member of staff.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from requests_app.rules.dates import today_in_finland
from requests_app.wording.cases import BASIS_NAMES, DELIVERED_NAMES, ROLE_NAMES
from requests_app.wording.papers import kind_text


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, opened.

    `actor` is `person`, `member` or `system`.  `holder` is the name of the holder whose case it is, `by_holder`
    the name of the holder that the acting member belongs to, `other_holder` the name of the one that the facts
    point to in a transfer.  `author` and `assignee` are names of members, for staff of the same holder alone.
    """

    number: int
    kind: str
    at: datetime
    actor: str
    holder: str
    role: str = ""
    by_holder: str = ""
    other_holder: str = ""
    author: str = ""
    assignee: str = ""
    facts: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """What an event says: a sentence, and what was typed with it, to be shown as quotations."""

    text: str
    quotes: tuple[str, ...] = ()


READS: Final = frozenset({"opened", "downloaded"})
"""Kinds of events that change nothing: somebody looked."""


def for_staff(event: Happening) -> Line:
    """Return what staff of the holder read; raises KeyError for a kind that was never in use."""
    return _STAFF[event.kind](event)


def for_person(event: Happening) -> Line | None:
    """Return what the person reads, or None for what is not theirs to see; raises KeyError as above."""
    return _PERSON[event.kind](event)


def who(event: Happening) -> str:
    """Return who acted, for staff: a member's name where it is known, else the role and the holder."""
    if event.actor == "person":
        return _("The person")
    if event.actor == "system":
        return pgettext("who acted", "Tietoni")
    return event.author or role_at(event)


def role_at(event: Happening) -> str:
    """Return the role and the holder of the member who acted, without a name."""
    facts = {"role": ROLE_NAMES.get(event.role, event.role), "holder": event.by_holder}
    return pgettext("a role in an office: handler, Kela", "%(role)s, %(holder)s") % facts


def _day(event: Happening, name: str) -> str:
    """Return a day among the facts, long; the day of the event itself where the fact is missing."""
    try:
        day = date.fromisoformat(str(event.facts.get(name, "")))
    except ValueError:
        day = today_in_finland(event.at)
    return date_format(day, "DATE_FORMAT")


def _typed(event: Happening, *names: str) -> tuple[str, ...]:
    return tuple(str(event.facts[name]) for name in names if event.facts.get(name))


def _basis(event: Happening) -> str:
    return str(BASIS_NAMES.get(str(event.facts.get("basis", "")), ""))


def _delivered(event: Happening) -> str:
    return str(DELIVERED_NAMES.get(str(event.facts.get("delivered_by", "")), ""))


def _letter(event: Happening) -> str:
    return kind_text(str(event.facts.get("letter", "request")))


def _receipt(event: Happening) -> dict[str, str]:
    return {"day": _day(event, "received_on"), "how": _basis(event), "holder": event.holder}


def _deliver(event: Happening) -> Line:
    return Line(
        _("The request reached the queue of %(holder)s in Tietoni. Day of receipt: %(day)s.")
        % _receipt(event)
    )


def _receive(event: Happening) -> Line:
    return Line(_("%(holder)s received the request %(how)s. Day of receipt: %(day)s.") % _receipt(event))


def _correct_receipt(event: Happening) -> Line:
    text = _("The day of receipt was corrected: it is %(day)s, and not %(before)s. Reason:")
    facts = {"day": _day(event, "received_on"), "before": _day(event, "before")}
    return Line(text % facts, _typed(event, "reason"))


def _transferred_in(event: Happening) -> Line:
    text = _("%(holder)s passed the request on. The day of receipt stays the same.")
    return Line(text % {"holder": event.other_holder or event.by_holder})


def _lapse(_event: Happening) -> Line:
    return Line(_("Nobody received the request for a long time, so it was closed."))


def _purge(_event: Happening) -> Line:
    return Line(_("The time for keeping the data ended. The data was deleted."))


def _letters_ready(_event: Happening) -> Line:
    return Line(_("The letter is ready to be signed and sent."))


def _note(event: Happening) -> Line:
    if "holder_reference" not in event.facts:
        return Line(pgettext("an event", "Note:"), _typed(event, "note"))
    if event.facts["holder_reference"]:
        return Line(
            _("Diary number of %(holder)s:") % {"holder": event.holder}, _typed(event, "holder_reference")
        )
    return Line(_("The diary number was removed."))


def _note_for_person(event: Happening) -> Line | None:
    return _note(event) if "holder_reference" in event.facts else None


def _nothing(_event: Happening) -> None:
    return None


def _opened_for_person(event: Happening) -> Line:
    return Line(_("Opened in Tietoni by: %(who)s.") % {"who": role_at(event)})


def _downloaded_for_person(event: Happening) -> Line:
    if event.actor == "person":
        return Line(_("You downloaded a letter: %(letter)s.") % {"letter": _letter(event)})
    facts = {"who": role_at(event), "letter": _letter(event)}
    return Line(_("A letter (%(letter)s) was downloaded in Tietoni by: %(who)s.") % facts)


def _downloaded_for_staff(event: Happening) -> Line:
    facts = {"letter": _letter(event)}
    if event.actor == "person":
        return Line(_("The person downloaded a letter: %(letter)s.") % facts)
    return Line(_("Downloaded a letter: %(letter)s.") % facts)


def _sign(event: Happening) -> Line:
    if event.facts.get("form") == "photo":
        return Line(
            _(
                "A photo of the page signed by hand was uploaded. It shows that somebody signed. It does not prove "
                "who."
            )
        )
    if event.facts.get("trusted"):
        text = _(
            "The letter was signed electronically and uploaded. We checked the signature, and who vouches for the "
            "signer. Signer:"
        )
    else:
        text = _(
            "The letter was signed electronically and uploaded. The signature holds, but we could not check who "
            "vouches for the signer. Signer, as the signature says:"
        )
    return Line(text, _typed(event, "signer"))


Words = Callable[[Happening], Line]

_BOTH: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "deliver": _deliver,
        "receive": _receive,
        "correct_receipt": _correct_receipt,
        "transferred_in": _transferred_in,
        "lapse": _lapse,
        "purge": _purge,
        "letters_ready": _letters_ready,
        "sign": _sign,
        "identity_received": lambda event: Line(
            _("The information on identity came on %(day)s. The time goes on.")
            % {"day": _day(event, "received_on")}
        ),
    }
)
"""Events that both sides read in the same words."""

_STAFF: Final[Mapping[str, Words]] = MappingProxyType(
    {
        **_BOTH,
        "filed": lambda _event: Line(_("The person made the request in Tietoni.")),
        "post": lambda event: Line(
            _("The person posted the letter on %(day)s.") % {"day": _day(event, "posted_on")}
        ),
        "got_answer": lambda event: Line(
            _("The person said that the answer came on %(day)s.") % {"day": _day(event, "answered_on")}
        ),
        "acknowledge": lambda _event: Line(
            _("Told the person in a letter that the request has come, and by when the answer is given.")
        ),
        "ask_identity": lambda event: Line(
            _("Asked on %(day)s who the person is. The time stands still. Reason:")
            % {"day": _day(event, "asked_on")},
            _typed(event, "reason"),
        ),
        "extend": lambda event: Line(
            _("The time was extended. The person was told on %(day)s. Reason:")
            % {"day": _day(event, "told_on")},
            _typed(event, "reason"),
        ),
        "answer": lambda event: Line(
            _("Answered on %(day)s, %(how)s.")
            % {"day": _day(event, "answered_on"), "how": _delivered(event)},
            _typed(event, "note"),
        ),
        "refuse": lambda event: Line(
            _("Refused on %(day)s. Reason and legal grounds:") % {"day": _day(event, "refused_on")},
            _typed(event, "reason", "grounds"),
        ),
        "transfer": lambda event: Line(
            _("Passed on to %(holder)s on %(day)s. Reason:")
            % {"holder": event.other_holder, "day": _day(event, "transferred_on")},
            _typed(event, "reason"),
        ),
        "remind": lambda _event: Line(_("The person wrote a reminder.")),
        "complain": lambda _event: Line(_("The person had a letter written in Tietoni.")),
        "note": _note,
        "assign": lambda event: Line(
            _("Assigned to %(name)s.")
            % {"name": event.assignee or pgettext("assignee of a case", "a member who left")}
        ),
        "withdraw": lambda _event: Line(_("The person withdrew the request.")),
        "opened": lambda _event: Line(_("Opened the case.")),
        "downloaded": _downloaded_for_staff,
    }
)

_PERSON: Final[Mapping[str, Callable[[Happening], Line | None]]] = MappingProxyType(
    {
        **_BOTH,
        "filed": lambda _event: Line(_("You made the request in Tietoni.")),
        "post": lambda event: Line(
            _("You told us that you posted the letter on %(day)s.") % {"day": _day(event, "posted_on")}
        ),
        "got_answer": lambda event: Line(
            _("You told us that the answer came on %(day)s.") % {"day": _day(event, "answered_on")}
        ),
        "acknowledge": lambda event: Line(
            _(
                "%(holder)s told you in a letter that the request has come, and by when the answer is given at the "
                "latest."
            )
            % {"holder": event.holder}
        ),
        "ask_identity": lambda event: Line(
            _(
                "%(holder)s asked on %(day)s for more information on who you are. The time stands still until the "
                "information comes. Reason:"
            )
            % {"holder": event.holder, "day": _day(event, "asked_on")},
            _typed(event, "reason"),
        ),
        "extend": lambda event: Line(
            _("%(holder)s extended the time and told you so on %(day)s. Reason:")
            % {"holder": event.holder, "day": _day(event, "told_on")},
            _typed(event, "reason"),
        ),
        "answer": lambda event: Line(
            _("%(holder)s answered on %(day)s, %(how)s.")
            % {"holder": event.holder, "day": _day(event, "answered_on"), "how": _delivered(event)},
            _typed(event, "note"),
        ),
        "refuse": lambda event: Line(
            _("%(holder)s refused on %(day)s. Reason and legal grounds:")
            % {"holder": event.holder, "day": _day(event, "refused_on")},
            _typed(event, "reason", "grounds"),
        ),
        "transfer": lambda event: Line(
            _("%(holder)s passed your request on to %(other)s on %(day)s. Reason:")
            % {"holder": event.holder, "other": event.other_holder, "day": _day(event, "transferred_on")},
            _typed(event, "reason"),
        ),
        "remind": lambda _event: Line(_("You had a reminder to the authority written.")),
        "complain": lambda _event: Line(_("You had a complaint to the Data Protection Ombudsman written.")),
        "note": _note_for_person,
        "assign": _nothing,
        "withdraw": lambda _event: Line(_("You withdrew the request.")),
        "opened": _opened_for_person,
        "downloaded": _downloaded_for_person,
    }
)

KINDS: Final = frozenset(_STAFF)
"""Every kind of event that has words; a test holds it to the transition table."""
