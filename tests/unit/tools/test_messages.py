"""Each fault of a message file is found and named; bringing files up to date keeps what was translated."""

from __future__ import annotations

import polib
import pytest

from portal.languages import BY_CODE, LANGUAGES
from tools import messages


def one(source: str, target: str, *flags: str) -> polib.POEntry:
    return polib.POEntry(msgid=source, msgstr=target, flags=list(flags))


def many(forms: dict[int, str]) -> polib.POEntry:
    return polib.POEntry(
        msgid="%(days)s day for %(name)s",
        msgid_plural="%(days)s days for %(name)s",
        msgstr_plural=forms,
        flags=["python-format"],
    )


def test_every_language_of_the_portal_can_count() -> None:
    assert {language.code for language in LANGUAGES} <= messages.PLURALS.keys()
    assert messages.count_of_plurals(BY_CODE["ar"]) == 6


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (one("Yes", ""), "not translated"),
        (one("Yes", "Joo", "fuzzy"), "fuzzy"),
        (one("Hello %(name)s", "Hei %(nimi)s"), "placeholders differ"),
        (one("%s of %s", "%s", "python-format"), ""),
        (one("%s of it", "siitä", "python-format"), "placeholders differ"),
        (one("Hello {name}", "Hei"), "placeholders differ"),
        (one("<strong>No</strong>", "Ei"), "HTML tags differ"),
        (one("Hello %(name)s <b>now</b>", "<b>Nyt</b>, %(name)s"), ""),
        (many({0: "%(days)s päivä, %(name)s", 1: "%(days)s päivää, %(name)s"}), ""),
        (many({0: "päivä, %(name)s", 1: "%(days)s päivää, %(name)s"}), ""),
        (many({0: "%(days)s päivä, %(name)s", 1: "päivää, %(name)s"}), "placeholders differ"),
        (many({0: "%(day)s päivä, %(name)s", 1: "%(days)s päivää, %(name)s"}), "the source lacks: %(day)s"),
        (many({0: "%(days)s päivä, %(name)s", 1: ""}), "not translated in all plural forms"),
        (many({0: "%(days)s päivä, %(name)s"}), "has 1 plural forms, needs 2"),
    ],
)
def test_faults(entry: polib.POEntry, fault: str) -> None:
    found = messages.faults_in(entry, 2)
    assert any(fault in line for line in found) if fault else found == []


def test_an_update_keeps_translations_and_drops_what_is_gone() -> None:
    template = polib.POFile()
    template.append(polib.POEntry(msgid="New", occurrences=[("a.py", "3")]))
    template.append(polib.POEntry(msgid="Kept", occurrences=[("a.py", "4"), ("a.py", "9")]))
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Gone", msgstr="Poissa"))
    old.append(polib.POEntry(msgid="Kept", msgstr="Pysyy", tcomment="a translator's word"))
    fresh = messages.updated(template, old, BY_CODE["fi"])
    assert [(entry.msgid, entry.msgstr, entry.tcomment) for entry in fresh] == [
        ("New", "", ""),
        ("Kept", "Pysyy", "a translator's word"),
    ]
    assert fresh[1].occurrences == [("a.py", "")]
    assert str(messages.updated(template, fresh, BY_CODE["fi"])) == str(fresh)


def test_english_repeats_the_source() -> None:
    template = polib.POFile()
    template.append(many({}))
    (entry,) = messages.updated(template, None, BY_CODE["en"])
    assert entry.msgstr_plural == {0: "%(days)s day for %(name)s", 1: "%(days)s days for %(name)s"}


def test_the_extraction_finds_words_of_code_and_templates() -> None:
    sources = {file for entry in messages.extract() for file, _ in entry.occurrences}
    assert {file.split("/")[0] for file in sources} >= {"requests_app", "templates"}
