"""Certificates, other people's signatures and edits, for the tests of seals."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic as pyhanko_generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import SimpleSigner

from portal.papers import seal
from tests.unit.portal.papers import samples

# PyHanko's PDF objects are typed by half.
generic: Any = pyhanko_generic

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
KEY, CERTIFICATE = seal.generate_self_signed("Tietoni", valid_days=365, valid_from=BEGIN)
OTHER_KEY, OTHER_CERTIFICATE = seal.generate_self_signed("Tietoni", valid_days=365, valid_from=BEGIN)
RESIDENT_KEY, RESIDENT_CERTIFICATE = seal.generate_self_signed(
    "Nguyễn Thị Ánh", valid_days=365, valid_from=BEGIN
)
SEALER = seal.Sealer.from_pem(KEY, CERTIFICATE)


@cache
def unsealed(language: str = "fi") -> bytes:
    """A letter with the resident's empty field."""
    made = samples.make(samples.letter(language), language)
    place = made.places["resident"]
    return seal.add_signature_field(made.pdf, tooltip="Allekirjoitus", box=place.box, page=place.page)


@cache
def sealed(language: str = "fi") -> bytes:
    """The letter with the portal's seal."""
    return SEALER.seal(unsealed(language), reason="Portaalin sinetti", made_at=samples.MADE_AT)


def signer(key_pem: bytes, certificate_pem: bytes) -> SimpleSigner:
    """PyHanko's signer out of PEM."""
    from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate = next(iter(load_certs_from_pemder_data(certificate_pem)))
    store: Any = SimpleCertificateStore
    return SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder_data(key_pem, passphrase=None),
        cert_registry=store(),
    )


def sign(
    pdf: bytes,
    field: str = "Resident",
    *,
    key: bytes = RESIDENT_KEY,
    certificate: bytes = RESIDENT_CERTIFICATE,
    box: tuple[int, int, int, int] | None = None,
    certify: bool = False,
) -> bytes:
    """Sign as any PAdES tool does, in a field of the file or in a new one."""
    meta = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, certify=certify
    )
    new = fields.SigFieldSpec(field, on_page=0, box=box) if box is not None else None
    tool: Any = signers.PdfSigner(meta, signer=signer(key, certificate), new_field_spec=new)
    signed: bytes = tool.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()
    return signed


def edit(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """Append a revision in which `change` was made."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def draw_over(writer: Any) -> None:
    """Paint something on the first page."""
    page = writer.root["/Pages"]["/Kids"][0]
    more = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
    page[generic.pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), more])
    writer.update_container(page)


def annotate(writer: Any) -> None:
    """Put a note on the first page."""
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(n) for n in (50, 50, 400, 400)]
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("not what the portal wrote"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])


def forget_fields(writer: Any) -> None:
    """Take the seal's field out of the form, so that a careless reader finds no signature."""
    form = writer.root["/AcroForm"]
    form[generic.pdf_name("/Fields")] = generic.ArrayObject([])
    writer.update_container(form)


def lift_certification(writer: Any) -> None:
    """Take away the entry that makes the seal a certification."""
    del writer.root["/Perms"]
    writer.update_root()


def retitle(writer: Any) -> None:
    """Change the title that readers show."""
    writer.set_info(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Other")}))


def issued_chain() -> tuple[bytes, bytes, bytes]:
    """A key, its certificate followed by that of its authority, and the authority's certificate alone, in PEM."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Some Authority")])
    root = _certificate(root_name, root_name, root_key, root_key, ca=True)
    own = _certificate(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tietoni, issued")]), root_name, key, root_key
    )
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key_pem, own + root, root


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    ca: bool = False,
) -> bytes:
    usage = x509.KeyUsage(
        digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(BEGIN + timedelta(days=700))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)
