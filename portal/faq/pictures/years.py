"""The years: of the data, of the Skills Centre, of the study, of the destroying, and today (answers 6 and 7)."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.faq.pictures.drawing import WIDTH, Picture, Sheet
from portal.faq.pictures.listing import line
from portal.languages import Language

DATA, CENTRE, STUDY, KEPT = "full", "hollow", "thin", "kept"
_BARS: Final = {
    DATA: (8, 2009, 2024),
    CENTRE: (26, 2019, 2024),
    STUDY: (44, 2021, 2024),
    KEPT: (8, 2024, 2029),
}
"""Each bar: its place on the sheet, its first and its last year."""

_THICK: Final = 12
_LABELS: Final = 68


def draw(language: Language, on: date) -> Picture:
    """Draw a row for each year in which something begins or ends, and one for today."""
    events = {
        2009: _("The data begin, from January on."),
        2019: _("The Skills Centre opens. Its own data begin."),
        2021: _("The study begins."),
        2024: _("The data end in December. The study was to end."),
        2029: _("The study says that the data are destroyed."),
    }
    today = pgettext("the year we live in, in a row of years", "Today")
    rows = sorted(
        [*((year, text, False) for year, text in events.items()), (on.year, today, True)], key=_place
    )
    key = (
        (DATA, _("Data: 2009–2024")),
        (CENTRE, _("Data of the Skills Centre: 2019–2024")),
        (STUDY, _("The study: 2021–2024")),
        (KEPT, _("The data are kept until 2029")),
    )
    sheet = Sheet(language)
    heights = {}
    for year, text, is_today in rows:
        middle = sheet.y + sheet.line / 2
        if not is_today:
            heights[year] = middle
        sheet.stroke("today" if is_today else "tick", x=0, y=middle, to_x=_LABELS - 8, to_y=middle)
        sheet.text(str(year), x=_LABELS, bold=True)
        sheet.text(text, x=_LABELS, room=WIDTH - _LABELS)
        sheet.y += 14
    for kind, (x, first, last) in _BARS.items():
        sheet.box(kind, x=x, y=heights[first], width=_THICK, height=heights[last] - heights[first])
    for kind, text in key:
        top = sheet.y
        sheet.text(text, x=_LABELS, room=WIDTH - _LABELS)
        sheet.box(kind, x=_BARS[kind][0], y=top + 2, width=_THICK, height=sheet.line - 4)
    return sheet.picture(
        "years",
        title=_("The years, as the study gives them"),
        words=(*(line(str(year), text) for year, text, _is_today in rows), *(text for _kind, text in key)),
    )


def _place(row: tuple[int, str, bool]) -> tuple[int, bool]:
    """Return the place of a row: by its year, today after what else there is in the year."""
    return row[0], row[2]
