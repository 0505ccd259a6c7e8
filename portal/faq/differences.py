"""What changed from one text to another, word by word, as safe HTML with `ins` and `del`."""

from __future__ import annotations

import difflib
import re
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_PIECES: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|\s+|.")
"""Words, and single signs where words have no spaces between them (Chinese)."""

_MOST_PIECES: Final = 6000
"""Beyond this many words a comparison could take seconds, and goes by lines."""


def changes(old: str, new: str) -> SafeString:
    """Return `new` with what it has and `old` lacks in `ins`, and what only `old` has in `del`; all of it escaped."""
    before, after = _pieces(old), _pieces(new)
    if len(before) + len(after) > _MOST_PIECES:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    parts: list[str] = []
    gone, come = "", ""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, to_start, to_end in matcher.get_opcodes():
        piece, new_piece = "".join(before[start:end]), "".join(after[to_start:to_end])
        # A space between two changes belongs to both: words read better than pieces of them.
        if kind != "equal" or (piece == " " and (gone or come)):
            gone, come = gone + piece, come + new_piece
            continue
        parts += [*_marked(gone, come), escape(piece)]
        gone, come = "", ""
    return mark_safe("".join([*parts, *_marked(gone, come)]))  # noqa: S308 — every piece is escaped.


def _marked(gone: str, come: str) -> list[str]:
    """Return a change as HTML; what ends both alike stays outside of it."""
    tail = " " if gone.endswith(" ") and come.endswith(" ") else ""
    gone, come = gone.removesuffix(tail), come.removesuffix(tail)
    marked = [f"<{name}>{escape(text)}</{name}>" for name, text in (("del", gone), ("ins", come)) if text]
    return [*marked, tail]


def _pieces(text: str) -> list[str]:
    return _PIECES.findall(text)
