"""The Finnish personal identity code (henkilötunnus): read, compared with a birth date, hidden in summaries.

Format and check sign as python-stdnum implements them (`stdnum.fi.hetu`).  The code is personal: no function
here repeats it in an error.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat
from stdnum.fi import hetu

from requests_app.rules.dates import plain

MAX_TYPED: Final = 64
"""The most characters that are looked at; a longer text is refused unread."""

_SIGN: Final = 6
_CENTURIES: Final = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_PROBLEMS: Final = {
    "empty": "Nothing was typed.",
    "malformed": "A personal identity code has six digits, a sign, three digits and a last letter or digit.",
    "impossible": "No such personal identity code is given: its date or its number does not exist.",
    "temporary": "This is a temporary code or one for tests.",
    "wrong_check": "A letter or digit of the personal identity code is wrong.",
    "other_birth_date": "The personal identity code and the date of birth do not belong together.",
}


class BadIdentityCode(ValueError):
    """A text that is no usable personal identity code; the message never repeats what was typed."""

    def __init__(self, code: str) -> None:
        """Take one of the codes `empty malformed impossible temporary wrong_check other_birth_date`."""
        super().__init__(_PROBLEMS[code])
        self.code = code


def parse_identity_code(text: str, *, born: date | None = None, allow_temporary: bool = False) -> str:
    """Return the code as a letter prints it, e.g. `010594Y9032`; raise `BadIdentityCode` (a ValueError).

    With `born`, the date of birth in the code must be that day.  `allow_temporary` lets the numbers 900–999
    pass, which are given for a time only, or for tests.
    """
    if len(text) > MAX_TYPED:
        raise BadIdentityCode("malformed")
    typed = plain(text).replace(" ", "").upper()
    if not typed:
        raise BadIdentityCode("empty")
    try:
        code: str = hetu.validate(typed, allow_temporary=True)
    except InvalidChecksum:
        raise BadIdentityCode("wrong_check") from None
    except InvalidComponent:
        raise BadIdentityCode("impossible") from None
    except InvalidFormat:
        raise BadIdentityCode("malformed") from None
    if not allow_temporary and not hetu.is_valid(code):
        raise BadIdentityCode("temporary")
    if born is not None and birth_date(code) != born:
        raise BadIdentityCode("other_birth_date")
    return code


def what_is_wrong(text: str, *, born: date | None = None, allow_temporary: bool = False) -> str | None:
    """Return `BadIdentityCode`'s code of what is wrong with a typed personal identity code, or None."""
    try:
        parse_identity_code(text, born=born, allow_temporary=allow_temporary)
    except BadIdentityCode as problem:
        return problem.code
    return None


def birth_date(code: str) -> date:
    """Return the date of birth in a code that `parse_identity_code` gave."""
    return date(_CENTURIES[code[_SIGN]] + int(code[4:6]), int(code[2:4]), int(code[:2]))


def mask(code: str) -> str:
    """Return the code for a summary, its last four signs hidden: `010594Y****`; of other text nothing."""
    if what_is_wrong(code, allow_temporary=True) is not None:
        return "****"
    return code[: _SIGN + 1] + "****"
