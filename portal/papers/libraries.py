"""Whether this machine has what the PDF engine stands on: shared libraries of the system, and the engine itself."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from typing import Final

LIBRARIES: Final = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""Shared libraries that the engine needs, and the Debian packages that bring them."""


def problem() -> str | None:
    """None when the engine can be loaded, else one sentence for the operator that names what to install; cheap."""
    if sys.platform.startswith("linux"):
        lacking = [package for library, package in LIBRARIES.items() if not _is_loadable(library)]
        if lacking:
            return f"Letters cannot be rendered: install Debian's {', '.join(lacking)}."
    if importlib.util.find_spec("weasyprint") is None:
        return "Letters cannot be rendered: the Python package weasyprint is not installed; run `make setup`."
    return None


def _is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
