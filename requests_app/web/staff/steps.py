"""The steps of casework by their address: the move behind each, its form, its action, and the letter it orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from requests_app.actions import casework
from requests_app.models import Case, Letter
from requests_app.web.staff import forms
from requests_app.wording.cases import STEP_EXPLANATIONS, STEP_NAMES


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `move` is its name in the transition table, `letter` the kind of letter that it orders, if any."""

    slug: str
    move: str
    form: type[forms.StepForm]
    act: Callable[..., Case]
    letter: Letter.Kind | None = None

    @property
    def name(self) -> str:
        """What the step is called, in the active language."""
        return str(STEP_NAMES[self.slug])

    @property
    def explanation(self) -> str:
        """What will happen, in the active language."""
        return str(STEP_EXPLANATIONS[self.slug])


_ALL: Final = (
    Step("receive", "receive", forms.Receive, casework.receive),
    Step("identity-received", "identity_received", forms.IdentityReceived, casework.identity_received),
    Step("acknowledge", "acknowledge", forms.Acknowledge, casework.acknowledge, Letter.Kind.ACKNOWLEDGEMENT),
    Step("answer", "answer", forms.Answer, casework.answer, Letter.Kind.ANSWER),
    Step("extend", "extend", forms.Extend, casework.extend, Letter.Kind.EXTENSION),
    Step(
        "ask-identity", "ask_identity", forms.AskIdentity, casework.ask_identity, Letter.Kind.IDENTITY_REQUEST
    ),
    Step("transfer", "transfer", forms.Transfer, casework.transfer, Letter.Kind.TRANSFER),
    Step("refuse", "refuse", forms.Refuse, casework.refuse, Letter.Kind.REFUSAL),
    Step("assign", "assign", forms.Assign, casework.assign),
    Step("note", "note", forms.Note, casework.note),
    Step("reference", "note", forms.Reference, casework.set_reference),
    Step("correct-receipt", "correct_receipt", forms.CorrectReceipt, casework.correct_receipt),
)

STEPS: Final[Mapping[str, Step]] = MappingProxyType({step.slug: step for step in _ALL})
"""Every step by its part of the address, in the order of the case page: what is done most comes first."""


_CHORES: Final = frozenset({"assign", "note", "reference", "correct-receipt"})
"""Steps of the office's own order, shown after those that the law knows."""


def of_the_law(moves: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the steps of the law whose moves are among `moves`, in their order on the page."""
    return tuple(step for step in STEPS.values() if step.move in moves and step.slug not in _CHORES)


def chores(moves: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the other steps whose moves are among `moves`."""
    return tuple(step for step in STEPS.values() if step.move in moves and step.slug in _CHORES)


def act(step: Step, form: forms.StepForm) -> None:
    """Take a step with a valid form; raises what the action raises: Refused, Stale, IllegalMove."""
    arguments: dict[str, Any] = form.arguments()
    step.act(form.case, by=form.by, version=form.cleaned_data["version"], **arguments)
