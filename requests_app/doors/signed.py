"""What a person hands back signed: the letter's own PDF with an electronic signature, or a photo of the signed page.

A PDF is taken only if it begins with the very bytes that the portal made: what a signing tool adds, it appends. A photo
is decoded and written anew, so that nothing that hides in a picture file is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.papers import limits, seal
from portal.papers.errors import LimitExceeded
from requests_app.doors import letters

MOST_BYTES: Final = 5_000_000
MOST_PIXELS: Final = 60_000_000
"""More than any phone's camera makes of one page; a bomb says so in its head, before anything is decoded."""

LONGEST_EDGE: Final = 2339
"""Pixels of the longer edge that is kept: A4 at 200 dots an inch."""

_LIMITS: Final = limits.Limits(seconds=15.0, megabytes=512)
_PDF: Final = b"%PDF-"


class NotTaken(ValueError):
    """The file is not taken; `code` says why (`wording.signing.PROBLEMS`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signed:
    """A file that is taken: `form` is `electronic` (a PDF) or `photo` (a PNG); the signer's name where it is known."""

    form: str
    content: bytes
    signer: str = ""
    issuer: str = ""
    trusted: bool = False


def read(content: bytes, *, original: bytes) -> Signed:
    """Return what is kept of an uploaded file; `original` is the letter as the portal made it. Raises NotTaken."""
    if not content:
        raise NotTaken("empty")
    if len(content) > MOST_BYTES:
        raise NotTaken("too_large")
    if content.startswith(_PDF):
        return _pdf(content, original=original)
    return _photo(content)


def _pdf(content: bytes, *, original: bytes) -> Signed:
    report = letters.check_pdf(content)
    if report.problem in ("encrypted", "too-heavy"):
        raise NotTaken(report.problem.replace("-", "_"))
    if not content.startswith(original):
        # Another letter of ours, another version of this one, or a file that a tool wrote anew.
        raise NotTaken("other_letter")
    if report.problem == "broken-signature":
        raise NotTaken("bad_signature")
    if not report.ours or not report.unchanged:
        raise NotTaken("changed")
    found = seal.signers(content, roots=_roots())
    if not found:
        raise NotTaken("no_signature")
    if not all(signer.holds for signer in found):
        raise NotTaken("bad_signature")
    last = found[-1]
    return Signed("electronic", content, signer=last.name, issuer=last.issuer, trusted=last.trusted)


def _roots() -> list[bytes]:
    return [letters.pem("SIGNATURE_TRUST", settings.SIGNATURE_TRUST)] if settings.SIGNATURE_TRUST else []


def _photo(content: bytes) -> Signed:
    try:
        return Signed("photo", limits.run(lambda: _written_anew(content), _LIMITS))
    except UnidentifiedImageError as error:
        raise NotTaken("wrong_type") from error
    except NotTaken:
        raise
    except LimitExceeded as error:
        raise NotTaken("too_heavy") from error
    except Exception as error:
        # A decoder of hostile files may raise anything.
        raise NotTaken("bad_image") from error


def _written_anew(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as image:
        if image.width * image.height > MOST_PIXELS:
            raise NotTaken("too_heavy")
        image.draft("L", (LONGEST_EDGE, LONGEST_EDGE))
        upright = ImageOps.exif_transpose(image).convert("L")
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    output = BytesIO()
    upright.save(output, "PNG", optimize=True)
    return output.getvalue()
