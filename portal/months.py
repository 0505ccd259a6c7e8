"""The months of the year, for the message files alone: Django's own catalogues lack some of the portal's languages.

`date_format` looks month names up under these English words, in Django's catalogue and over it in the portal's own,
so that a day reads right in every language of `portal/languages.py`.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
