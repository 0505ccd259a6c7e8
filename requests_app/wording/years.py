"""Words for a span of calendar years, open where the person named none."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext


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
    # A sentence from right to left shows the later year first: there translators write "from … to …".
    return pgettext("years", "%(first)s–%(last)s") % {"first": first, "last": last}
