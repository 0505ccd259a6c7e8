"""What a person can do with a filing of their own: say that it was posted or answered, withdraw it, be let in."""

from __future__ import annotations

import hmac
import uuid
from datetime import date

from requests_app.actions import intake, lifecycle
from requests_app.actions.casework import Refused
from requests_app.actions.chain import PERSON
from requests_app.actions.lifecycle import Change
from requests_app.models import Case, Filing
from requests_app.rules import references
from requests_app.rules.dates import today_in_finland

_NOBODY_SALT = b"\x00" * 16


def find(reference: str, secret: str) -> Filing | None:
    """Return the filing of a typed reference and secret, or None; the time it takes does not tell which was wrong."""
    try:
        wanted, typed = references.parse_reference(reference), references.parse_secret(secret)
    except references.BadReference:
        return None
    filing = Filing.objects.filter(reference=wanted, purged_at=None).first()
    salt = bytes(filing.secret_salt) if filing else _NOBODY_SALT
    stored = bytes(filing.secret_hash) if filing else b"\x00" * 32
    right = hmac.compare_digest(intake.secret_hash(typed, salt=salt), stored)
    return filing if filing is not None and right else None


def own_case(filing_id: uuid.UUID, case_id: uuid.UUID) -> Case | None:
    """Return a case of this filing, or None."""
    return Case.objects.select_related("holder", "filing").filter(id=case_id, filing_id=filing_id).first()


def _filed_on(case: Case) -> date:
    return today_in_finland(case.created_at)


def _day(day: date, *, case: Case, field: str) -> None:
    if day > lifecycle.today():
        raise Refused("in_future", field=field)
    if day < _filed_on(case):
        raise Refused("too_early", field=field, earliest=_filed_on(case).isoformat())


def posted(case: Case, *, posted_on: date, version: int | None = None) -> Case:
    """Log that the person posted the letter; posting is not receipt, so the clock shows an estimate at most."""
    _day(posted_on, case=case, field="posted_on")
    return lifecycle.apply(
        case.id,
        "post",
        actor=PERSON,
        facts={"posted_on": posted_on.isoformat()},
        change=Change(posted_on=posted_on),
        expect_version=version,
    )


def got_answer(case: Case, *, answered_on: date, version: int | None = None) -> Case:
    """Log that the person got an answer; the portal neither asks for it nor stores it."""
    _day(answered_on, case=case, field="answered_on")
    facts: dict[str, object] = {"answered_on": answered_on.isoformat()}
    return lifecycle.apply(case.id, "got_answer", actor=PERSON, facts=facts, expect_version=version)


def withdraw(case: Case, *, version: int | None = None) -> Case:
    """Withdraw the request to this holder; staff see that, and the clock ends."""
    return lifecycle.apply(case.id, "withdraw", actor=PERSON, expect_version=version)
