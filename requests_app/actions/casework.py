"""Casework: the steps that the law gives a holder, each one a move of the lifecycle that also orders its letter.

Every function takes the acting membership and a case found through `permissions.cases_of`, and refuses with
`Refused(code)` what the law does not allow; the words are chosen where it is shown.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app import permissions
from requests_app.actions import lifecycle, ordering
from requests_app.actions.chain import Actor
from requests_app.actions.lifecycle import Change
from requests_app.doors import places, vault
from requests_app.models import Case, Holder, Letter, Membership
from requests_app.rules import states
from requests_app.rules.answers import Answers
from requests_app.rules.dates import today_in_finland

MAX_REASON = 4000


class Refused(ValueError):
    """A step that can't be taken; `code` says why, `field` names the field of the form, `facts` are for the words."""

    def __init__(self, code: str, *, field: str = "", **facts: object) -> None:
        super().__init__(code)
        self.code, self.field, self.facts = code, field, facts


def actor_of(membership: Membership) -> Actor:
    """Return the acting member as events name them: role and holder, never a name."""
    return Actor("member", membership.role, membership.holder_id, membership.user_id)


def _begin(case: Case, membership: Membership) -> None:
    if case.holder_id != membership.holder_id or not permissions.may_act(membership):
        raise Refused("not_allowed")


def _reason(text: str, *, field: str = "reason") -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused("reason_missing", field=field)
    if len(text) > MAX_REASON:
        raise Refused("too_long", field=field, most=MAX_REASON)
    return text


def _day(day: date, *, field: str, earliest: date | None = None) -> date:
    if day > lifecycle.today():
        raise Refused("in_future", field=field)
    if earliest is not None and day < earliest:
        raise Refused("too_early", field=field, earliest=earliest.isoformat())
    return day


def _filed_on(case: Case) -> date:
    return today_in_finland(case.created_at)


def _order(case: Case, kind: Letter.Kind, *, key: vault.FilingKey, **extra: str) -> None:
    filing = case.filing
    answers = Answers.from_json(key.open_json(places.answers(filing.id), filing.answers_sealed))
    asked = key.open_json(places.decision(case.id), case.decision_sealed)
    facts = ordering.facts_for(case, filing=filing, answers=answers, asked=asked)
    ordering.order(case, kind, replace(facts, **extra), language=filing.letter_language, key=key)  # type: ignore[arg-type]


def receive(case: Case, *, by: Membership, received_on: date, basis: str, version: int) -> Case:
    """Mark a case as received on a calendar day (434/2003 s. 18; 13/2003 s. 10); the clock starts.

    `basis` is `post`, `in_person` or `email`. A letter can't arrive before it was made.
    """
    _begin(case, by)
    if basis not in ("post", "in_person", "email"):
        raise Refused("unknown_choice", field="basis")
    _day(received_on, field="received_on", earliest=_filed_on(case))
    return lifecycle.apply(
        case.id,
        "receive",
        actor=actor_of(by),
        facts={"received_on": received_on.isoformat(), "basis": basis},
        change=Change(received_on=received_on, receipt_basis=basis),
        expect_version=version,
    )


def correct_receipt(case: Case, *, by: Membership, received_on: date, reason: str, version: int) -> Case:
    """Correct the day of receipt; the reason is shown to the person."""
    _begin(case, by)
    reason = _reason(reason)
    _day(received_on, field="received_on", earliest=_filed_on(case))
    first_pause = case.pauses.order_by("asked_on").first()
    if first_pause and received_on > first_pause.asked_on:
        raise Refused("after_identity_was_asked", field="received_on")
    if case.extended_told_on and received_on > case.extended_told_on:
        raise Refused("after_extension", field="received_on")
    facts: dict[str, object] = {
        "received_on": received_on.isoformat(),
        "before": case.received_on.isoformat() if case.received_on else "",
        "reason": reason,
    }
    change = Change(received_on=received_on)
    return lifecycle.apply(
        case.id, "correct_receipt", actor=actor_of(by), facts=facts, change=change, expect_version=version
    )


@transaction.atomic
def acknowledge(case: Case, *, by: Membership, version: int) -> Case:
    """Tell the person in a letter that the request has come, and its last day; once."""
    _begin(case, by)
    if not _may_acknowledge(case):
        raise Refused("acknowledged_already")
    key = vault.key_of(case.filing_id)
    case = lifecycle.apply(
        case.id, "acknowledge", actor=actor_of(by), facts={}, expect_version=version, key=key
    )
    _order(case, Letter.Kind.ACKNOWLEDGEMENT, key=key)
    return case


@transaction.atomic
def ask_identity(case: Case, *, by: Membership, asked_on: date, reason: str, version: int) -> Case:
    """Ask who the person is, on reasonable doubt (Art. 12(6)); the clock stands still from `asked_on`."""
    _begin(case, by)
    reason = _reason(reason)
    earliest = case.received_on or _filed_on(case)
    last = case.pauses.order_by("-ended_on").first()
    if last and last.ended_on:
        earliest = max(earliest, last.ended_on)
    _day(asked_on, field="asked_on", earliest=earliest)
    if case.latest_on is not None and asked_on > case.latest_on:
        # A time that is over can't be stopped any more (EDPB 01/2022: asked for without undue delay).
        raise Refused("time_is_over", field="asked_on", latest=case.latest_on.isoformat())
    key = vault.key_of(case.filing_id)
    case = lifecycle.apply(
        case.id,
        "ask_identity",
        actor=actor_of(by),
        facts={"asked_on": asked_on.isoformat(), "reason": reason},
        change=Change(identity_asked_on=asked_on),
        expect_version=version,
        key=key,
    )
    _order(case, Letter.Kind.IDENTITY_REQUEST, key=key, told_on=asked_on.isoformat(), reason=reason)
    return case


def identity_received(case: Case, *, by: Membership, received_on: date, version: int) -> Case:
    """End the pause on the day the missing information came; the clock goes on."""
    _begin(case, by)
    pause = case.pauses.filter(ended_on=None).first()
    _day(received_on, field="received_on", earliest=pause.asked_on if pause else None)
    return lifecycle.apply(
        case.id,
        "identity_received",
        actor=actor_of(by),
        facts={"received_on": received_on.isoformat()},
        change=Change(identity_received_on=received_on),
        expect_version=version,
    )


@transaction.atomic
def extend(case: Case, *, by: Membership, told_on: date, reason: str, version: int) -> Case:
    """Extend once by two further months (Art. 12(3)): only if the person was told within the first month.

    `told_on` is the day on which the person was told, so that telling in time and logging late is possible.
    """
    _begin(case, by)
    reason = _reason(reason)
    if case.extended_told_on is not None:
        raise Refused("extended_already")
    if case.received_on is None:
        raise Refused("not_received")
    _day(told_on, field="told_on", earliest=case.received_on)
    told_by = lifecycle.clock_of(case).told_by
    if told_on > told_by:
        raise Refused("told_too_late", field="told_on", told_by=told_by.isoformat())
    key = vault.key_of(case.filing_id)
    case = lifecycle.apply(
        case.id,
        "extend",
        actor=actor_of(by),
        facts={"told_on": told_on.isoformat(), "reason": reason},
        change=Change(extended_told_on=told_on),
        expect_version=version,
        key=key,
    )
    _order(case, Letter.Kind.EXTENSION, key=key, told_on=told_on.isoformat(), reason=reason)
    return case


@transaction.atomic
def answer(
    case: Case, *, by: Membership, answered_on: date, delivered_by: str, note: str, version: int
) -> Case:
    """Log that the answer was given on a day and how it was delivered; the portal stores no answer."""
    _begin(case, by)
    if delivered_by not in ("post", "email", "pickup", "e_service"):
        raise Refused("unknown_choice", field="delivered_by")
    _day(answered_on, field="answered_on", earliest=case.received_on)
    note = _reason(note, field="note") if note.strip() else ""
    key = vault.key_of(case.filing_id)
    case = lifecycle.apply(
        case.id,
        "answer",
        actor=actor_of(by),
        facts={"answered_on": answered_on.isoformat(), "delivered_by": delivered_by, "note": note},
        expect_version=version,
        key=key,
    )
    _order(
        case,
        Letter.Kind.ANSWER,
        key=key,
        told_on=answered_on.isoformat(),
        delivered_by=delivered_by,
        reason=note,
    )
    return case


@transaction.atomic
def refuse(case: Case, *, by: Membership, refused_on: date, reason: str, grounds: str, version: int) -> Case:
    """Refuse with reasons; the letter names the ways to complain and to a court (Art. 12(4))."""
    _begin(case, by)
    reason = _reason(reason)
    grounds = _reason(grounds, field="grounds")
    _day(refused_on, field="refused_on", earliest=case.received_on)
    key = vault.key_of(case.filing_id)
    case = lifecycle.apply(
        case.id,
        "refuse",
        actor=actor_of(by),
        facts={"refused_on": refused_on.isoformat(), "reason": reason, "grounds": grounds},
        expect_version=version,
        key=key,
    )
    _order(case, Letter.Kind.REFUSAL, key=key, told_on=refused_on.isoformat(), reason=reason, grounds=grounds)
    return case


def chain_of(case: Case) -> list[str]:
    """Return the keys of the holders that the case has passed through, the first one first."""
    keys = [case.holder_id]
    while case.transferred_from_id:
        case = Case.objects.get(id=case.transferred_from_id)
        keys.insert(0, case.holder_id)
    return keys


def transfer_targets(case: Case) -> list[Holder]:
    """Return the holders to which the case can go: not itself, not where it came from, none asked already."""
    asked = Case.objects.filter(filing_id=case.filing_id).values_list("holder_id", flat=True)
    taken = {*chain_of(case), *asked}
    return [h for h in Holder.objects.filter(retired_on=None, is_desk=False) if h.key not in taken]


def transfer(case: Case, *, by: Membership, to: str, reason: str, version: int) -> Case:
    """Pass the case to the competent holder (434/2003 s. 21); returns the new case, with the receipt date kept.

    Events and notes of the first holder stay with it; the second sees the letter and the day of receipt alone.
    """
    _begin(case, by)
    reason = _reason(reason)
    target = next((holder for holder in transfer_targets(case) if holder.key == to), None)
    if target is None:
        raise Refused("transfer_not_possible", field="to")
    try:
        return _transfer(case, by=by, target=target, reason=reason, version=version)
    except IntegrityError:
        raise Refused("transfer_not_possible", field="to") from None


@transaction.atomic
def _transfer(case: Case, *, by: Membership, target: Holder, reason: str, version: int) -> Case:
    if not case.letters.filter(kind=Letter.Kind.REQUEST, number=1, state=Letter.State.READY).exists():
        # What is passed on is the letter that the person signed; there is none before it is printed.
        raise Refused("transfer_not_possible", field="to")
    key = vault.key_of(case.filing_id)
    day = lifecycle.today().isoformat()
    facts: dict[str, object] = {"to": target.key, "reason": reason, "transferred_on": day}
    case = lifecycle.apply(
        case.id, "transfer", actor=actor_of(by), facts=facts, expect_version=version, key=key
    )
    asked = key.open_json(places.decision(case.id), case.decision_sealed)
    new = Case(
        id=uuid.uuid4(),
        filing=case.filing,
        holder=target,
        state="received",
        created_at=timezone.now(),
        decision_sealed=b"",
    )
    new.decision_sealed = key.seal_json(places.decision(new.id), asked)
    lifecycle.begin(
        new, actor=actor_of(by), facts={"from": case.holder_id}, key=key, kind="transferred_in", carried=case
    )
    _copy_request(case, new, key=key)
    _order(case, Letter.Kind.TRANSFER, key=key, told_on=day, reason=reason, transferred_to=target.key)
    return new


def _copy_request(case: Case, new: Case, *, key: vault.FilingKey) -> None:
    """Give the new case the same letter, byte for byte: it is what the person signed."""
    letter = case.letters.get(kind=Letter.Kind.REQUEST, number=1)
    copy_id = uuid.uuid4()
    facts = key.open(places.letter_facts(letter.id), letter.facts_sealed)
    pdf = key.open(places.letter_pdf(letter.id), letter.pdf_sealed)
    handed_back = letter.signed_sealed
    signed = None if handed_back is None else key.open(places.letter_signed(letter.id), handed_back)
    Letter.objects.create(
        id=copy_id,
        case=new,
        kind=letter.kind,
        language=letter.language,
        # The code is printed on the letter and stays with the first row; the copy needs one of its own.
        code=ordering.new_code(),
        state=letter.state,
        created_at=letter.created_at,
        rendered_at=letter.rendered_at,
        template_version=letter.template_version,
        facts_sealed=key.seal(places.letter_facts(copy_id), facts),
        pdf_sealed=key.seal(places.letter_pdf(copy_id), pdf),
        sha256=letter.sha256,
        signed_sealed=None if signed is None else key.seal(places.letter_signed(copy_id), signed),
        signed_form=letter.signed_form,
        signed_at=letter.signed_at,
    )


def set_reference(case: Case, *, by: Membership, holder_reference: str, version: int) -> Case:
    """Keep the registry's own diary number with the case."""
    _begin(case, by)
    text = holder_reference.replace("\x00", "").strip()
    if len(text) > 40:
        raise Refused("too_long", field="holder_reference", most=40)
    return lifecycle.apply(
        case.id,
        "note",
        actor=actor_of(by),
        facts={"holder_reference": text},
        change=Change(holder_reference=text),
        expect_version=version,
    )


def note(case: Case, *, by: Membership, text: str, version: int) -> Case:
    """Keep an internal note; it never travels with a transfer and is not shown to the person."""
    _begin(case, by)
    facts: dict[str, object] = {"note": _reason(text, field="text")}
    return lifecycle.apply(case.id, "note", actor=actor_of(by), facts=facts, expect_version=version)


def assign(case: Case, *, by: Membership, to: Membership | None, version: int) -> Case:
    """Assign the case to a member of the same holder who may act."""
    _begin(case, by)
    if to is None or to.holder_id != case.holder_id or not permissions.may_act(to):
        raise Refused("not_a_member", field="assignee")
    return lifecycle.apply(
        case.id,
        "assign",
        actor=actor_of(by),
        facts={"to": to.user_id},
        change=Change(assignee=to.user),
        expect_version=version,
    )


def moves_of(case: Case, *, by: Membership) -> tuple[str, ...]:
    """Return the moves this membership may make with the case now, in the order of the table."""
    if not permissions.may_act(by):
        return ()
    moves = states.allowed(case.state, actor="member")
    once = {"extend": _may_extend, "acknowledge": _may_acknowledge}
    return tuple(move for move in moves if move not in once or once[move](case))


def _may_acknowledge(case: Case) -> bool:
    return not case.letters.filter(kind=Letter.Kind.ACKNOWLEDGEMENT).exists()


def _may_extend(case: Case) -> bool:
    return case.received_on is not None and case.extended_told_on is None
