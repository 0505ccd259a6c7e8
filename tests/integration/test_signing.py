"""A letter handed back signed: what is taken, what is refused and why, who sees it, and how the queue gets it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from requests_app.actions import casework, lifecycle, pipeline, retention, signing
from requests_app.actions.chain import PERSON
from requests_app.doors import places, signed, vault
from requests_app.doors.signed import NotTaken
from requests_app.models import Case, Event, Holder, Letter
from requests_app.rules.states import IllegalMove
from tests.factories import ANSWERS, log_in, make_filing, make_member, make_register
from tests.integration.test_tracking import follower, text_of
from tests.unit.portal.papers import sealing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ELECTRONIC = replace(ANSWERS, signature="electronic")


def ready_case(holder: str = "kela", *, takes_part: bool = True) -> Case:
    make_register(taking_part=(holder,) if takes_part else ())
    filing, _ = make_filing(holder, answers=ELECTRONIC)
    pipeline.drain()
    return filing.cases.get()


def pdf_of(case: Case) -> bytes:
    letter = case.letters.get(kind="request")
    return vault.key_of(case.filing_id).open(places.letter_pdf(letter.id), letter.pdf_sealed)


def kept(case: Case) -> bytes:
    letter = case.letters.get(kind="request")
    return vault.key_of(case.filing_id).open(places.letter_signed(letter.id), letter.signed_sealed)


def photo(size: tuple[int, int] = (1200, 1700), form: str = "JPEG") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, "white").save(output, form, exif=b"Exif\x00\x00Amina")
    return output.getvalue()


def facts_of(case: Case, kind: str) -> dict[str, object]:
    event = Event.objects.get(case=case, kind=kind)
    found: dict[str, object] = vault.key_of(case.filing_id).open_json(
        places.event(case.id, event.number), event.facts_sealed
    )
    return found


def test_an_electronic_signature_is_kept_and_the_holder_has_the_case_at_once() -> None:
    case = ready_case()
    whole = sealing.sign(pdf_of(case))
    case = signing.take(case, whole, version=case.version)
    assert (case.state, case.receipt_basis) == ("received", "portal")
    assert kept(case) == whole
    assert facts_of(case, "sign") == {
        "form": "electronic",
        "signer": "Nguyễn Thị Ánh",
        "issuer": "Nguyễn Thị Ánh",
        "trusted": False,
    }


def test_where_the_holder_takes_no_part_the_letter_is_kept_and_still_to_be_sent() -> None:
    case = ready_case("vero", takes_part=False)
    case = signing.take(case, sealing.sign(pdf_of(case)))
    assert (case.state, case.received_on) == ("ready", None)


def test_a_chain_that_leads_to_a_trusted_root_is_told(settings: Settings) -> None:
    case = ready_case()
    key, chain, root = sealing.issued_chain()
    whole = sealing.sign(pdf_of(case), key=key, certificate=chain)
    settings.SIGNATURE_TRUST = root.decode()
    assert signed.read(whole, original=pdf_of(case)).trusted
    settings.SIGNATURE_TRUST = sealing.OTHER_CERTIFICATE.decode()
    assert not signed.read(whole, original=pdf_of(case)).trusted


def refused(case: Case, content: bytes) -> str:
    before = (case.version, Event.objects.filter(case=case).count())
    with pytest.raises(NotTaken) as caught:
        signing.take(case, content)
    case = Case.objects.get(id=case.id)
    assert (case.version, Event.objects.filter(case=case).count()) == before
    assert case.letters.get(kind="request").signed_sealed is None
    return caught.value.code


@pytest.mark.parametrize("change", [sealing.draw_over, sealing.annotate])
def test_what_was_changed_besides_the_signature_is_refused(change: Callable[..., None]) -> None:
    case = ready_case()
    assert refused(case, sealing.sign(sealing.edit(pdf_of(case), change))) == "changed"
    assert refused(case, sealing.edit(sealing.sign(pdf_of(case)), change)) == "changed"


def test_files_that_are_not_this_letter_are_refused_each_with_its_reason() -> None:
    case = ready_case()
    own = pdf_of(case)
    other, _ = make_filing("kela", answers=ELECTRONIC)
    pipeline.drain()
    assert refused(case, sealing.sign(pdf_of(other.cases.get()))) == "other_letter"
    assert refused(case, own) == "no_signature"
    assert refused(case, own[: len(own) // 2]) == "other_letter"
    assert (
        refused(case, b"%PDF-1.7\n" + b"1 0 obj <</JS (app.alert(1))>> endobj\n" * 10_000) == "other_letter"
    )
    assert refused(case, b"") == "empty"
    assert refused(case, b"x" * (signed.MOST_BYTES + 1)) == "too_large"
    assert refused(case, b"MZ an executable") == "wrong_type"
    assert refused(case, b"<svg onload='alert(1)'/>") == "wrong_type"
    assert refused(case, photo()[:400]) == "bad_image"
    bent = bytearray(sealing.sign(own))
    bent[-2000] ^= 1
    assert refused(case, bytes(bent)) in {"bad_signature", "changed"}


def test_a_picture_that_says_it_is_huge_is_refused_unread() -> None:
    case = ready_case()
    head = bytearray(photo((64, 64), "PNG"))
    # Width and height stand in the first chunk (PNG, 11.2.2); its checksum is made to fit.
    import struct
    import zlib

    head[16:24] = struct.pack(">II", 60_000, 60_000)
    head[29:33] = struct.pack(">I", zlib.crc32(bytes(head[12:29])))
    assert refused(case, bytes(head)) in {"too_heavy", "bad_image"}


def test_a_photo_is_written_anew_without_what_hid_in_it() -> None:
    case = ready_case()
    case = signing.take(case, photo())
    content = kept(case)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.mode) == ("PNG", "L")
        assert max(image.size) <= signed.LONGEST_EDGE
    assert b"Amina" not in content
    assert facts_of(case, "sign")["form"] == "photo"


def test_nothing_is_taken_before_the_letter_is_ready_or_after_receipt() -> None:
    make_register()
    filing, _ = make_filing("kela", answers=ELECTRONIC)
    with pytest.raises(IllegalMove):
        signing.take(filing.cases.get(), photo())
    pipeline.drain()
    case = signing.take(filing.cases.get(), photo())
    with pytest.raises(IllegalMove):
        signing.take(case, photo())


def test_the_page_takes_a_file_once_and_says_what_is_wrong() -> None:
    case = ready_case("vero", takes_part=False)
    me = follower(case.filing)
    address = f"/en/track/case/{case.id}/signed/"
    page = me.get(address).content.decode()
    assert 'enctype="multipart/form-data"' in page

    def post(content: bytes, name: str = "letter.pdf") -> object:
        return me.post(address, {"version": str(case.version), "file": SimpleUploadedFile(name, content)})

    wrong = post(b"plain text")
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert "neither a PDF file nor a photo" in text_of(wrong)  # type: ignore[arg-type]
    assert me.post(address, {"version": str(case.version)}).status_code == 422
    whole = sealing.sign(pdf_of(case))
    for _ in range(2):
        assert post(whole).status_code == 303  # type: ignore[attr-defined]
    assert Event.objects.filter(case=case, kind="sign").count() == 1
    assert "could not check who vouches" in text_of(me.get(f"/en/track/filing/{case.filing_id}/"))


def test_staff_of_the_holder_get_the_signed_letter_and_nobody_else() -> None:
    case = ready_case()
    whole = sealing.sign(pdf_of(case))
    case = signing.take(case, whole)
    letter = case.letters.get(kind="request")
    address = reverse("staff:letter", args=[case.id, letter.id]) + "?signed"
    answer = log_in(Client(), make_member("kela")).get(address)
    assert answer.content == whole
    assert answer["Content-Disposition"].endswith('-request-signed.pdf"')
    assert log_in(Client(), make_member("omnia")).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_what_was_not_handed_back_is_not_there() -> None:
    case = ready_case("vero", takes_part=False)
    Holder.objects.filter(key="vero").update(takes_part=True)
    letter = case.letters.get(kind="request")
    assert (
        log_in(Client(), make_member("vero"))
        .get(reverse("staff:letter", args=[case.id, letter.id]) + "?signed")
        .status_code
        == 404
    )


def test_the_signed_letter_goes_along_with_a_transfer_and_away_with_a_purge() -> None:
    case = ready_case()
    whole = sealing.sign(pdf_of(case))
    case = signing.take(case, whole)
    new = casework.transfer(
        case, by=make_member("kela"), to="omnia", reason="Not ours.", version=case.version
    )
    assert kept(new) == whole
    assert new.letters.get(kind="request").signed_form == "electronic"
    lifecycle.apply(new.id, "withdraw", actor=PERSON)
    retention.purge(case.filing_id)
    assert not Letter.objects.filter(case__filing=case.filing_id).exclude(signed_sealed=None).exists()
