"""Words for a routing decision: why a holder is asked, where else to look, why nobody is asked.

Takes the codes of `rules.routing` and of the rules' rows; every text is in the language that is active at
the call.  A decision is stored with its codes, so a code that was ever in use keeps its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

ROUTING_TEXTS: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        # Why a letter goes to a holder.
        "own_client_register": _(
            "You ticked a service of this authority. Every office that served you keeps its own "
            "background data."
        ),
        "student_register": _("Omnia keeps the student register for studies at Omnia."),
        "te_office_closed": _(
            "The TE Office closed at the end of 2024. Now its register is shared by the KEHA Centre and "
            "the employment services of Espoo."
        ),
        "state_employment_register": _(
            "Until the end of 2024 this was a state register. A municipal trial ran in Espoo from March "
            "2021. Now the register is shared by the KEHA Centre and the employment services of Espoo."
        ),
        "employment_area": _(
            "The employment area of Espoo and Kauniainen has been responsible for this since 1 January 2025."
        ),
        "annual_notices": _(
            "Income up to 2018 was reported to the Tax Administration once a year, in annual notices."
        ),
        "tax_register": _("The Tax Administration keeps this data for taxation."),
        "incomes_register_since_2019": _(
            "The Incomes Register holds wages since 2019, and pensions and benefits since 2020. It is "
            "asked separately from the Tax Administration, first of all with its own form TULOR 6114e."
        ),
        "benefit_register": _("Kela keeps the data on the benefits that it pays."),
        "municipal_assistance_moved": _(
            "Basic social assistance was a task of the municipality until the end of 2016. Some of its "
            "decisions ran until 31 March 2017. As a rule, such records moved to the wellbeing services "
            "counties on 1 January 2023."
        ),
        "municipal_assistance": _(
            "Basic social assistance was a task of the municipality until the end of 2016. Some of its "
            "decisions ran until 31 March 2017."
        ),
        "kela_since_2017": _("Kela has been responsible for basic social assistance since 1 January 2017."),
        "municipal_records_moved": _(
            "Supplementary and preventive social assistance was a task of the municipality until the end "
            "of 2022. As a rule, such records moved to the wellbeing services counties on 1 January 2023."
        ),
        "espoo_records_moved": _(
            "The City of Espoo was responsible for these records until 31 December 2022. As a rule, such "
            "records moved to the wellbeing services counties on 1 January 2023."
        ),
        "espoo_kept_until_2022": _(
            "The City of Espoo was responsible for its social and health records until 31 December 2022."
        ),
        "county_since_2023": _(
            "The wellbeing services county has been responsible for this since 1 January 2023."
        ),
        "rehabilitation_register": _("Kela keeps the data on its own rehabilitation services."),
        "medical_social_rehabilitation": _(
            "Medical and social rehabilitation may be in the records of the social and health services."
        ),
        "reimbursement_register": _("Kela keeps the data on special reimbursement of medicines."),
        "residence_register": _(
            "The Finnish Immigration Service keeps the grounds of residence permits and rights of "
            "residence. Permits applied for in Finland and registrations of EU citizens came to it from "
            "the police on 1 January 2017."
        ),
        "skills_centre_since_2019": _("Omnia opened the Skills Centre for Immigrants in January 2019."),
        "passed_on": _(
            "If this authority does not have the data, it must pass your letter on to the one that does "
            "(Administrative Procedure Act, section 21). It then tells you so."
        ),
        # Where else the data may be.
        "population_register": _(
            "The Digital and Population Data Services Agency holds background data, too. You see your "
            "own at Suomi.fi. The study does not name it as a source."
        ),
        "other_schools": _(
            "Other schools have data on your studies there. You see some of it in the service Oma "
            "Opintopolku."
        ),
        "joint_controller": _(
            "The City of Espoo and the KEHA Centre are both named as register holders here. They "
            "share a part of it."
        ),
        "earnings_related_allowance": _(
            "If an unemployment fund paid you an earnings-related allowance, ask that fund."
        ),
        "residence_police": _(
            "The police handled many residence matters before 2017. Residence matters have one "
            "case system with several register holders; each is asked separately."
        ),
        "residence_reception": _(
            "If you sought asylum, the reception centre may have data on you. Residence "
            "matters have one case system with several register holders; each is asked separately."
        ),
        "hospital_care": _(
            "Care in hospitals, for example Jorvi, belongs to HUS. The letter to the county does not "
            "cover it."
        ),
        "research_questions": _(
            "VTT made the study. You may write to VTT about the research data, and give more "
            "information. The study says that nobody can be identified. If VTT relies on GDPR Article "
            "11, it must be able to show this."
        ),
        "research_environment": _(
            "Statistics Finland keeps the research environment Fiona. The data there is pseudonymised."
        ),
        "other_place": _(
            "For the time when you lived in another place, ask the municipality or wellbeing services "
            "county there."
        ),
        # Why nobody is asked.
        "tick_services": _(
            "Every office that served you keeps its own background data. Tick the services that you used."
        ),
        "not_open_yet": _("The Skills Centre was not open yet. It opened in January 2019."),
        "research_not_identifiable": _(
            "The study says that nobody can be identified from its research data, so we suggest no "
            "letter. You may still write to VTT if you want."
        ),
        "ask_where_you_lived": _(
            "You did not live in Espoo then. Ask the municipality or wellbeing services county where you "
            "lived."
        ),
        # Why it is undecided.
        "no_rule": _("We do not know who holds this data for these years. A person will look at it."),
        "rules_contradict": _(
            "Our rules give more than one answer for these years. A person will look at it."
        ),
        "no_holder": _("The authority that held this data is not on our list now. A person will look at it."),
    }
)
"""A sentence or more for each code that a decision can hold."""

PLACE_NAMES: Final[Mapping[str, StrPromise]] = MappingProxyType(
    {
        "hus": _("HUS (hospitals)"),
        "police": _("The police"),
        "reception_centres": _("Reception centres"),
        "unemployment_funds": _("Unemployment funds"),
        "other_schools": _("Other schools"),
        "other_place": _("The place where you lived then"),
    }
)
"""The name of each place in `rules.register.PLACES`; the names of holders are data of the holders."""


def routing_text(code: str) -> str:
    """Return the text of a code; raises KeyError for one that was never in use."""
    return str(ROUTING_TEXTS[code])


def place_name(place: str) -> str:
    """Return the name of a place that is no holder; raises KeyError for any other key."""
    return str(PLACE_NAMES[place])
