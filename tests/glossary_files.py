"""A glossary of a few words for tests of the pages that show words."""

from __future__ import annotations

import tomllib
from typing import Final

from portal.faq.glossary import TermView
from portal.faq.rendering import isolated
from portal.languages import BY_CODE, FALLBACKS

WORDS: Final = {
    "fi": """
[identity-code]
term = "henkilötunnus"
finnish = "henkilötunnus"
text = "Tunnus, jonka jokainen saa väestötietojärjestelmästä."

[control-group]
term = "verrokkiryhmä"
finnish = "verrokkiryhmä"
text = "Ihmiset, joihin muita verrataan."

[decision]
term = "äänestys"
finnish = "äänestys"
text = "Sana, jota missään vastauksessa ei ole."
""",
    "en": """
[identity-code]
term = "personal identity code"
finnish = "henkilötunnus"
text = "A code that everybody gets <from> the register of people."

[control-group]
term = "control group"
finnish = "verrokkiryhmä"
text = "People whom others are compared with."
""",
}


def terms(language: str) -> tuple[TermView, ...]:
    """Return these words as `portal.faq.glossary.terms` returns the real ones."""
    found: dict[str, TermView] = {}
    for code in dict.fromkeys((language, *FALLBACKS)):
        for key, table in tomllib.loads(WORDS.get(code, "")).items():
            own = TermView(
                key=key,
                term=table["term"],
                finnish=table["finnish"],
                text=isolated(table["text"]),
                language=BY_CODE[code],
                is_fallback=code != language,
            )
            found.setdefault(key, own)
    return tuple(found.values())
