"""Takes the letter that a person signed with a tool of their own, or a photo of the page signed by hand."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from requests_app.actions import lifecycle
from requests_app.actions.chain import PERSON, SYSTEM
from requests_app.doors import places, signed, vault
from requests_app.models import Case, Letter
from requests_app.rules import states


def take(case: Case, content: bytes, *, version: int | None = None) -> Case:
    """Check the uploaded file, seal and keep it; where the holder takes part, its queue has the case at once.

    Raises `doors.signed.NotTaken` for a file that is not taken, `states.IllegalMove` where the letter is not ready or
    was received already, and Stale.
    """
    states.target("sign", case.state)
    letter = case.letters.get(kind=Letter.Kind.REQUEST, number=1)
    if letter.state != Letter.State.READY:
        raise states.IllegalMove("sign", case.state)
    key = vault.key_of(case.filing_id)
    original = key.open(places.letter_pdf(letter.id), letter.pdf_sealed)
    # Reading a file takes a while: no row is locked meanwhile.
    taken = signed.read(content, original=original)
    with transaction.atomic():
        facts: dict[str, object] = {
            "form": taken.form,
            "signer": taken.signer,
            "issuer": taken.issuer,
            "trusted": taken.trusted,
        }
        case = lifecycle.apply(case.id, "sign", actor=PERSON, facts=facts, expect_version=version, key=key)
        Letter.objects.filter(id=letter.id).update(
            signed_sealed=key.seal(places.letter_signed(letter.id), taken.content),
            signed_form=taken.form,
            signed_at=timezone.now(),
        )
        if case.state == "ready" and case.holder.takes_part:
            received = lifecycle.today()
            change = lifecycle.Change(received_on=received, receipt_basis="portal")
            told: dict[str, object] = {"received_on": received.isoformat(), "basis": "portal"}
            case = lifecycle.apply(case.id, "deliver", actor=SYSTEM, facts=told, change=change, key=key)
    return case
