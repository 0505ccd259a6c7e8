"""The transition table, written out a second time to be read, and what must hold of any table."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from requests_app.rules.states import (
    CLOCK_RUNS,
    CLOCK_STANDS,
    FINAL,
    MOVES,
    OPEN,
    STATES,
    Actor,
    IllegalMove,
    allowed,
    target,
)

SAME = ""
TABLE: dict[str, tuple[str, str, str]] = {
    # move: (from, to, who)
    "letters_ready": ("preparing", "ready", "system"),
    "deliver": ("preparing ready", "received", "system"),
    "sign": ("ready posted", SAME, "person"),
    "post": ("ready", "posted", "person"),
    "receive": ("ready posted", "received", "member"),
    "got_answer": ("ready posted received waiting_identity", "answered", "person"),
    "acknowledge": ("received", SAME, "member"),
    "ask_identity": ("received", "waiting_identity", "member"),
    "identity_received": ("waiting_identity", "received", "member"),
    "extend": ("received waiting_identity", SAME, "member"),
    "answer": ("received waiting_identity", "answered", "member"),
    "refuse": ("received waiting_identity", "refused", "member"),
    "transfer": ("received waiting_identity", "transferred", "member"),
    "correct_receipt": ("received waiting_identity", SAME, "member"),
    "remind": ("posted received", SAME, "person"),
    "complain": ("posted received answered refused", SAME, "person"),
    "withdraw": ("preparing ready posted received waiting_identity", "withdrawn", "person"),
    "note": ("preparing ready posted received waiting_identity", SAME, "member"),
    "assign": ("preparing ready posted received waiting_identity", SAME, "member"),
    "lapse": ("preparing ready posted", "withdrawn", "system"),
    "purge": ("answered refused transferred withdrawn", "purged", "system"),
}


def test_the_table_has_these_moves_and_no_other() -> None:
    assert set(MOVES) == set(TABLE)


@pytest.mark.parametrize(("move", "state"), list(product(TABLE, STATES)))
def test_every_move_from_every_state(move: str, state: str) -> None:
    sources, to, who = TABLE[move]
    if state in sources.split():
        assert target(move, state) == (to or state)
        assert [actor for actor in get_args(Actor) if move in allowed(state, actor=actor)] == [who]
        return
    with pytest.raises(IllegalMove, match=r"^This step .*\.") as caught:
        target(move, state)
    assert (caught.value.code, caught.value.move, caught.value.state) == ("not_from_here", move, state)
    assert not any(move in allowed(state, actor=actor) for actor in get_args(Actor))


def test_what_each_may_do_with_a_received_case() -> None:
    assert allowed("received", actor="person") == ("got_answer", "remind", "complain", "withdraw")
    assert allowed("received", actor="system") == ()
    assert allowed("received", actor="member") == (
        "acknowledge",
        "ask_identity",
        "extend",
        "answer",
        "refuse",
        "transfer",
        "correct_receipt",
        "note",
        "assign",
    )


def test_what_needs_a_reason() -> None:
    needing = {name for name, move in MOVES.items() if move.needs_reason}
    assert needing == {"ask_identity", "extend", "refuse", "correct_receipt"}


@pytest.mark.parametrize(
    ("move", "state", "code"),
    [
        ("confirm_receipt", "posted", "unknown_move"),
        ("answer", "lost", "unknown_state"),
        ("lose", "lost", "unknown_move"),
    ],
)
def test_unknown_names(move: str, state: str, code: str) -> None:
    with pytest.raises(IllegalMove) as caught:
        target(move, state)
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


def test_nobody_moves_from_an_unknown_state() -> None:
    assert all(allowed("lost", actor=actor) == () for actor in get_args(Actor))


def test_states_are_open_or_final() -> None:
    assert set(STATES) == OPEN | FINAL
    assert not OPEN & FINAL
    assert len(STATES) == len(set(STATES)) == 10
    assert set(CLOCK_RUNS) == {"received"}
    assert set(CLOCK_STANDS) == {"waiting_identity"}


def test_every_state_named_in_the_table_exists() -> None:
    for move in MOVES.values():
        assert move.sources <= set(STATES)
        assert move.target is None or move.target in STATES


def test_every_state_is_reached_and_every_case_can_end() -> None:
    def next_states(state: str) -> set[str]:
        return {target(name, state) for name, move in MOVES.items() if state in move.sources}

    reached = {"preparing"}
    while new := set().union(*map(next_states, reached)) - reached:
        reached |= new
    assert reached == set(STATES)
    # A case never hangs: the person can end it from any open state, and what has ended can be forgotten.
    assert all("withdraw" in allowed(state, actor="person") for state in OPEN)
    assert all(allowed(state, actor="system") == ("purge",) for state in FINAL - {"purged"})
    assert next_states("purged") == set()


def test_nothing_leads_back_from_the_end() -> None:
    assert {target("purge", state) for state in FINAL - {"purged"}} == {"purged"}
    # A complaint about an answer or a refusal changes no state.
    assert [name for name, move in MOVES.items() if move.sources & FINAL] == ["complain", "purge"]
    assert MOVES["complain"].target is None
