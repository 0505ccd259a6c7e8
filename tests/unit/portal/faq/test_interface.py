"""How far the interface has come, counted from message files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from portal.faq.interface import interface_tallies
from portal.faq.progress import Tally
from portal.languages import BY_CODE, LANGUAGES

ENGLISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "One"
msgstr "One"

msgctxt "of a case"
msgid "One"
msgstr "One"

msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d day"
msgstr[1] "%(n)d days"
"""
FINNISH = """
# Translated by a model.
# Reviewed: 2027-01-31 by a person.
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "One"
msgstr "Yksi"

#, fuzzy
msgctxt "of a case"
msgid "One"
msgstr "Yksi"

msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d päivä"
msgstr[1] ""

msgid "Gone from the sources"
msgstr "Poissa"

#~ msgid "Crossed out"
#~ msgstr "Yliviivattu"
"""


@pytest.fixture
def locale(tmp_path: Path, settings: Settings) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    for code, text in (("en", ENGLISH), ("fi", FINNISH)):
        folder = tmp_path / BY_CODE[code].locale / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(text)
    return tmp_path


@pytest.mark.usefixtures("locale")
def test_messages_are_counted_against_those_of_the_sources() -> None:
    found = interface_tallies()

    assert set(found) == {language.code for language in LANGUAGES}
    assert found["en"] == Tally(total=3, complete=3, unreviewed=3, outdated=0)
    # The fuzzy one and the one with an empty plural form are not complete; the fuzzy and the gone one are stale.
    assert found["fi"] == Tally(total=3, complete=1, unreviewed=0, outdated=2)
    assert found["sv"] == Tally(total=3)


def test_without_the_english_file_there_is_nothing_to_count(locale: Path) -> None:
    (locale / "en" / "LC_MESSAGES" / "django.po").unlink()

    assert interface_tallies()["en"] == Tally()
