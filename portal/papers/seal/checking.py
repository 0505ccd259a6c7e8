"""Checking seals: is this letter ours, and what happened to it since?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Final

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]  # It has no types.
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.papers import limits
from portal.papers.errors import LimitExceeded, SealError
from portal.papers.seal.fields import FIELD

PROBLEMS: Final = {
    "not-pdf": "the file is no PDF",
    "damaged": "the file cannot be read, for example because a part of it is missing",
    "too-heavy": "reading the file takes too long or too much memory",
    "encrypted": "the file is encrypted",
    "unsigned": "the file carries no signature at all",
    "foreign": "the file is signed, but not by a certificate of this portal",
    "altered": "the seal is ours, but does not hold: the sealed bytes were changed",
    "expired": "the seal was made outside the time for which its certificate is valid",
    "changed": "what was added since the seal is more than signatures in their fields",
    "appended": "something follows the last signature",
    "broken-signature": "a signature that was added since the seal does not hold",
}
"""Codes of problems, and what they mean, for developers; people read the sentences of the page that shows them."""

_CHECK_LIMITS: Final = limits.Limits(seconds=20.0, megabytes=256)


@dataclass(frozen=True, slots=True)
class SealReport:
    """What `check` found.  A letter is the portal's and unchanged when `ours and unchanged`; `problem` is then None.

    ours       the seal was made with one of the trusted certificates, and holds
    intact     the bytes that the seal covers are the ones that were sealed
    covers     the seal covers its whole revision of the file
    unchanged  nothing was added since but signatures in their fields, and the last signature covers the whole file
    sealed_at  the time named in the seal; a time-stamp's time where its authority is trusted
    signer     the common name in the seal's certificate
    added      what came after the seal: `signature:<field>`, `time-stamp:<field>`, `changes`
    problem    None, or one of `PROBLEMS`
    """

    ours: bool = False
    intact: bool = False
    covers: bool = False
    unchanged: bool = False
    sealed_at: datetime | None = None
    signer: str | None = None
    added: tuple[str, ...] = ()
    problem: str | None = None


def check(pdf: bytes, *, trust: Sequence[bytes], tsa_trust: Sequence[bytes] = ()) -> SealReport:
    """Tell whether `pdf` carries one of our seals, and what happened to it since; never raises for what is in `pdf`.

    `trust` holds the PEM of each seal certificate, today's and earlier ones; of a chain only the first certificate
    counts, as a seal is ours by its own certificate and not by who issued it.  An earlier certificate vouches for what
    was sealed while it was valid.  `tsa_trust` holds the roots of time-stamp authorities; without them a time-stamp is
    not asked.  Raises `SealError` for a PEM in `trust` that cannot be read.
    """
    ours = [_first_certificate(pem) for pem in trust]
    roots = [_first_certificate(pem) for pem in tsa_trust]
    _refuse_event_loop()
    if b"%PDF-" not in pdf[:1024]:
        return SealReport(problem="not-pdf")
    try:
        return limits.run(lambda: _inspect(pdf, ours=ours, roots=roots), _CHECK_LIMITS)
    except (LimitExceeded, MemoryError, RecursionError):
        return SealReport(problem="too-heavy")
    except Exception:
        # A parser of hostile files may raise anything.
        return SealReport(problem="damaged")


def _inspect(
    pdf: bytes, *, ours: list[asn1_x509.Certificate], roots: list[asn1_x509.Certificate]
) -> SealReport:
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    if reader.encrypted:
        return SealReport(problem="encrypted")
    embedded: list[EmbeddedPdfSignature] = list(reader.embedded_signatures)
    seal = next((item for item in embedded if item.field_name == FIELD), None)
    if seal is None:
        return SealReport(problem="foreign" if embedded else "unsigned")
    certificate = seal.signer_cert
    known = any(certificate.dump() == trusted.dump() for trusted in ours)
    sealed_at = seal.self_reported_timestamp
    status = _validate(seal, sealed_at=sealed_at, roots=roots)
    whole_revision = seal.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION
    stamp = status.timestamp_validity
    report = SealReport(
        intact=bool(status.intact and status.valid),
        covers=whole_revision,
        sealed_at=stamp.timestamp if stamp is not None and stamp.trusted else sealed_at,
        signer=str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly),
        added=tuple(_added(embedded, seal, status)),
    )
    if not known:
        return replace(report, problem="foreign")
    if not report.intact or not report.covers or not _is_certification(reader, seal):
        return replace(report, problem="altered")
    if sealed_at is None or not certificate.not_valid_before <= sealed_at <= certificate.not_valid_after:
        return replace(report, problem="expired")
    if not _holds(status, stamps_asked=bool(roots)):
        # The sealed revision is ours, and holds; what reads on the page now may be something else.
        changed = status.trusted and not status.docmdp_ok
        return replace(report, ours=changed, problem="changed" if changed else "altered")
    if not any(_covers_file(item) for item in embedded):
        return replace(report, ours=True, problem="appended")
    later = [item for item in embedded if item.signed_revision > seal.signed_revision]
    if not all(_is_sound(item) for item in later):
        return replace(report, ours=True, problem="broken-signature")
    return replace(report, ours=True, unchanged=True)


def _validate(
    seal: EmbeddedPdfSignature, *, sealed_at: datetime | None, roots: list[asn1_x509.Certificate]
) -> PdfSignatureStatus:
    """pyHanko's judgement at the time of signing, with the signer's own certificate as root; nothing is fetched."""
    context = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False, moment=sealed_at)
    stamps = ValidationContext(trust_roots=roots, allow_fetching=False)
    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    return validate_pdf_signature(
        seal, signer_validation_context=context, ts_validation_context=stamps, key_usage_settings=usage
    )


def _holds(status: PdfSignatureStatus, *, stamps_asked: bool) -> bool:
    """pyHanko's bottom line; where no time-stamp authority is configured, without the stamp's part in it."""
    if status.timestamp_validity is None or stamps_asked:
        return bool(status.bottom_line)
    return bool(
        status.intact and status.valid and status.trusted and status.seed_value_ok and status.docmdp_ok
    )


def _is_sound(item: EmbeddedPdfSignature) -> bool:
    """Whether a later signature belongs to the bytes it covers; who made it is not asked here."""
    if item.sig_object_type == "/DocTimeStamp":
        stamp = validate_pdf_timestamp(item, ValidationContext(trust_roots=[], allow_fetching=False))
        return bool(stamp.intact and stamp.valid)
    status = _validate(item, sealed_at=None, roots=[])
    return bool(status.intact and status.valid)


def _is_certification(reader: PdfFileReader, seal: EmbeddedPdfSignature) -> bool:
    """Whether the seal is the file's certification and allows no more than filling and signing."""
    if seal.docmdp_level is not MDPPerm.FILL_FORMS:
        return False
    named = reader.root["/Perms"].raw_get("/DocMDP") if "/Perms" in reader.root else None
    return named is not None and named.reference == seal.sig_field.raw_get("/V").reference


def _added(
    embedded: list[EmbeddedPdfSignature], seal: EmbeddedPdfSignature, status: PdfSignatureStatus
) -> Iterator[str]:
    """Codes for what came after the seal, in the order of signing."""
    for item in embedded:
        if item.signed_revision > seal.signed_revision:
            kind = "time-stamp" if item.sig_object_type == "/DocTimeStamp" else "signature"
            yield f"{kind}:{item.field_name}"
    if not status.docmdp_ok or not any(_covers_file(item) for item in embedded):
        yield "changes"


def _covers_file(item: EmbeddedPdfSignature) -> bool:
    return item.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE


def _first_certificate(pem: bytes) -> asn1_x509.Certificate:
    try:
        first = x509.load_pem_x509_certificates(pem)[0]
    except ValueError as error:
        raise SealError(f"A trusted certificate cannot be read: {error}") from error
    return asn1_x509.Certificate.load(first.public_bytes(serialization.Encoding.DER))


def _refuse_event_loop() -> None:
    """pyHanko runs an event loop of its own; inside another one it fails, which must not read as a damaged file."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("check() is synchronous: call it through asyncio.to_thread")
