"""Makes what tests need through the portal's own actions: the reviewed register, filings, members of staff."""

from __future__ import annotations

import time
import uuid
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import User
from django.db.models import AutoField, Model
from django.db.models.base import ModelState
from django.test import Client
from django.utils import translation

from portal.languages import DEFAULT
from requests_app.actions import intake, lifecycle, register
from requests_app.actions.chain import SYSTEM
from requests_app.actions.intake import Asked, Receipt
from requests_app.models import Case, Contact, Filing, Holder, Letter, Membership, Responsibility
from requests_app.rules.answers import Answers, Strokes
from requests_app.rules.register import read_register

PASSWORD = "correct horse battery staple"

ANSWERS = Answers(
    language="en",
    categories=("benefits", "skills_centre"),
    holders=("kela", "omnia"),
    full_name="Amina Testi",
    birth_date="1990-05-01",
    street="Testikatu 1 A 2",
    postal_code="02600",
    city="Espoo",
    email="amina@example.org",
    phone="+358401234567",
)
DRAWING: Strokes = (((10, 10), (60, 80), (120, 30), (200, 90)), ((220, 60), (300, 20), (360, 90)))


_OF_REGISTER: Final[tuple[type[Model], ...]] = (Holder, Contact, Responsibility)
_register_rows: dict[type[Model], list[Model]] = {}


def _as_new(row: Model) -> Model:
    """Return a copy of a stored row that another database can take; it numbers the copy itself."""
    new: Model = copy(row)
    new._state = ModelState()
    if isinstance(row._meta.pk, AutoField):
        new.pk = None
    return new


def make_register(*, taking_part: tuple[str, ...] = ("kela", "omnia")) -> None:
    """Load the reviewed register; the named holders take part.

    It is loaded once per process; later tests get copies of the rows that this made, which is many times quicker.
    """
    if Holder.objects.exists():
        register.load(read_register())
    elif not _register_rows:
        register.load(read_register())
        _register_rows.update({model: list(model._base_manager.all()) for model in _OF_REGISTER})
    else:
        # Columns without a language hold the default one's text, as the loading itself leaves them.
        with translation.override(DEFAULT):
            for model, rows in _register_rows.items():
                model._base_manager.bulk_create(_as_new(row) for row in rows)
    Holder.objects.update(takes_part=False)
    Holder.objects.filter(key__in=taking_part).update(takes_part=True)


def make_filing(
    *holders: str,
    answers: Answers = ANSWERS,
    drawing: Strokes = (),
    receipt: Receipt | None = None,
) -> tuple[Filing, Receipt]:
    """File with the named holders (default: those of `answers`); loads the register where it is missing."""
    if not Holder.objects.exists():
        make_register()
    receipt = receipt or intake.draw_receipt()
    keys = holders or answers.holders
    asked = [Asked(holder=key, categories=answers.categories) for key in keys]
    if drawing:
        answers = replace(answers, signature="drawn")
    return intake.submit(
        replace(answers, holders=tuple(keys)), asked=asked, receipt=receipt, drawing=drawing
    ), receipt


def make_received_case(
    holder: str = "kela", *, received_on: date | None = None, answers: Answers = ANSWERS
) -> Case:
    """Return a case that its holder has received, with letters not rendered."""
    filing, _ = make_filing(holder, answers=answers)
    case = filing.cases.get(holder_id=holder)
    day = received_on or lifecycle.today()
    change = lifecycle.Change(received_on=day, receipt_basis="portal")
    return lifecycle.apply(
        case.id, "deliver", actor=SYSTEM, facts={"received_on": day.isoformat()}, change=change
    )


def make_letter_ready(letter: Letter, *, pdf: bytes = b"%PDF-1.7 test") -> Letter:
    """Seal `pdf` as the finished letter, for tests that are not about rendering."""
    import hashlib

    from django.utils import timezone

    from requests_app.doors import places, vault

    key = vault.key_of(letter.case.filing_id)
    letter.pdf_sealed = key.seal(places.letter_pdf(letter.id), pdf)
    letter.sha256 = hashlib.sha256(pdf + letter.id.bytes).digest()
    letter.state = Letter.State.READY
    letter.rendered_at = timezone.now()
    letter.save()
    return letter


def make_member(
    holder: str, *, role: str = Membership.Role.HANDLER, name: str = "", second_factor: bool = True
) -> Membership:
    """Return a member of staff of `holder`, with a TOTP secret unless told otherwise."""
    user = User.objects.create_user(name or f"{holder}-{role}-{uuid.uuid4().hex[:6]}", password=PASSWORD)
    if second_factor:
        totp.TOTP.activate(user, totp.generate_totp_secret())
    return Membership.objects.create(user=user, holder=Holder.objects.get(key=holder), role=role)


def code_of(user: User, *, steps: int = 0) -> str:
    """Return the code that the user's authenticator app shows now, or `steps` of 30 seconds later (before: < 0)."""
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = int(time.time()) // 30 + steps
    code: str = totp.format_hotp_value(totp.hotp_value(decrypt(app.data["secret"]), counter))
    return code


def log_in(client: Client, who: Membership | User, *, factor: str = "totp") -> Client:
    """Log `client` in with a password and, unless `factor` is "", with that kind of second factor, as allauth does."""
    user = who.user if isinstance(who, Membership) else who
    client.force_login(user)
    records: list[dict[str, object]] = [{"method": "password", "at": time.time()}]
    if factor:
        own = Authenticator.objects.filter(user=user, type=factor).first()
        records.append({"method": "mfa", "type": factor, "id": own.pk if own else 0, "at": time.time()})
    session = client.session
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
