"""Making seals: key and certificate, signing, time-stamps."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Final

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]  # It has no types.
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.sign import fields as sign_fields
from pyhanko.sign import signers
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.papers.errors import SealError
from portal.papers.seal.fields import FIELD, Writer, add_field

_RESERVED: Final = 8192
"""Room for the signature, in hexadecimal digits; known beforehand it need not be computed twice."""

_TIME_STAMP_ROOM: Final = 16384


@dataclass(frozen=True, slots=True)
class Sealer:
    """A key with its certificate, ready to seal; make it with `from_pem`."""

    certificates: tuple[x509.Certificate, ...]
    _signer: signers.SimpleSigner
    _time_stamper: TimeStamper | None

    @classmethod
    def from_pem(cls, key_pem: bytes, cert_pem_chain: bytes, *, tsa_url: str | None = None) -> Sealer:
        """Take an unencrypted private key and its certificate, followed by those of its issuers, in PEM.

        Raises `SealError` when they cannot be read or do not belong together, or the address is no http(s) one.
        """
        try:
            key: Any = serialization.load_pem_private_key(key_pem, password=None)
            chain = tuple(x509.load_pem_x509_certificates(cert_pem_chain))
        except (ValueError, TypeError) as error:
            raise SealError(f"The seal's key or certificate cannot be read: {error}") from error
        if key.public_key() != chain[0].public_key():
            raise SealError("The seal's key does not belong to its first certificate.")
        der = serialization.Encoding.DER
        plain = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        own, *others = [asn1_x509.Certificate.load(certificate.public_bytes(der)) for certificate in chain]
        store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # PyHanko is typed by half.
        # PyHanko adds the signer's own certificate itself.
        store.register_multiple(others)
        signer = signers.SimpleSigner(
            signing_cert=own,
            signing_key=asn1_keys.PrivateKeyInfo.load(plain),
            cert_registry=store,
        )
        return cls(chain, signer, _TimeStampServer(tsa_url) if tsa_url else None)

    @property
    def valid_until(self) -> datetime:
        """When the certificate ends; nothing can be sealed afterwards."""
        return self.certificates[0].not_valid_after_utc

    def seal(self, pdf: bytes, *, reason: str, made_at: datetime) -> bytes:
        """The sealed file: `pdf`, which must be tagged, with an invisible tagged field and its signature appended.

        `reason` is shown by readers; `made_at`, with its time zone, is the time of sealing.  Raises `SealError`.
        """
        if made_at.tzinfo is None:
            raise ValueError("made_at needs a time zone")
        own = self.certificates[0]
        if not own.not_valid_before_utc <= made_at <= own.not_valid_after_utc:
            raise SealError(f"The seal's certificate is not valid on {made_at.date()}.")
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=reason,
            certify=True,
            subfilter=sign_fields.SigSeedSubFilter.PADES,
            docmdp_permissions=sign_fields.MDPPerm.FILL_FORMS,
        )
        room = _RESERVED + sum(
            2 * len(item.public_bytes(serialization.Encoding.DER)) for item in self.certificates[1:]
        )
        if self._time_stamper is not None:
            room += _TIME_STAMP_ROOM
        try:
            writer = Writer(BytesIO(pdf))
            add_field(writer, name=FIELD, tooltip="Electronic seal of the portal", box=(0, 0, 0, 0), page=0)
            signer = _Signer(meta, signer=self._signer, timestamper=self._time_stamper)
            signer.made_at = made_at.astimezone(UTC)
            sealed: bytes = signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=room).getvalue()
        except Exception as error:
            raise SealError(f"Could not seal: {error}") from error
        return sealed


def generate_self_signed(
    common_name: str, *, valid_days: int, valid_from: datetime | None = None
) -> tuple[bytes, bytes]:
    """A new EC P-256 key and a certificate for it, both in PEM, for trials and for `make run`.

    The certificate may sign documents and nothing else (RFC 5280, 4.2.1.3: digitalSignature and nonRepudiation).
    """
    begin = valid_from or datetime.now(UTC) - timedelta(days=1)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=valid_days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key_pem, certificate.public_bytes(serialization.Encoding.PEM)


class _Signer(signers.PdfSigner):
    """Signs with the time it is given instead of the clock's."""

    made_at: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        """As pyHanko does it, with our time."""
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.made_at
        return session


class _TimeStampServer(TimeStamper):
    """Asks a time-stamp server by HTTP (RFC 3161, 3.4) with nothing but the standard library."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise SealError("The time-stamp server's address must begin with https:// or http://.")
        super().__init__()  # type: ignore[no-untyped-call]  # PyHanko is typed by half.
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One request, answered within ten seconds."""
        return await asyncio.to_thread(self._ask, req.dump())

    def _ask(self, body: bytes) -> tsp.TimeStampResp:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self._url, data=body, headers=headers)  # noqa: S310  (checked in __init__)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                if response.headers.get_content_type() != "application/timestamp-reply":
                    raise TimestampRequestError("The time-stamp server did not answer with a time-stamp.")
                return tsp.TimeStampResp.load(response.read(1_000_000))
        except urllib.error.HTTPError as error:
            error.close()
            raise TimestampRequestError(
                f"The time-stamp server answered with status {error.code}."
            ) from error
        except urllib.error.URLError as error:
            raise TimestampRequestError(f"The time-stamp server cannot be reached: {error.reason}") from error
