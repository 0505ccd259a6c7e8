"""Words of the wizard for codes of rules: what is wrong with an identity code, what a signature proves.

Every text is in the language that is active when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

SIGNATURE_HINTS: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "hand": _(
            "You print the letters and sign them with a pen. This is the usual way. The authority may still check who "
            "you are."
        ),
        "drawn": _(
            "You draw your name with a finger, a pen or the mouse. It shows that you want this. It does not prove who "
            "you are, so the authority may still check your identity."
        ),
        "electronic": _(
            "You download the letters, sign the files with your own tool (for example an identity card) and send them "
            "yourself. A qualified electronic signature is as good as one by hand (eIDAS Article 25)."
        ),
    }
)
"""What each way of signing means and proves."""

IDENTITY_TEXTS: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "empty": _("Write the personal identity code, or leave the field empty."),
        "malformed": _(
            "A personal identity code looks like this: 010594Y9032. You can also leave the field empty."
        ),
        "impossible": _("There is no such personal identity code. Check the digits."),
        "temporary": _("This is a temporary code. Leave the field empty."),
        "wrong_check": _(
            "One character of the personal identity code is wrong. Check the digits and the last character."
        ),
        "other_birth_date": _(
            "The personal identity code and the date of birth do not belong together. Check both."
        ),
    }
)


def identity_text(code: str) -> str:
    """Return what is wrong with a typed identity code (`rules.identity.BadIdentityCode`)."""
    return str(IDENTITY_TEXTS[code])
