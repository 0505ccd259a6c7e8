"""Checking: ours or not, changed or not, with a code for each reason and never an exception."""

from __future__ import annotations

import dataclasses
import io
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.papers import limits, seal
from portal.papers.errors import SealError
from portal.papers.seal import checking
from tests.unit.portal.papers import samples, sealing

TRUST = [sealing.CERTIFICATE]


def check(pdf: bytes) -> seal.SealReport:
    """With today's certificate."""
    return seal.check(pdf, trust=TRUST)


def test_our_letter_as_it_was_made() -> None:
    assert check(sealing.sealed()) == seal.SealReport(
        ours=True,
        intact=True,
        covers=True,
        unchanged=True,
        sealed_at=samples.MADE_AT,
        signer="Tietoni",
        added=(),
        problem=None,
    )


def test_every_problem_is_explained() -> None:
    assert all(code == code.lower() and meaning for code, meaning in seal.PROBLEMS.items())
    assert len(seal.PROBLEMS) == 11


class TestWhose:
    """Whose seal it is: by the certificate itself."""

    @pytest.mark.parametrize("trust", [[], [sealing.OTHER_CERTIFICATE]])
    def test_another_certificate_of_the_same_name(self, trust: list[bytes]) -> None:
        report = seal.check(sealing.sealed(), trust=trust)
        assert (report.ours, report.unchanged, report.problem) == (False, False, "foreign")
        assert report.intact

    def test_an_earlier_certificate_keeps_its_letters(self) -> None:
        report = seal.check(sealing.sealed(), trust=[sealing.OTHER_CERTIFICATE, sealing.CERTIFICATE])
        assert (report.ours, report.unchanged) == (True, True)

    def test_somebody_elses_seal_in_our_field(self) -> None:
        theirs = seal.Sealer.from_pem(sealing.OTHER_KEY, sealing.OTHER_CERTIFICATE)
        forged = theirs.seal(sealing.unsealed(), reason="Portaalin sinetti", made_at=samples.MADE_AT)
        assert check(forged).problem == "foreign"

    def test_a_letter_that_only_its_resident_signed(self) -> None:
        report = check(sealing.sign(sealing.unsealed()))
        assert (report.ours, report.problem) == (False, "foreign")

    def test_our_certificate_in_another_field(self) -> None:
        signed = sealing.sign(
            sealing.unsealed(), key=sealing.KEY, certificate=sealing.CERTIFICATE, certify=True
        )
        assert check(signed).problem == "foreign"

    def test_our_signature_that_certifies_nothing(self) -> None:
        signed = sealing.sign(
            samples.make("<p>x</p>").pdf,
            seal.FIELD,
            key=sealing.KEY,
            certificate=sealing.CERTIFICATE,
            box=(0, 0, 0, 0),
        )
        report = check(signed)
        assert (report.ours, report.problem) == (False, "altered")

    def test_a_seal_from_outside_its_certificates_time(self) -> None:
        key, certificate = seal.generate_self_signed("Tietoni", valid_days=30, valid_from=sealing.BEGIN)
        short = seal.Sealer.from_pem(key, certificate)
        # The date is held against another certificate, so that the sealer does what it never would.
        careless = dataclasses.replace(short, certificates=sealing.SEALER.certificates)
        late = careless.seal(sealing.unsealed(), reason="x", made_at=sealing.BEGIN + timedelta(days=31))
        report = seal.check(late, trust=[certificate])
        assert (report.ours, report.intact, report.problem) == (False, True, "expired")
        early = careless.seal(sealing.unsealed(), reason="x", made_at=sealing.BEGIN + timedelta(days=29))
        assert seal.check(early, trust=[certificate]).unchanged

    def test_a_trusted_certificate_that_cannot_be_read_is_the_operators_error(self) -> None:
        with pytest.raises(SealError, match="trusted certificate"):
            seal.check(sealing.sealed(), trust=[b"junk"])


class TestNoLetter:
    """Files that are no sealed letter at all."""

    @pytest.mark.parametrize(
        "pdf", [b"", b"hello", b"PK\x03\x04" + bytes(2000), b"\x00" * 5000, b"<html>%PDF"]
    )
    def test_not_even_a_pdf(self, pdf: bytes) -> None:
        assert check(pdf) == seal.SealReport(problem="not-pdf")

    @pytest.mark.parametrize(
        "pdf", [b"%PDF-", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n0\n%%EOF", b"%PDF-1.7" + b"[" * 9999]
    )
    def test_a_broken_pdf(self, pdf: bytes) -> None:
        assert check(pdf).problem in {"damaged", "too-heavy"}

    def test_unsigned(self) -> None:
        assert check(samples.make("<p>x</p>").pdf) == seal.SealReport(problem="unsigned")
        assert check(sealing.unsealed()) == seal.SealReport(problem="unsigned")

    def test_encrypted(self) -> None:
        output = io.BytesIO()
        with pikepdf.open(io.BytesIO(sealing.sealed())) as document:
            document.save(output, encryption=pikepdf.Encryption(owner="a", user="b"))
        assert check(output.getvalue()) == seal.SealReport(problem="encrypted")

    def test_a_file_that_takes_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def endless(*_: object, **__: object) -> None:
            while True:
                time.monotonic()

        monkeypatch.setattr(checking, "_inspect", endless)
        monkeypatch.setattr(checking, "_CHECK_LIMITS", limits.Limits(seconds=0.1))
        assert check(sealing.sealed()) == seal.SealReport(problem="too-heavy")


class TestChanged:
    """What happened to the file after it was sealed."""

    def test_cut_off(self) -> None:
        whole = sealing.sealed()
        for cut in [
            1,
            2,
            7,
            20,
            100,
            700,
            5000,
            len(sealing.unsealed()) - 5,
            len(whole) // 2,
            len(whole) - 60,
        ]:
            report = check(whole[:-cut])
            assert not (report.ours and report.unchanged)
            assert report.problem in {"damaged", "appended", "unsigned", "altered"}

    @pytest.mark.parametrize("more", [b"\n", b" ", b"%%EOF\n", b"junk", bytes(100), b"\n%PDF-1.7\n%%EOF\n"])
    def test_something_behind_the_end(self, more: bytes) -> None:
        report = check(sealing.sealed() + more)
        assert not report.unchanged
        assert report.problem in {"appended", "damaged"}

    def test_a_line_behind_the_end(self) -> None:
        report = check(sealing.sealed() + b"\n")
        assert (report.ours, report.intact, report.covers) == (True, True, True)
        assert (report.unchanged, report.added, report.problem) == (False, ("changes",), "appended")

    @settings(max_examples=60)
    @given(st.data())
    def test_any_bit_turned_over(self, data: st.DataObject) -> None:
        whole = bytearray(sealing.sealed())
        # The signature itself, with the room behind it, is the one thing that it does not cover.
        signature = re.search(rb"/Contents <([0-9a-fA-F]+)>", bytes(whole))
        assert signature is not None
        outside = st.one_of(
            st.integers(0, signature.start(1) - 1), st.integers(signature.end(1), len(whole) - 1)
        )
        whole[data.draw(outside)] ^= 1 << data.draw(st.integers(0, 7))
        report = check(bytes(whole))
        assert not report.unchanged
        assert not report.ours
        assert report.problem is not None

    @settings(max_examples=40)
    @given(st.data())
    def test_a_signature_with_a_bit_turned_over_never_raises(self, data: st.DataObject) -> None:
        whole = bytearray(sealing.sealed())
        signature = re.search(rb"/Contents <([0-9a-fA-F]+?)0{64,}>", bytes(whole))
        assert signature is not None
        at = data.draw(st.integers(signature.start(1), signature.end(1) - 1))
        whole[at] ^= 1 << data.draw(st.integers(0, 7))
        report = check(bytes(whole))
        assert report.unchanged == (report.problem is None)

    def test_a_word_replaced_under_the_seal(self) -> None:
        report = check(sealing.sealed().replace(b"/Lang (fi)", b"/Lang (sv)", 1))
        assert (report.ours, report.intact, report.problem) == (False, False, "altered")

    def test_a_smaller_range_of_bytes(self) -> None:
        whole = sealing.sealed()
        found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", whole)
        assert found is not None
        tail = str(int(found[3]) - 10).encode().rjust(len(found[3]))
        report = check(whole[: found.start(3)] + tail + whole[found.end(3) :])
        assert not report.ours
        assert report.problem in {"altered", "damaged"}

    def test_saved_again_by_another_program(self) -> None:
        output = io.BytesIO()
        with pikepdf.open(io.BytesIO(sealing.sealed())) as document:
            document.save(output)
        report = check(output.getvalue())
        assert (report.ours, report.unchanged, report.problem) == (False, False, "altered")

    @pytest.mark.parametrize(
        "change",
        [sealing.draw_over, sealing.annotate, sealing.lift_certification],
        ids=lambda change: change.__name__,
    )
    def test_an_edit_appended_behind_the_seal_still_says_intact_but_is_told(
        self, change: Callable[[Any], None]
    ) -> None:
        report = check(sealing.edit(sealing.sealed(), change))
        assert report.intact
        assert report.covers
        assert not report.unchanged
        assert report.problem in {"changed", "altered"}

    def test_drawing_over_a_page_is_told_to_be_ours_but_changed(self) -> None:
        report = check(sealing.edit(sealing.sealed(), sealing.draw_over))
        assert (report.ours, report.added, report.problem) == (True, ("changes",), "changed")

    def test_another_title(self) -> None:
        report = check(sealing.edit(sealing.sealed(), sealing.retitle))
        assert (report.ours, report.unchanged) == (True, False)
        assert report.problem in {"appended", "changed"}

    def test_a_form_that_forgets_the_seal(self) -> None:
        report = check(sealing.edit(sealing.sealed(), sealing.forget_fields))
        assert not report.ours
        assert report.problem == "unsigned"


class TestSigned:
    """The resident's own signature, and what may pass for one."""

    def test_in_the_field_made_for_it(self) -> None:
        report = check(sealing.sign(sealing.sealed()))
        assert (report.ours, report.unchanged, report.problem) == (True, True, None)
        assert report.added == ("signature:Resident",)
        assert report.sealed_at == samples.MADE_AT

    def test_in_an_invisible_field_of_the_tools_own(self) -> None:
        report = check(sealing.sign(sealing.sealed(), "Signature1"))
        assert (report.unchanged, report.added) == (True, ("signature:Signature1",))

    def test_twice(self) -> None:
        twice = sealing.sign(sealing.sign(sealing.sealed()), "Guardian")
        report = check(twice)
        assert (report.unchanged, report.added) == (True, ("signature:Resident", "signature:Guardian"))

    def test_a_picture_laid_over_the_letter_as_a_signature(self) -> None:
        report = check(sealing.sign(sealing.sealed(), "Sneaky", box=(50, 50, 500, 700)))
        assert (report.ours, report.unchanged, report.problem) == (True, False, "changed")

    def test_then_edited(self) -> None:
        for change in (sealing.draw_over, sealing.annotate):
            report = check(sealing.edit(sealing.sign(sealing.sealed()), change))
            assert (report.unchanged, report.problem) == (False, "changed")
            assert report.added == ("signature:Resident", "changes")

    def test_then_appended_to(self) -> None:
        report = check(sealing.sign(sealing.sealed()) + b"\n")
        assert (report.unchanged, report.problem) == (False, "appended")

    def test_edited_before_it_was_signed(self) -> None:
        report = check(sealing.sign(sealing.edit(sealing.sealed(), sealing.annotate)))
        assert (report.unchanged, report.problem) == (False, "changed")

    def test_with_a_signature_that_does_not_hold(self) -> None:
        body = sealing.sign(sealing.sealed())[len(sealing.sealed()) :]
        # The last bytes before the padding are those of the signature itself.
        contents = re.search(rb"/Contents <([0-9a-fA-F]+?)0{64,}>", body)
        assert contents is not None
        at = contents.end(1) - 12
        broken = body[:at] + (b"0" if body[at : at + 1] != b"0" else b"1") + body[at + 1 :]
        report = check(sealing.sealed() + broken)
        assert (report.ours, report.unchanged, report.problem) == (True, False, "broken-signature")
