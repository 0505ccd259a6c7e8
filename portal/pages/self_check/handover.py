"""What of a person's answers goes along to the wizard, in the fields of its public contract (design.md, "Wizard").

The portal knows the wizard by these names and its address alone; tests/unit/house holds them to its vocabulary, and
each category to a holder of its service.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.pages.self_check.rule import SERVICES, Answers

CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "kela": ("benefits",),
        "tax": ("tax",),
        "employment": ("employment",),
        "omnia": ("education",),
        "city": (),
        "social_health": ("social_health",),
        "migri": ("residence",),
    }
)
"""For each service the category that nearly everybody has data in who used it (register facts, "Who holds what").

On purpose no more: whoever wants income, rehabilitation or medicines as well ticks them in the wizard.  `background`
comes with every service, because each office keeps its own; the city's other services have nothing beside it.
"""


def fields(answers: Answers) -> tuple[tuple[str, str], ...]:
    """Return the wizard's fields with their values; nothing where the answers say nothing that it asks.

    Somebody who does not know whether they were a client can ask the Skills Centre, so its category goes along.
    """
    services = set(answers.services)
    if answers.client in ("during", "later"):
        services.add("omnia")  # The Skills Centre is Omnia's.
    categories = [category for key in SERVICES if key in answers.services for category in CATEGORIES[key]]
    if services:
        categories.append("background")
    if answers.client != "never":
        categories.append("skills_centre")
    found = [("categories", category) for category in categories]
    found += [("services", key) for key in SERVICES if key in services]
    if found and answers.lived == "no":
        found.append(("lived_in_espoo", "no"))
    return tuple(found)
