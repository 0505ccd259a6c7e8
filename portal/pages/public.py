"""The public pages that search engines and people find, beside the answers of the FAQ; what one is called and about.

A page listed here gets its address in every language, its description and its share picture in its head, and a place
in the sitemaps.  Pages of the requests are named by their plain view names, so that portal imports nothing of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from portal.languages import BY_CODE, LANGUAGES, Language
from portal.pages.notices import notice_language, notice_languages
from portal.sharing import Shared, shared

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True)
class PublicPage:
    """One page: the name of its view, its title, what it is about; `notice` names one that not all languages have."""

    view: str
    title: StrPromise
    description: StrPromise
    notice: str = ""

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages that have the page."""
        return tuple(BY_CODE[code] for code in notice_languages(self.notice)) if self.notice else LANGUAGES

    def shared(self, reader: Language) -> Shared:
        """Return what to tell of the page that a reader gets; a fallback's address is that of its own language."""
        return shared(
            self.view,
            title=str(self.title),
            description=str(self.description),
            here=notice_language(self.notice, reader) if self.notice else reader,
            languages=self.languages,
        )


PAGES: Final = (
    PublicPage(
        "pages:home",
        _("See what the authorities hold about you"),
        _(
            "A study looked at how immigrants in Espoo use public services. Here you can read about it, and ask the "
            "authorities to show you the data they hold about you."
        ),
    ),
    PublicPage(
        "faq:list",
        _("Questions and answers"),
        _("What the study says about your data, and what you can do."),
    ),
    PublicPage(
        "pages:self-check",
        _("Is my data in it?"),
        _("Answer three questions. We do not keep your answers."),
    ),
    PublicPage(
        "pages:glossary",
        _("Words explained"),
        _("Words that the study and the authorities use, and what they are in Finnish."),
    ),
    PublicPage(
        "who-holds-what",
        _("Who holds what"),
        _(
            "Here you see which authority has which data, for which years, and why. The study says that its data are "
            "from 2009 to 2024."
        ),
    ),
    PublicPage("pages:privacy", _("Privacy"), _("What Tietoni does with your data."), notice="privacy"),
    PublicPage(
        "pages:accessibility",
        _("Accessibility"),
        _("How well Tietoni works for people with disabilities."),
        notice="accessibility",
    ),
)

BY_VIEW: Final = {page.view: page for page in PAGES}
