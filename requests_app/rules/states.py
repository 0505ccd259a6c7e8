"""The one transition table of a case: its states, its moves, and who may make them.

`actions/lifecycle.py` looks every move up here; nothing else decides what may follow what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Actor = Literal["person", "member", "system"]
"""The person who filed, a member of a holder's staff, or the portal itself."""

STATES: Final = (
    "preparing",
    "ready",
    "posted",
    "received",
    "waiting_identity",
    "answered",
    "refused",
    "transferred",
    "withdrawn",
    "purged",
)

OPEN: Final = frozenset({"preparing", "ready", "posted", "received", "waiting_identity"})
"""Something is still expected from someone."""

FINAL: Final = frozenset(STATES) - OPEN
"""Nothing more is expected; only forgetting (purge) is left, and after that nothing."""

CLOCK_RUNS: Final = frozenset({"received"})
"""Time passes towards a stored `due` and `latest`.  Before receipt there is an estimate at most."""

CLOCK_STANDS: Final = frozenset({"waiting_identity"})
"""A pause is open: the deadline moves on with every day (`deadlines.Deadline.is_paused`)."""

_WITH_CLOCK: Final = CLOCK_RUNS | CLOCK_STANDS
_SENT: Final = frozenset({"posted"}) | _WITH_CLOCK
_PROBLEMS: Final = {
    "unknown_move": "There is no such move of a case.",
    "unknown_state": "A case has no such state.",
    "not_from_here": "This step can't be taken in the present state of the case.",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One move: the states it may start from, the state it leads to (None: it stays), who may make it.

    `needs_reason` marks a move that must be given a reason, which the person sees.
    """

    sources: frozenset[str]
    target: str | None
    actor: Actor
    needs_reason: bool = False


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


MOVES: Final[Mapping[str, Move]] = MappingProxyType(
    {
        # The letter is made; or, where the holder takes part, the filing is in its queue: that is receipt.
        "letters_ready": Move(_from("preparing"), "ready", "system"),
        "deliver": Move(_from("preparing", "ready"), "received", "system"),
        # The person hands the signed letter back: the PDF with an electronic signature, or a photo of the page.
        "sign": Move(_from("ready", "posted"), None, "person"),
        # The person posts the letter and learns of the answer; only the holder can tell when it arrived.
        "post": Move(_from("ready"), "posted", "person"),
        "receive": Move(_from("ready", "posted"), "received", "member"),
        "got_answer": Move(_from("ready") | _SENT, "answered", "person"),
        # What the law lets the holder do.
        "acknowledge": Move(CLOCK_RUNS, None, "member"),
        "ask_identity": Move(_from("received"), "waiting_identity", "member", needs_reason=True),
        "identity_received": Move(_from("waiting_identity"), "received", "member"),
        "extend": Move(_WITH_CLOCK, None, "member", needs_reason=True),
        "answer": Move(_WITH_CLOCK, "answered", "member"),
        "refuse": Move(_WITH_CLOCK, "refused", "member", needs_reason=True),
        "transfer": Move(_WITH_CLOCK, "transferred", "member"),
        "correct_receipt": Move(_WITH_CLOCK, None, "member", needs_reason=True),
        # The person writes a reminder, or a complaint (Art. 77); when they may, `rules.remedies` says.
        "remind": Move(_from("posted", "received"), None, "person"),
        "complain": Move(_from("posted", "received", "answered", "refused"), None, "person"),
        # Work around the case.
        "note": Move(OPEN, None, "member"),
        "assign": Move(OPEN, None, "member"),
        # The end.
        "withdraw": Move(OPEN, "withdrawn", "person"),
        # Nobody received it for a year: the person prepared letters and never sent them.
        "lapse": Move(_from("preparing", "ready", "posted"), "withdrawn", "system"),
        "purge": Move(FINAL - {"purged"}, "purged", "system"),
    }
)


class IllegalMove(ValueError):
    """A move that the table does not have from this state; `code` says why in one word."""

    def __init__(self, move: str, state: str) -> None:
        """Take the move that was tried and the state the case was in."""
        self.move = move
        self.state = state
        if move not in MOVES:
            self.code = "unknown_move"
        elif state not in STATES:
            self.code = "unknown_state"
        else:
            self.code = "not_from_here"
        super().__init__(f"{_PROBLEMS[self.code]} ({move}, {state})")


def allowed(state: str, *, actor: Actor) -> tuple[str, ...]:
    """Return the names of the moves that `actor` may make from `state`, in the order of the table."""
    return tuple(name for name, move in MOVES.items() if move.actor == actor and state in move.sources)


def target(move: str, state: str) -> str:
    """Return the state in which `move` leaves a case now in `state`; raise `IllegalMove` (a ValueError)."""
    rule = MOVES.get(move)
    if rule is None or state not in rule.sources:
        raise IllegalMove(move, state)
    return rule.target or state
