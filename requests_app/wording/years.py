"""Words for a span of calendar years, open where the person named none."""

from __future__ import annotations

from django.utils.translation import gettext


def years_text(first: int | None, last: int | None) -> str:
    """Return the years from `first` to `last`, both included, in the active language; None means open."""
    if first is None and last is None:
        return gettext("all years")
    if last is None:
        return gettext("from %(first)s on") % {"first": first}
    if first is None:
        return gettext("until %(last)s") % {"last": last}
    if first == last:
        return str(first)
    # The dash stands between digits, which run from left to right in every language of the portal.
    return f"{first}–{last}"
