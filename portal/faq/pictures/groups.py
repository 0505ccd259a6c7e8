"""The two groups of the study (answer 4)."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from portal.faq.pictures.drawing import WIDTH, Picture, Sheet
from portal.faq.pictures.listing import line
from portal.languages import Language

_DOTS: Final = 30
_IN_A_ROW: Final = 15
_APART: Final = 17
_RADIUS: Final = 6


def draw(language: Language, _on: date) -> Picture:
    """Draw each group with a dot for every hundred people, and both together."""
    number = _("About 3,000 people")
    both = (
        ("full", _("Clients of the Omnia Skills Centre for Immigrants")),
        ("hollow", _("The control group: immigrants living in Espoo who have never been its clients")),
    )
    total = _("About 6,000 people in all")
    sheet = Sheet(language)
    for kind, text in both:
        sheet.panel("source", number, text)
        sheet.y += 8
        _dots(sheet, kind)
        sheet.y += 20
    sheet.stroke("line", x=0, y=sheet.y, to_x=WIDTH, to_y=sheet.y)
    sheet.y += 8
    sheet.text(total, bold=True)
    sheet.text(_("One dot is about 100 people."))
    return sheet.picture(
        "groups",
        title=_("The two groups, as the study describes them"),
        words=(*(line(number, text) for _kind, text in both), total),
    )


def _dots(sheet: Sheet, kind: str) -> None:
    edge = (WIDTH - (_IN_A_ROW - 1) * _APART) / 2
    for dot in range(_DOTS):
        row, place = divmod(dot, _IN_A_ROW)
        sheet.dot(kind, x=edge + place * _APART, y=sheet.y + _RADIUS + 1 + row * _APART, radius=_RADIUS)
    sheet.y += _DOTS // _IN_A_ROW * _APART
