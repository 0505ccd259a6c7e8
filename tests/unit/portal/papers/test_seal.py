"""Sealing: both standards survive, nothing of the letter changes, the certificate's chain and a time-stamp go along."""

from __future__ import annotations

import asyncio
import http.server
import io
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]  # It has no types.
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper

from portal.papers import seal
from portal.papers.errors import SealError
from tests.unit.portal.papers import samples, sealing


@pytest.mark.parametrize("language", sorted(samples.TEXTS))
def test_both_standards_survive_field_and_seal(language: str) -> None:
    assert samples.failures(sealing.unsealed(language)) == []
    assert samples.failures(sealing.sealed(language)) == []


def test_no_stream_ends_so_that_its_length_can_be_miscounted() -> None:
    """The reference table's compressed bytes change with every offset; in 1 of 50 files they end in CR or LF."""
    for more in range(150):
        longer = sealing.unsealed() + b"%" * more + b"\n"
        again = seal.add_signature_field(longer, name="Other", tooltip="x", box=(0, 0, 1, 1), page=0)
        appended = again[len(longer) :]
        assert b"endstream" in appended
        assert not re.search(rb"[^\r]\nendstream", appended), more


def test_a_letter_without_the_residents_field_can_be_sealed() -> None:
    plain = samples.make(samples.reading_copy("ar"), "ar").pdf
    sealed = sealing.SEALER.seal(plain, reason="x", made_at=samples.MADE_AT)
    assert samples.failures(sealed) == []
    assert seal.check(sealed, trust=[sealing.CERTIFICATE]).unchanged


def test_what_was_there_stays_byte_for_byte() -> None:
    plain = samples.make(samples.letter("fi")).pdf
    assert sealing.unsealed().startswith(plain)
    assert sealing.sealed().startswith(sealing.unsealed())
    with pikepdf.open(io.BytesIO(plain)) as before, pikepdf.open(io.BytesIO(sealing.sealed())) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert dict(before.docinfo) == dict(after.docinfo)


def test_the_fields_are_tagged_and_named() -> None:
    forms = [item for item in samples.elements(sealing.sealed()) if item["S"] == "/Form"]
    assert [item["Alt"] for item in forms] == ["Allekirjoitus", "Electronic seal of the portal"]
    with pikepdf.open(io.BytesIO(sealing.sealed())) as document:
        by_name = {str(field.T): field for field in document.Root.AcroForm.Fields}
        assert set(by_name) == {"Resident", seal.FIELD}
        assert "/V" not in by_name["Resident"]
        assert [float(edge) for edge in by_name[seal.FIELD].Rect] == [0, 0, 0, 0]
        box = samples.make(samples.letter("fi")).places["resident"].box
        assert [float(edge) for edge in by_name["Resident"].Rect] == pytest.approx(list(box))
        assert int(document.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 2
        assert str(document.Root.Perms.DocMDP.SubFilter) == "/ETSI.CAdES.detached"
        assert str(document.Root.Perms.DocMDP.Reason) == "Portaalin sinetti"


def test_a_field_is_added_the_same_each_time_and_on_any_page() -> None:
    plain = samples.make(samples.reading_copy("fi")).pdf
    settings: Any = {"tooltip": "Sign here", "box": (50, 60, 250, 110), "page": 1}
    once = seal.add_signature_field(plain, **settings)
    assert once == seal.add_signature_field(plain, **settings)
    assert samples.failures(once) == []
    with pikepdf.open(io.BytesIO(once)) as document:
        assert "/Annots" not in document.pages[0]
        assert [str(item.T) for item in document.pages[1].Annots] == ["Resident"]


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 junk", b"hello"])
def test_what_is_no_tagged_pdf_is_refused(pdf: bytes) -> None:
    with pytest.raises(SealError):
        seal.add_signature_field(pdf, tooltip="x", box=(0, 0, 1, 1), page=0)
    with pytest.raises(SealError):
        sealing.SEALER.seal(pdf, reason="x", made_at=samples.MADE_AT)


def test_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(SealError):
        seal.add_signature_field(samples.make("<p>x</p>").pdf, tooltip="x", box=(0, 0, 1, 1), page=7)


def test_a_sealed_letter_is_not_sealed_twice() -> None:
    with pytest.raises(SealError):
        sealing.SEALER.seal(sealing.sealed(), reason="x", made_at=samples.MADE_AT)


@pytest.mark.poppler
def test_poppler_agrees(tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealing.sealed())
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


class TestKeysAndCertificates:
    """What `from_pem` takes and refuses, and what goes into the file."""

    def test_a_self_signed_certificate_may_sign_documents_and_nothing_else(self) -> None:
        certificate = x509.load_pem_x509_certificate(sealing.CERTIFICATE)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        assert usage.critical
        assert usage.value.digital_signature
        assert usage.value.content_commitment
        assert not usage.value.key_cert_sign
        assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=365)
        assert sealing.SEALER.valid_until == certificate.not_valid_after_utc

    def test_a_self_signed_certificate_is_valid_at_once(self) -> None:
        key, certificate = seal.generate_self_signed("x", valid_days=1)
        now = datetime.now(UTC)
        with pytest.raises(SealError, match="not valid on"):
            seal.Sealer.from_pem(key, certificate).seal(b"%PDF-", reason="x", made_at=now + timedelta(days=3))
        key, certificate = seal.generate_self_signed("x", valid_days=30)
        sealed = seal.Sealer.from_pem(key, certificate).seal(sealing.unsealed(), reason="x", made_at=now)
        assert seal.check(sealed, trust=[certificate]).unchanged

    def test_the_chain_is_embedded_and_the_first_certificate_is_the_pinned_one(self) -> None:
        key, chain, root = sealing.issued_chain()
        sealed = seal.Sealer.from_pem(key, chain).seal(
            sealing.unsealed(), reason="x", made_at=samples.MADE_AT
        )
        assert samples.failures(sealed) == []
        embedded: Any = PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0]
        names = {
            item.subject.native["common_name"]
            for item in (embedded.signer_cert, *embedded.other_embedded_certs)
        }
        assert names == {"Tietoni, issued", "Some Authority"}
        report = seal.check(sealed, trust=[chain])
        assert (report.ours, report.unchanged, report.signer) == (True, True, "Tietoni, issued")
        # Whoever has a certificate of the same authority must not pass for the portal.
        assert seal.check(sealed, trust=[root]).problem == "foreign"

    def test_a_key_that_belongs_to_another_certificate(self) -> None:
        with pytest.raises(SealError, match="does not belong"):
            seal.Sealer.from_pem(sealing.OTHER_KEY, sealing.CERTIFICATE)

    @pytest.mark.parametrize("key", [b"", b"junk", sealing.CERTIFICATE])
    def test_a_key_that_cannot_be_read(self, key: bytes) -> None:
        with pytest.raises(SealError, match="cannot be read"):
            seal.Sealer.from_pem(key, sealing.CERTIFICATE)

    @pytest.mark.parametrize("certificate", [b"", b"junk", sealing.KEY])
    def test_a_certificate_that_cannot_be_read(self, certificate: bytes) -> None:
        with pytest.raises(SealError, match="cannot be read"):
            seal.Sealer.from_pem(sealing.KEY, certificate)

    def test_an_encrypted_key(self) -> None:
        key: Any = serialization.load_pem_private_key(sealing.KEY, None)
        locked = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
        with pytest.raises(SealError, match="cannot be read"):
            seal.Sealer.from_pem(locked, sealing.CERTIFICATE)

    def test_before_and_after_the_certificates_time(self) -> None:
        for moment in (
            sealing.BEGIN - timedelta(seconds=1),
            sealing.SEALER.valid_until + timedelta(seconds=1),
        ):
            with pytest.raises(SealError, match="not valid on"):
                sealing.SEALER.seal(sealing.unsealed(), reason="x", made_at=moment)

    def test_a_time_without_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            sealing.SEALER.seal(sealing.unsealed(), reason="x", made_at=datetime(2026, 5, 1))  # noqa: DTZ001  (the point)

    def test_an_rsa_key_does_as_well(self) -> None:
        key, certificate = time_stamp_authority(common_name="Tietoni RSA", stamps=False)
        sealed = seal.Sealer.from_pem(key, certificate).seal(
            sealing.unsealed(), reason="x", made_at=samples.MADE_AT
        )
        assert seal.check(sealed, trust=[certificate]).unchanged


def time_stamp_authority(*, common_name: str = "TSA", stamps: bool = True) -> tuple[bytes, bytes]:
    """An RSA key and certificate in PEM, for time-stamps or for signing."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(sealing.BEGIN)
        .not_valid_after(sealing.BEGIN + timedelta(days=3650))
        .add_extension(usage, critical=True)
    )
    if stamps:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key_pem, certificate.public_bytes(serialization.Encoding.PEM)


@contextmanager
def server(answer: Callable[[bytes], tuple[int, str, bytes]]) -> Iterator[str]:
    """An HTTP server on this machine that answers POSTs with status, media type and body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, kind, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


class TestTimeStamps:
    """PAdES B-T with a time-stamp server, RFC 3161 over HTTP."""

    STAMPED_AT = datetime(2026, 11, 24, 9, 31, 7, tzinfo=UTC)
    KEY, CERTIFICATE = time_stamp_authority()

    def sealed(self, url: str) -> bytes:
        sealer = seal.Sealer.from_pem(sealing.KEY, sealing.CERTIFICATE, tsa_url=url)
        return sealer.seal(sealing.unsealed(), reason="x", made_at=samples.MADE_AT)

    @contextmanager
    def authority(self) -> Iterator[str]:
        key: Any = serialization.load_pem_private_key(self.KEY, None)
        der = serialization.Encoding.DER
        plain = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        certificate = x509.load_pem_x509_certificate(self.CERTIFICATE).public_bytes(der)
        stamper: Any = DummyTimeStamper(
            asn1_x509.Certificate.load(certificate),
            asn1_keys.PrivateKeyInfo.load(plain),
            fixed_dt=self.STAMPED_AT,
        )

        def answer(body: bytes) -> tuple[int, str, bytes]:
            response = stamper.request_tsa_response(tsp.TimeStampReq.load(body))
            return 200, "application/timestamp-reply", response.dump()

        with server(answer) as url:
            yield url

    def test_a_time_stamp_goes_into_the_seal(self) -> None:
        with self.authority() as url:
            sealed = self.sealed(url)
        assert samples.failures(sealed) == []
        trusting = seal.check(sealed, trust=[sealing.CERTIFICATE], tsa_trust=[self.CERTIFICATE])
        assert (trusting.ours, trusting.unchanged, trusting.problem) == (True, True, None)
        assert trusting.sealed_at == self.STAMPED_AT
        # An authority that nobody configured: the seal counts, its own word for the time too.
        plain = seal.check(sealed, trust=[sealing.CERTIFICATE])
        assert (plain.ours, plain.unchanged, plain.sealed_at) == (True, True, samples.MADE_AT)

    def test_a_stamp_of_another_authority_does_not_hold_where_one_is_asked_for(self) -> None:
        with self.authority() as url:
            sealed = self.sealed(url)
        _, other = time_stamp_authority()
        report = seal.check(sealed, trust=[sealing.CERTIFICATE], tsa_trust=[other])
        assert (report.ours, report.unchanged, report.problem) == (False, False, "altered")

    def test_a_server_that_is_down(self) -> None:
        with self.authority() as url:
            pass
        with pytest.raises(SealError, match="cannot be reached"):
            self.sealed(url)

    @pytest.mark.parametrize(
        "answer",
        [
            (200, "text/html", b"<html>"),
            (200, "application/timestamp-reply", b"junk"),
            (200, "application/timestamp-reply", b""),
            (500, "text/plain", b"no"),
        ],
    )
    def test_a_server_that_answers_something_else(self, answer: tuple[int, str, bytes]) -> None:
        with server(lambda _: answer) as url, pytest.raises(SealError, match="Could not seal"):
            self.sealed(url)

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "tsa.example"])
    def test_an_address_that_is_none(self, url: str) -> None:
        with pytest.raises(SealError, match="http"):
            self.sealed(url)


def test_sealing_works_in_threads() -> None:
    reports: list[seal.SealReport] = []

    def one() -> None:
        sealed = sealing.SEALER.seal(sealing.unsealed(), reason="x", made_at=samples.MADE_AT)
        reports.append(seal.check(sealed, trust=[sealing.CERTIFICATE]))

    sealing.unsealed()
    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.problem for report in reports] == [None] * 6


def test_a_check_inside_an_event_loop_is_a_programming_error_and_no_damaged_file() -> None:
    async def inside() -> None:
        seal.check(sealing.sealed(), trust=[sealing.CERTIFICATE])

    with pytest.raises(RuntimeError, match="to_thread"):
        asyncio.run(inside())
