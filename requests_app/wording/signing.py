"""Words for a file that a person hands back signed: why it is not taken."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

PROBLEMS: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "empty": _("This file is empty."),
        "too_large": _("This file is too large. It can have at most 5 MB."),
        "wrong_type": _("This is neither a PDF file nor a photo (JPEG or PNG)."),
        "encrypted": _("This file is locked with a password. Save it without one."),
        "too_heavy": _("This file takes too long to read. Choose another one."),
        "other_letter": _(
            "This PDF file is not the letter on this page, or your tool wrote the file anew. Download the letter here, "
            "sign that file, and change nothing else."
        ),
        "changed": _(
            "Something besides the signature was changed in this file. Download the letter again and only sign it."
        ),
        "no_signature": _("There is no signature in this file yet. Sign it with your own tool first."),
        "bad_signature": _("The signature in this file does not hold. Sign the letter again."),
        "bad_image": _("We can’t read this photo. Take it again, or choose another one."),
    }
)
"""A sentence for each code of `doors.signed.NotTaken`."""


def problem_text(code: str) -> str:
    """Return why a signed file is not taken, in the active language."""
    return str(PROBLEMS[code])
