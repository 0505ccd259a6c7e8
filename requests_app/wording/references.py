"""Words for what is wrong with a typed reference, secret or letter code (`rules.references.BadReference`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Words = Mapping[str, "StrPromise"]

REFERENCE_TEXTS: Final[Words] = MappingProxyType(
    {
        "empty": _("Write the reference of your request."),
        "too_long": _("This is too long for a reference. A reference has 8 letters and digits."),
        "wrong_length": _("A reference has 8 letters and digits. Some are missing, or there are too many."),
        "wrong_sign": _(
            "There is a character that a reference never has. It begins with the year, two digits. After that come "
            "letters from A to Z and digits from 2 to 9, but never the letters I, L and O."
        ),
        "wrong_check": _(
            "There is a mistake in the reference. Compare it with your receipt, character by character."
        ),
    }
)
"""A sentence for each code, for a reference."""

SECRET_TEXTS: Final[Words] = MappingProxyType(
    {
        "empty": _("Write the secret of your request."),
        "too_long": _("This is too long for a secret. A secret has 20 letters and digits."),
        "wrong_length": _("A secret has 20 letters and digits. Some are missing, or there are too many."),
        "wrong_sign": _(
            "There is a character that a secret never has. It has letters from A to Z and digits from 2 to 9, but "
            "never the letters I, L and O, and never the digits 0 and 1."
        ),
        "wrong_check": _(
            "There is a mistake in the secret. Compare it with your receipt, character by character."
        ),
    }
)
"""A sentence for each code, for a secret."""


def reference_text(code: str) -> str:
    """Return what is wrong with a typed reference, in the active language."""
    return str(REFERENCE_TEXTS[code])


def secret_text(code: str) -> str:
    """Return what is wrong with a typed secret, in the active language; it never repeats what was typed."""
    return str(SECRET_TEXTS[code])
