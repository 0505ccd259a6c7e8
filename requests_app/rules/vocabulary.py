"""The closed lists of the portal's public contract: kinds, categories, services, holders, answers to single questions.

Everything else names its values from here, so that a form, a rule and a command can't disagree on a key.
"""

from __future__ import annotations

from typing import Final

FIRST_YEAR: Final = 2009
"""First calendar year of data the study may have used (FAQ 6 and 7)."""

KINDS: Final = ("access", "rectification", "erasure", "restriction", "objection")
"""The rights of GDPR Articles 15, 16, 17, 18 and 21, as the contract names them."""

ARTICLES: Final = {"access": 15, "rectification": 16, "erasure": 17, "restriction": 18, "objection": 21}
"""The article of the GDPR that gives each right."""

ON_BEHALF: Final = ("self", "child", "client")
AUTHORITY_BASES: Final = ("guardian", "authorisation")

CATEGORY_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "home": ("background", "residence"),
    "learning": ("skills_centre", "education", "labour_training"),
    "work": ("employment", "income", "tax"),
    "support": ("benefits", "basic_assistance", "discretionary_assistance"),
    "health": ("social_health", "rehabilitation", "medicine"),
    "research": ("research",),
}
"""Categories by life situation, in the order in which the wizard shows them."""

CATEGORIES: Final = (
    "background",
    "education",
    "labour_training",
    "income",
    "tax",
    "benefits",
    "employment",
    "basic_assistance",
    "discretionary_assistance",
    "rehabilitation",
    "medicine",
    "residence",
    "skills_centre",
    "social_health",
    "research",
)

SERVICES: Final = ("kela", "tax", "employment", "omnia", "city", "social_health", "migri")

HOLDERS: Final = (
    "espoo",
    "espoo_employment",
    "keha",
    "omnia",
    "kela",
    "vero",
    "incomes_register",
    "migri",
    "luvn",
    "dvv",
    "stat",
    "vtt",
    "ombudsman",
)
DESK: Final = "desk"
"""The study's service desk: a holder row of its own for what no rule decides."""

LIVED_IN_ESPOO: Final = ("yes", "partly", "no")
LETTER_LANGUAGES: Final = ("fi", "sv")
"""The official languages; a letter is in one of them (Language Act 423/2003)."""

ANSWER_BY: Final = ("post", "email", "pickup")
SIGNATURES: Final = ("hand", "drawn", "electronic")

STEPS: Final = (
    "kind",
    "who",
    "information",
    "period",
    "services",
    "holders",
    "about-you",
    "answer",
    "sign",
    "check",
    "done",
)
"""The wizard's steps in order; `services` is left out unless `background` is asked for."""
