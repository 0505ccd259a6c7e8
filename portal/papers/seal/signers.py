"""Who signed a sealed letter: the signatures that were added since the seal, and whether their chains are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]  # It has no types.
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.papers import limits
from portal.papers.errors import LimitExceeded, SealError
from portal.papers.seal.fields import FIELD

_LIMITS = limits.Limits(seconds=20.0, megabytes=256)


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature: the name in its certificate, who issued that, the time it names itself, and what holds.

    `holds` says that the signed bytes are unchanged, and that the last signature covers the whole file; `trusted` that,
    besides, its chain leads to a configured root and was valid at the time of the check.
    """

    name: str
    issuer: str
    signed_at: datetime | None
    holds: bool
    trusted: bool


def signers(pdf: bytes, *, roots: Sequence[bytes]) -> tuple[Signer, ...]:
    """Return who signed `pdf` besides the seal, in the order of signing; nothing is fetched from the net.

    `roots` are PEM files of trusted authorities; without any nobody is `trusted`. A file that can't be read gives none:
    `check` says why. Raises SealError for a PEM in `roots` that can't be read.
    """
    trusted = [certificate for pem in roots for certificate in _certificates(pem)]
    try:
        return limits.run(lambda: tuple(_signers(pdf, trusted)), _LIMITS)
    except (LimitExceeded, MemoryError, RecursionError):
        return ()
    except Exception:
        # A parser of hostile files may raise anything.
        return ()


def _signers(pdf: bytes, roots: list[asn1_x509.Certificate]) -> list[Signer]:
    embedded: list[EmbeddedPdfSignature] = [
        item
        for item in PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
        if item.field_name != FIELD and item.sig_object_type != "/DocTimeStamp"
    ]
    return [_signer(item, roots=roots, last=item is embedded[-1]) for item in embedded]


def _signer(item: EmbeddedPdfSignature, *, roots: list[asn1_x509.Certificate], last: bool) -> Signer:
    certificate = item.signer_cert
    context = ValidationContext(
        trust_roots=roots or [certificate], allow_fetching=False, moment=datetime.now(UTC)
    )
    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    status = validate_pdf_signature(item, signer_validation_context=context, key_usage_settings=usage)
    wanted = SignatureCoverageLevel.ENTIRE_FILE if last else SignatureCoverageLevel.ENTIRE_REVISION
    holds = bool(status.intact and status.valid and status.coverage >= wanted)
    return Signer(
        name=str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly),
        issuer=str(certificate.issuer.native.get("common_name") or certificate.issuer.human_friendly),
        signed_at=item.self_reported_timestamp,
        holds=holds,
        trusted=bool(roots) and holds and bool(status.bottom_line),
    )


def _certificates(pem: bytes) -> list[asn1_x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise SealError(f"A trusted certificate cannot be read: {error}") from error
    return [
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
        for certificate in found
    ]
