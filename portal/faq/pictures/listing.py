"""A line of a picture's twin in words: what is named, and what is said of it."""

from __future__ import annotations

from django.utils.translation import pgettext


def line(name: str, text: str) -> str:
    """Return `name` and `text` as one line, with the colon that the active language sets between them."""
    return pgettext("a line of a list: what is named, and what is said of it", "%(name)s: %(text)s") % {
        "name": name,
        "text": text,
    }
