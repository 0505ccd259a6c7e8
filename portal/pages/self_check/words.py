"""Words of the self-check: its answers, its outcomes, and the reasons, each as the study says it and no stronger.

Every text is in the language that is active when it is shown.  The data are pseudonymised, never "anonymous"; and
what the study claims is told as its claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.pages.self_check.rule import Outcome

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_UNKNOWN: Final = pgettext_lazy("answer to a question", "I do not know")

CLIENT_NAMES: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        # Translators: three answers to “Have you been a client of the Omnia Skills Centre for Immigrants?”
        "during": _("Yes, at some time from 2019 to 2024"),
        "later": _("Yes, but only in 2025 or later"),
        "never": _("No, never"),
        "unknown": _UNKNOWN,
    }
)

LIVED_NAMES: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {"yes": pgettext_lazy("answer to a question", "Yes"), "no": _("No"), "unknown": _UNKNOWN}
)

SERVICE_NAMES: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "kela": _("Kela"),
        "tax": _("The Tax Administration"),
        "employment": _("Employment services (TE Office until 2024)"),
        "omnia": _("Omnia or its Skills Centre"),
        "city": _("The City of Espoo: day care, school, library and other services"),
        "social_health": _("Social and health services"),
        "migri": _("The Finnish Immigration Service (Migri)"),
        "none": pgettext_lazy("services", "None of these"),
        "unknown": _UNKNOWN,
    }
)
"""The services in the words of the wizard, so that a person finds there what they ticked here."""

OUTCOME_NAMES: Final[Mapping[Outcome, StrPromise]] = MappingProxyType(
    {
        "yes": pgettext_lazy("is my data in it?", "The study says yes"),
        "possible": pgettext_lazy("is my data in it?", "It is possible"),
        "outside": _("You are outside the groups that the study describes"),
    }
)

REASON_TEXTS: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "client": _(
            "You were a client of the Skills Centre at some time from 2019 to 2024. The study says that data on all "
            "its clients are collected."
        ),
        "lived_and_used": _(
            "You lived in Espoo in 2009 or at some time since, and used services such as Kela’s in 2009 or later. The "
            "study says that you may be included."
        ),
        "perhaps_lived_and_used": _(
            "You do not know where you lived or which services you used. If you lived in Espoo in 2009 or at some time "
            "since, and used services such as Kela’s in 2009 or later, the study says that you may be included."
        ),
        "only_examples": _(
            "The study says that a person may be included who lived in Espoo in 2009 or at some time since, and used "
            "for example Kela, the Tax Administration, TE Services or the City of Espoo in 2009 or later. It does not "
            "say which other services count."
        ),
        "perhaps_client": _(
            "You do not know whether you were a client of the Skills Centre. If you were one at some time from 2019 to "
            "2024, the study says yes. You can ask Omnia what it holds about you."
        ),
        "two_groups": _(
            "The study describes two groups: clients of the Omnia Skills Centre for Immigrants, and immigrants living "
            "in Espoo who have never been its clients."
        ),
        "never_client": _("You have never been a client of the Skills Centre."),
        "later_client": _(
            "You became a client of the Skills Centre in 2025 or later. That alone does not mean that your "
            "information is included."
        ),
        "not_lived": _("You have not lived in Espoo in 2009 or later."),
        "none_used": _("You have used none of the services that we named."),
        "not_checkable": _(
            "The study has a control group: immigrants living in Espoo who have never been clients of the Skills "
            "Centre. It says that it cannot be checked who is in this group, because nobody can be identified in its "
            "material."
        ),
        "years": _("The study collects data from January 2009 to December 2024."),
    }
)
"""Why an outcome is what it is, by the reasons of `rule.judge`; from the study's answers 4, 7 and 8."""
