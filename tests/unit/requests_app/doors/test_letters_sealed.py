"""Signatures and seals: the field, the drawing, the same bytes, old keys, unreadable settings."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from portal.papers import seal
from requests_app.doors import letters
from requests_app.rules.letter_facts import LetterFacts
from tests.unit.requests_app.doors.letter_samples import (
    facts,
    make,
)

WHOLE = facts()


def test_an_electronic_signature_has_an_empty_field_of_its_own() -> None:
    def fields(pdf: bytes) -> set[str]:
        return set(pypdf.PdfReader(io.BytesIO(pdf)).get_fields() or {})

    assert fields(make("request", language="fi", facts=facts("electronic"))) == {"Resident", seal.FIELD}
    assert fields(make("request", language="fi", facts=WHOLE)) == {seal.FIELD}


def test_a_drawing_is_printed_only_where_the_letter_is_signed_so() -> None:
    assert "data:image/svg+xml" in letters.html("request", language="fi", facts=facts("drawn"))
    by_hand = letters.html("request", language="fi", facts=facts("drawn", signature="hand"))
    assert "data:image/svg+xml" not in by_hand
    lost = letters.html("request", language="fi", facts=facts("drawn", drawing=()))
    assert "Paikka ja päiväys" in lost


def test_the_same_facts_make_the_same_bytes_before_the_seal() -> None:
    def unsealed(its: LetterFacts) -> bytes:
        return make("request", language="fi", facts=its).split(b"%%EOF")[0]

    assert unsealed(WHOLE) == unsealed(WHOLE)
    assert unsealed(WHOLE) == unsealed(replace(WHOLE, reader_language="ar"))
    assert unsealed(WHOLE) != unsealed(replace(WHOLE, to_year=2023))


def test_what_is_appended_to_a_letter_shows() -> None:
    pdf = make("request", language="fi", facts=WHOLE)
    assert not letters.check_pdf(pdf + b"\n% more\n").unchanged
    assert not letters.check_pdf(b"no letter").ours
    assert not letters.check_pdf(b"").ours


def test_a_letter_of_an_earlier_seal_stays_ours() -> None:
    pdf = make("request", language="fi", facts=WHOLE)
    before = datetime.now(UTC) - timedelta(days=2)
    key, certificate = seal.generate_self_signed("New", valid_days=30, valid_from=before)
    from django.conf import settings

    old = settings.SEAL_CERT
    with override_settings(SEAL_KEY=key.decode(), SEAL_CERT=certificate.decode(), SEAL_TRUST=""):
        assert not letters.check_pdf(pdf).ours
        assert letters.check_pdf(make("request", language="fi", facts=WHOLE)).unchanged
    with override_settings(SEAL_KEY=key.decode(), SEAL_CERT=certificate.decode(), SEAL_TRUST=old):
        assert letters.check_pdf(pdf).unchanged


def test_the_seal_may_be_given_in_base64_or_with_written_line_ends() -> None:
    key, certificate = seal.generate_self_signed("New", valid_days=30)
    forms = (
        (key.decode(), certificate.decode()),
        (base64.b64encode(key).decode(), base64.b64encode(certificate).decode()),
        (key.decode().replace("\n", "\\n"), certificate.decode().replace("\n", "\\n")),
    )
    for one, other in forms:
        with override_settings(SEAL_KEY=one, SEAL_CERT=other):
            assert letters.check_pdf(make("request", language="fi", facts=WHOLE)).unchanged


@pytest.mark.parametrize("value", ["", "not PEM", base64.b64encode(b"nor this").decode()])
def test_a_seal_that_cannot_be_read_is_named_by_its_setting(value: str) -> None:
    with override_settings(SEAL_CERT=value), pytest.raises(ImproperlyConfigured, match="SEAL_CERT"):
        make("request", language="fi", facts=WHOLE)
    with override_settings(SEAL_CERT=value), pytest.raises(ImproperlyConfigured, match="SEAL_CERT"):
        letters.check_pdf(b"%PDF-1.7")


def test_a_key_of_another_certificate_is_refused() -> None:
    key, _ = seal.generate_self_signed("Other", valid_days=30)
    with override_settings(SEAL_KEY=key.decode()), pytest.raises(ImproperlyConfigured, match="belong"):
        make("request", language="fi", facts=WHOLE)
