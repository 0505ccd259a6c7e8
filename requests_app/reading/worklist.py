"""The queue of a member of staff: their holders' cases, the most urgent first, without anybody's name.

Every query begins at `permissions.cases_of`, so that none reaches another holder's case. Two queries a page,
however many rows it has.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Self

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace, Upper

from requests_app import permissions
from requests_app.models import Case
from requests_app.permissions import User
from requests_app.rules import references, states
from requests_app.rules.vocabulary import KINDS
from requests_app.wording.cases import SOON_DAYS, STATE_NAMES, STATE_TAGS, Due, due_words

PAGE_SIZE: Final = 50
MAX_TYPED: Final = 60
"""The most characters of a searched reference or diary number; a diary number has at most 40."""

_WITHOUT_RECEIPT: Final = ("preparing", "ready", "posted")
STATES: Final = tuple(state for state in states.STATES if state != "purged")
ASSIGNEES: Final = ("mine", "none")
BASES: Final = ("portal", "post", "in_person", "email")
"""How a request can have reached its holder; what has not been received yet has none of them."""


def _open(_user: User, _today: date) -> Q:
    return Q(state__in=states.OPEN)


def _mine(user: User, _today: date) -> Q:
    return Q(state__in=states.OPEN, assignee=user.pk)


def _unassigned(_user: User, _today: date) -> Q:
    return Q(state__in=states.OPEN, assignee=None)


def _late(_user: User, today: date) -> Q:
    return Q(state__in=states.CLOCK_RUNS, latest_on__lt=today)


def _week(_user: User, today: date) -> Q:
    return Q(state__in=states.CLOCK_RUNS, due_on__lte=today + timedelta(days=SOON_DAYS), latest_on__gte=today)


def _identity(_user: User, _today: date) -> Q:
    return Q(state__in=states.CLOCK_STANDS)


def _no_receipt(_user: User, _today: date) -> Q:
    return Q(state__in=_WITHOUT_RECEIPT)


def _closed(_user: User, _today: date) -> Q:
    return Q(state__in=states.FINAL)


VIEWS: Final = MappingProxyType(
    {
        "open": _open,
        "mine": _mine,
        "unassigned": _unassigned,
        "week": _week,
        "late": _late,
        "identity": _identity,
        "no-receipt": _no_receipt,
        "closed": _closed,
    }
)
"""The ready views; the first one is shown where none is asked for. Overdue is derived: today is after `latest_on`."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue shows: a ready view, narrowed to a state, an assignee, a right and a channel ("" for any)."""

    view: str = "open"
    state: str = ""
    assignee: str = ""
    kind: str = ""
    basis: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Return the filters that an address names; a value that does not exist is passed over."""
        view, state = query.get("view", ""), query.get("state", "")
        assignee, kind, basis = query.get("assignee", ""), query.get("kind", ""), query.get("basis", "")
        return cls(
            view=view if view in VIEWS else "open",
            state=state if state in STATES else "",
            assignee=assignee if assignee in ASSIGNEES else "",
            kind=kind if kind in KINDS else "",
            basis=basis if basis in BASES else "",
        )

    def to_query(self) -> dict[str, str]:
        """Return what an address must name to show the same; defaults are left out."""
        named = {
            "view": self.view if self.view != "open" else "",
            "state": self.state,
            "assignee": self.assignee,
            "kind": self.kind,
            "basis": self.basis,
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list: nothing in it names the person."""

    id: uuid.UUID
    reference: str
    holder_reference: str
    holder: str
    state: str
    state_name: str
    state_tag: str
    received_on: date | None
    due_on: date | None
    due: Due
    assignee: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue: `total` cases in all, on `pages` pages of which this is number `page`."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    filters: Filters


def queue(user: User, *, filters: Filters, page: int = 1, today: date) -> QueuePage:
    """Return a page of the cases of `user`'s holders, by due date, those without one last.

    A page before the first or after the last gives the first or the last.
    """
    cases = permissions.cases_of(user).filter(VIEWS[filters.view](user, today))
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.assignee:
        cases = cases.filter(assignee=user.pk if filters.assignee == "mine" else None)
    if filters.kind:
        cases = cases.filter(filing__kind=filters.kind)
    if filters.basis:
        cases = cases.filter(receipt_basis=filters.basis)
    total = cases.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    start = (page - 1) * PAGE_SIZE
    rows = tuple(_row(case, today) for case in _listed(cases)[start : start + PAGE_SIZE])
    return QueuePage(rows=rows, total=total, page=page, pages=pages, filters=filters)


def search(user: User, typed: str, *, today: date) -> tuple[Row, ...]:
    """Return the cases that a reference or diary number names, in any case and spacing, at most a page of them.

    Raises `references.BadReference` with the code `empty` or `too_long`.
    """
    if len(typed) > MAX_TYPED:
        raise references.BadReference("too_long")
    signs = references.normalise(typed)
    if not signs:
        raise references.BadReference("empty")
    wanted = Q(diary__in=_folded(signs))
    with suppress(references.BadReference):  # What is no reference can still be a diary number.
        wanted |= Q(filing__reference=references.parse_reference(typed))
    cases = permissions.cases_of(user).annotate(diary=_DIARY).filter(wanted)
    return tuple(_row(case, today) for case in _listed(cases)[:PAGE_SIZE])


_DIARY: Final = Replace(
    Replace(Replace(Upper("holder_reference"), Value(" ")), Value("-")),
    Value("_"),
)
"""A stored diary number without spaces and dashes, as `references.normalise` leaves what is typed."""


def _folded(signs: str) -> set[str]:
    """Return the capital forms of `signs`: PostgreSQL turns every letter into a capital, SQLite those of ASCII."""
    return {signs.upper(), "".join(sign.upper() if sign.isascii() else sign for sign in signs)}


def _listed(cases: QuerySet[Case]) -> QuerySet[Case]:
    order = (F("due_on").asc(nulls_last=True), "created_at", "id")
    return cases.select_related("filing", "holder", "assignee").order_by(*order)


def _row(case: Case, today: date) -> Row:
    return Row(
        id=case.id,
        reference=references.show(case.filing.reference),
        holder_reference=case.holder_reference,
        holder=str(case.holder),
        state=case.state,
        state_name=str(STATE_NAMES[case.state]),
        state_tag=STATE_TAGS[case.state],
        received_on=case.received_on,
        due_on=case.due_on if case.state in states.OPEN else None,
        due=due_words(state=case.state, due=case.due_on, latest=case.latest_on, today=today),
        assignee=(case.assignee.get_full_name() or case.assignee.get_username()) if case.assignee else "",
    )
