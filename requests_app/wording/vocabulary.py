"""Words for the keys of the public contract: categories, life situations, services, answers to questions.

Every text is in the language that is active when it is shown.  A filing is stored with its keys, so a key
that was ever in use keeps its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

Words = Mapping[str, "StrPromise"]

KIND_NAMES: Final[Words] = MappingProxyType(
    {
        "access": _("See the data that they hold about me"),
        "rectification": _("Have wrong data corrected"),
        "erasure": _("Have data deleted"),
        "restriction": _("Have the use of data restricted"),
        "objection": _("Object to the use of data"),
    }
)
"""What a person wants, as they would say it; GDPR Articles 15, 16, 17, 18 and 21."""

KIND_HINTS: Final[Words] = MappingProxyType(
    {
        "access": _(
            "You get a copy of your data, and you are told what they are used for (GDPR Article 15). Begin with this "
            "if you do not know what an authority has."
        ),
        "rectification": _(
            "For facts that are wrong or missing. An authority need not change its decisions or its opinions, but you "
            "can have your own statement added (GDPR Article 16)."
        ),
        "erasure": _(
            "Authorities must keep many data by law, so they often refuse. They must then tell you why (GDPR Article "
            "17)."
        ),
        "restriction": _(
            "The data stay but are not used for a while, for example until it is clear whether they are right "
            "(GDPR Article 18)."
        ),
        "objection": _(
            "You give reasons that have to do with your own situation. It concerns public tasks and research, not what "
            "an Act orders. The authority may refuse and must say why (GDPR Article 21)."
        ),
    }
)
"""What each right can do and what it can't, in one breath."""

DETAILS_LABELS: Final[Words] = MappingProxyType(
    {
        "rectification": _("What is wrong, and how should it be?"),
        "erasure": _("Which data should be deleted, and why?"),
        "restriction": _("Which data should not be used now, and why?"),
        "objection": _("What in your situation speaks against the use of the data?"),
    }
)
"""What the person is asked to write to each authority, where the right needs it."""

GROUP_NAMES: Final[Words] = MappingProxyType(
    {
        "home": _("Me, my family and my right to live in Finland"),
        "learning": _("Studies and the Skills Centre"),
        "work": _("Work, income and taxes"),
        "support": _("Benefits and assistance"),
        "health": _("Health and social services"),
        "research": _("The study itself"),
    }
)
"""The life situations by which the categories are grouped."""

CATEGORY_NAMES: Final[Words] = MappingProxyType(
    {
        "background": _("Background data"),
        "education": _("Studies at Omnia"),
        "labour_training": _("Labour market training"),
        "income": _("Income"),
        "tax": _("Taxes"),
        "benefits": _("Benefits"),
        "employment": _("Employment services and unemployment"),
        "basic_assistance": _("Basic social assistance"),
        "discretionary_assistance": _("Supplementary and preventive social assistance"),
        "rehabilitation": _("Rehabilitation"),
        "medicine": _("Special reimbursement of medicines"),
        "residence": _("Residence permit or right of residence"),
        "skills_centre": _("The Skills Centre for Immigrants"),
        "social_health": _("Social and health services"),
        "research": _("The data set of the study"),
    }
)

CATEGORY_HINTS: Final[Words] = MappingProxyType(
    {
        "background": _("For example your age, marital status and children in the family."),
        "education": _("What Omnia's student register says about you."),
        "labour_training": _("Training that the employment services arranged."),
        "income": _("Wages, pensions and other income that was reported about you."),
        "tax": _("What the Tax Administration used for your taxation."),
        "benefits": _("For example housing allowance, child benefit or unemployment benefits from Kela."),
        "employment": _("For example job seeking, work try-outs, jobs and times without work."),
        "basic_assistance": _("Money for food, rent and other daily needs. Kela pays it since 2017."),
        "discretionary_assistance": _("Assistance for special needs that a social worker decides on."),
        "rehabilitation": _("Services that help you to work or to manage daily life."),
        "medicine": _("Medicines for which Kela pays a larger share."),
        "residence": _("The grounds: for example work, studies, family or international protection."),
        "skills_centre": _("For example your plans for studies and work, and your networks."),
        "social_health": _("Visits and diagnoses at the health centre or social services."),
        "research": _("The study says that nobody can be identified in it. We explain what you can do."),
    }
)
"""One plain sentence on what a category holds."""

SERVICE_NAMES: Final[Words] = MappingProxyType(
    {
        "kela": _("Kela"),
        "tax": _("The Tax Administration"),
        "employment": _("Employment services (TE Office until 2024)"),
        "omnia": _("Omnia or its Skills Centre"),
        "city": _("The City of Espoo: day care, school, library and other services"),
        "social_health": _("Social and health services"),
        "migri": _("The Finnish Immigration Service (Migri)"),
    }
)

ON_BEHALF_NAMES: Final[Words] = MappingProxyType(
    {
        "self": _("For myself"),
        "child": _("For a child in my care"),
        "client": _("For a client or another adult"),
    }
)

AUTHORITY_NAMES: Final[Words] = MappingProxyType(
    {
        "guardian": _("I am the guardian"),
        "authorisation": _("I have a written authorisation"),
    }
)

LIVED_NAMES: Final[Words] = MappingProxyType(
    {
        "yes": _("Yes, or I do not know"),
        "partly": _("A part of the time"),
        "no": _("No"),
    }
)

LETTER_LANGUAGE_NAMES: Final[Words] = MappingProxyType({"fi": _("Finnish"), "sv": _("Swedish")})

ANSWER_BY_NAMES: Final[Words] = MappingProxyType(
    {
        "post": _("By post"),
        "email": _("By e-mail"),
        "pickup": _("I collect it from the office"),
    }
)

SIGNATURE_NAMES: Final[Words] = MappingProxyType(
    {
        "hand": _("By hand on paper"),
        "drawn": _("Drawn on this screen"),
        "electronic": pgettext_lazy("way of signing", "Electronically"),
    }
)
