"""Which language of the portal serves a reader best, by what their browser says."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from portal.languages import BY_CODE, DEFAULT

_LONGEST_HEADER: Final = 1000
"""Characters of the header that are read; a browser sends fewer, and the rest is nobody's wish."""

_RANGE: Final = re.compile(r"([a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")

_KIN: Final = {"prs": "fa", "ku-arab": "ckb", "ku-iq": "ckb", "ku-ir": "ckb"}
"""Languages known under another code as well: Dari is Persian, Kurdish of Iraq and Iran is Sorani."""


def best_language(header: str, *, among: Collection[str] | None = None) -> str:
    """Return the code of the portal's language that fits an `Accept-Language` header best; else the default.

    Follows RFC 9110, 12.5.4 (weights from 0 to 1, 0 meaning "not this one", first of equals wins) and the
    lookup of RFC 4647, 3.4 (`sv-FI` finds `sv`).  A tag without a match of its own finds a sister that shares
    its first part: `zh-CN` finds `zh-hans`.  What can't be read is passed over.
    `among` leaves only some of the portal's languages to choose from.
    """
    wishes: list[tuple[float, str]] = []
    for part in header[:_LONGEST_HEADER].lower().split(","):
        match = _RANGE.fullmatch(part.strip())
        if match:
            weight = 1.0 if match[2] is None else min(float(match[2]), 1.0)
            code = _lookup(match[1], BY_CODE if among is None else among)
            if code and weight > 0:
                wishes.append((weight, code))
    # `max` returns the first of equals, which is the order of the header.
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else DEFAULT


def _lookup(tag: str, among: Collection[str]) -> str:
    """Return the code `among` those given for a lower-case language tag, "" where none fits."""
    rest = tag
    while rest:
        for candidate in (rest, _KIN.get(rest, "")):
            if candidate in among:
                return candidate
        rest = rest.rpartition("-")[0]
    first = tag.partition("-")[0]
    return next((code for code in among if code.partition("-")[0] == first), "")
