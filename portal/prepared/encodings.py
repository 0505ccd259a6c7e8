"""Which of a page's encodings a reader gets, by what their browser says (RFC 9110, 12.5.3)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import brotli

IDENTITY: Final = ""
"""The page as it is, without `Content-Encoding`."""

ENCODINGS: Final = ("br", "gzip", IDENTITY)
"""From the best one on: the order in which equals are chosen."""

_LONGEST_HEADER: Final = 500
_WISH: Final = re.compile(r"([!#$%&'*+.^_`|~\w-]+)(?:\s*;\s*q=([01](?:\.\d{0,3})?))?", re.ASCII)


def encoded(content: bytes) -> dict[str, bytes]:
    """Return `content` by encoding; one that makes it no smaller is left out.  The same bytes for the same content."""
    candidates = {
        "br": brotli.compress(content, mode=brotli.MODE_TEXT, quality=10),
        "gzip": gzip.compress(content, compresslevel=9, mtime=0),
    }
    smaller = {name: body for name, body in candidates.items() if len(body) < len(content)}
    return {**smaller, IDENTITY: content}


@lru_cache(maxsize=256)
def acceptable(header: str) -> tuple[str, ...]:
    """Return the encodings that an `Accept-Encoding` header takes, the most wanted first.

    Never empty: who refuses every encoding, the plain one included, gets the plain one (RFC 9110, 12.5.3, last
    rule).  What can't be read is passed over.
    """
    weights = _weights(header)
    rest = weights.get("*")
    wishes: list[tuple[float, str]] = []
    for encoding in ENCODINGS:
        weight = weights.get(encoding or "identity", rest)
        if weight is None:
            # Plain is acceptable where nobody speaks of it, after everything that is asked for.
            weight = 0.0005 if encoding == IDENTITY else 0.0
        if weight > 0:
            wishes.append((weight, encoding))
    # Sorting keeps the order of equals, which is that of ENCODINGS.
    wishes.sort(key=lambda wish: -wish[0])
    return tuple(encoding for _, encoding in wishes) or (IDENTITY,)


def _weights(header: str) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for part in header[:_LONGEST_HEADER].lower().split(","):
        match = _WISH.fullmatch(part.strip())
        if match:
            name = match[1].removeprefix("x-") if match[1] == "x-gzip" else match[1]
            found[name] = 1.0 if match[2] is None else min(float(match[2]), 1.0)
    return found
