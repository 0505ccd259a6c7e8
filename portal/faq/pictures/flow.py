"""How data travel from the registers to Fiona, and what is encrypted on the way (answers 1 and 3)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from portal.faq.pictures.drawing import Picture, Sheet
from portal.faq.pictures.listing import line
from portal.languages import Language


def draw(language: Language, _on: date) -> Picture:
    """Draw the way of the data, from the top down."""
    stations = (
        (
            "source",
            _("The authorities’ registers"),
            _("Data from the use of the Skills Centre’s and other authorities’ services."),
        ),
        (
            "gate",
            _("Encrypted when the data are retrieved"),
            _("Name, personal identity code, address and other identifiers."),
        ),
        (
            "source",
            _("Encrypted connections"),
            _("The City of Espoo, Omnia and Statistics Finland are in charge of the transfer."),
        ),
        (
            "goal",
            _("Fiona: Statistics Finland’s research environment"),
            _(
                "One large data set, pseudonymised: encrypted, without any identifiers. Only researchers who have "
                "been named get in. Each time someone views or processes data, a log entry is made. The research "
                "data never leave Fiona."
            ),
        ),
        (
            "source",
            _("Findings"),
            _("VTT and Statistics Finland check them before they leave Fiona."),
        ),
    )
    sheet = Sheet(language)
    for place, (kind, title, text) in enumerate(stations):
        if place:
            sheet.arrow()
        sheet.panel(kind, title, text)
    return sheet.picture(
        "flow",
        title=_("How the data travel, as the study describes it"),
        words=tuple(line(title, text) for _kind, title, text in stations),
    )
