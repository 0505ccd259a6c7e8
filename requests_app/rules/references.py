"""References, secrets and letter codes: made, shown, and read back from what people type.

An alphabet of 31 signs without the look-alikes 0 O 1 I L, and a weighted check modulo 31 as in ISBN-10:
because 31 is prime and every place has a weight of its own, each single wrong sign and each swap of two signs
is noticed.

* A reference `26-7Q4M-2X`: the year, five random signs, a check.  It is told to offices and opens nothing.
* A secret: 19 random signs (94 bits) and a check.  It opens a filing together with the reference.
* A letter code: 15 random signs (74 bits) and a check.  It is printed on a letter and proves its origin.

All are kept in compact form, without dashes; `show` puts them in groups.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from requests_app.rules.dates import plain

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MAX_TYPED: Final = 100
"""The most characters that are looked at; a longer text is refused unread."""

RandBelow = Callable[[int], int]
"""Returns a random whole number from 0 up to, not including, its argument, like `secrets.randbelow`."""

_REFERENCE_RANDOM, _SECRET_RANDOM, _CODE_RANDOM = 5, 19, 15
_YEAR_DIGITS: Final = 2
_REFERENCE_LENGTH: Final = _YEAR_DIGITS + _REFERENCE_RANDOM + 1
_SECRET_LENGTH: Final = _SECRET_RANDOM + 1
_CODE_LENGTH: Final = _CODE_RANDOM + 1
_GROUP: Final = 4

_VALUES: Final = {sign: value for value, sign in enumerate(ALPHABET)} | {"0": 8, "1": 9}
"""What each sign weighs in the check.  0 and 1 stand in years only, where no letter may."""

_YEAR_LOOKALIKES: Final = str.maketrans("OIL", "011")
_PROBLEMS: Final = {
    "empty": "Nothing was typed.",
    "too_long": "The text is far too long.",
    "wrong_length": "Some signs are missing, or there are too many.",
    "wrong_sign": "There is a sign that is never used; 0, 1, I, L and O are never used, except in the year.",
    "wrong_check": "A sign is wrong, or two have changed places.",
}


class BadReference(ValueError):
    """A text that is no reference, secret or letter code; the message never repeats what was typed."""

    def __init__(self, code: str) -> None:
        """Take one of the codes `empty too_long wrong_length wrong_sign wrong_check`."""
        super().__init__(_PROBLEMS[code])
        self.code = code


def new_reference(year: int, *, randbelow: RandBelow = secrets.randbelow) -> str:
    """Return a new reference of that calendar year, compact; the caller makes sure that it is not taken."""
    return _with_check(f"{year % 100:02d}" + _random(_REFERENCE_RANDOM, randbelow))


def new_secret(randbelow: RandBelow = secrets.randbelow) -> str:
    """Return a new secret, compact: 94 random bits."""
    return _with_check(_random(_SECRET_RANDOM, randbelow))


def new_code(randbelow: RandBelow = secrets.randbelow) -> str:
    """Return a new letter code, compact: 74 random bits."""
    return _with_check(_random(_CODE_RANDOM, randbelow))


def parse_reference(text: str) -> str:
    """Return the compact form of a typed reference; raise `BadReference` (a ValueError)."""
    typed = normalise(text)
    typed = typed[:_YEAR_DIGITS].translate(_YEAR_LOOKALIKES) + typed[_YEAR_DIGITS:]
    return _checked(typed, length=_REFERENCE_LENGTH, digits=_YEAR_DIGITS)


def parse_secret(text: str) -> str:
    """Return the compact form of a typed secret; raise `BadReference` (a ValueError)."""
    return _checked(normalise(text), length=_SECRET_LENGTH)


def parse_code(text: str) -> str:
    """Return the compact form of a typed or scanned letter code; raise `BadReference` (a ValueError)."""
    return _checked(normalise(text), length=_CODE_LENGTH)


def normalise(text: str) -> str:
    """Return the capital letters and digits of `text`, without spaces, dashes and marks that can't be seen.

    Digits of any script become Western, full-width letters ordinary ones.  Raises `BadReference("too_long")`
    before any work on a long text.
    """
    if len(text) > MAX_TYPED:
        raise BadReference("too_long")
    return "".join(
        sign.upper() if sign.isascii() else sign for sign in plain(text) if sign not in (" ", "-", "_")
    )


def show(compact: str) -> str:
    """Return a reference as `26-7Q4M-2X`, other text in groups of four; shown text stays the same."""
    signs = normalise(compact)
    if len(signs) == _REFERENCE_LENGTH:
        return f"{signs[:2]}-{signs[2:6]}-{signs[6:]}"
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def _random(count: int, randbelow: RandBelow) -> str:
    return "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(count))


def _weighed(signs: str) -> int:
    """Return the weighted sum, modulo 31, of the signs before a check: the last weighs 2, the next 3 …"""
    return sum(weight * _VALUES[sign] for weight, sign in enumerate(reversed(signs), start=2)) % len(ALPHABET)


def _with_check(signs: str) -> str:
    """Return the signs followed by the one that makes their weighted sum a multiple of 31."""
    return signs + ALPHABET[-_weighed(signs) % len(ALPHABET)]


def _checked(signs: str, *, length: int, digits: int = 0) -> str:
    """Return the signs if there are `length` of them, `digits` digits first, and the check holds."""
    if not signs:
        raise BadReference("empty")
    if len(signs) != length:
        raise BadReference("wrong_length")
    if not set(signs[:digits]) <= set("0123456789") or not set(signs[digits:]) <= set(ALPHABET):
        raise BadReference("wrong_sign")
    if _with_check(signs[:-1]) != signs:
        raise BadReference("wrong_check")
    return signs
