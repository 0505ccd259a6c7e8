"""A glossary of a few words for tests, in files as the reviewed ones are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

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


def write_glossary(folder: Path) -> Path:
    """Write the files below `folder` and return it."""
    for language, words in WORDS.items():
        (folder / language).mkdir(parents=True)
        (folder / language / "glossary.toml").write_text(words, encoding="utf-8")
    return folder
