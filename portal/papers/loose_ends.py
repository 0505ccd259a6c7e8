"""White space that the engine trips over, taken out of HTML before it is laid out."""

from __future__ import annotations

import re
from typing import Final

_LOOSE_END: Final = re.compile(r"\s+(</(?:p|li|h1|h2|h3|td|th)>|<br>)")


def trimmed(html: str) -> str:
    """Return the HTML without white space at the end of its blocks.

    Where such a space would just not fit into the last line, the engine (WeasyPrint 70) breaks that line after its
    first word.
    """
    return _LOOSE_END.sub(r"\1", html)
