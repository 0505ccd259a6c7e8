"""The reviewed CSV files: that they say what they must, and that a slip of the pen in them is refused."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import pytest

from portal.languages import LANGUAGES
from requests_app.rules.register import (
    DATA,
    PLACES,
    HolderFacts,
    Register,
    parse_contacts,
    parse_holders,
    parse_rules,
    read_register,
)
from requests_app.rules.vocabulary import CATEGORIES, DESK, HOLDERS, SERVICES

FILES = ("holders.csv", "contacts.csv", "responsibilities.csv")
KEYS = (*HOLDERS, DESK)


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register()


def changed(file: str, line: int, **values: str) -> str:
    """Return the text of a reviewed file with some values of one line changed; line 2 is the first row."""
    rows = list(csv.DictReader((DATA / file).read_text(encoding="utf-8").splitlines()))
    rows[line - 2] |= values
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# --------------------------------------------------------------------------------------- what stands there


def test_the_holders_are_those_of_the_vocabulary_in_its_order(register: Register) -> None:
    rows = sorted(register.holders, key=lambda row: row.position)

    assert [row.key for row in rows] == list(KEYS)
    assert [row.key for row in rows if row.is_desk] == [DESK]
    assert [row.key for row in rows if row.municipal_or_county] == ["espoo", "espoo_employment", "luvn"]
    assert {row.key: row.controller for row in rows if row.key != row.controller} == {
        "espoo_employment": "espoo"
    }
    assert not any(row.takes_part for row in rows)


def test_every_holder_has_its_texts_in_the_first_languages(register: Register) -> None:
    first = {"fi", "sv", "en", "ar"}

    assert first <= {language.code for language in LANGUAGES}
    for row in register.holders:
        assert row.name.keys() >= first, row.key
        assert row.asked_how.keys() >= first, row.key


def test_the_facts_for_routing_are_taken_from_the_row(register: Register) -> None:
    assert register.holder_facts["luvn"] == HolderFacts(key="luvn", position=90, municipal_or_county=True)
    assert register.holder_facts[DESK].is_desk


@pytest.mark.parametrize(
    ("holder", "kind", "lang", "value", "status"),
    [
        ("espoo", "postal", "", "PL 1, 02070 ESPOON KAUPUNKI", "unconfirmed"),
        ("espoo", "privacy_email", "", "tietosuoja@espoo.fi", "confirmed"),
        ("espoo_employment", "postal", "", "PL 2125, 02070 ESPOON KAUPUNKI", "confirmed"),
        ("keha", "email", "", "kirjaamo.keha@ely-keskus.fi", "unconfirmed"),
        ("vero", "postal", "sv", "PB 325, 00052 SKATT", "confirmed"),
        ("incomes_register", "postal", "fi", "PL 325, 00052 VERO", "unconfirmed"),
        ("migri", "postal", "", "PL 10, 00086 MAAHANMUUTTOVIRASTO", "confirmed"),
        ("ombudsman", "email", "", "tietosuoja@om.fi", "confirmed"),
    ],
)
def test_contacts_say_how_well_they_are_known(
    register: Register, holder: str, kind: str, lang: str, value: str, status: str
) -> None:
    found = [
        row.status
        for row in register.contacts
        if (row.holder, row.kind, row.lang, row.value) == (holder, kind, lang, value)
    ]
    assert found == [status]


def test_nothing_is_said_of_the_county_s_postal_address_which_is_not_known(register: Register) -> None:
    assert not [row for row in register.contacts if row.holder == "luvn" and row.kind == "postal"]


def test_each_contact_is_reviewed_a_year_after_it_was_checked(register: Register) -> None:
    for row in register.contacts:
        assert row.review_on == row.checked_on.replace(year=row.checked_on.year + 1), row
    dates = {row.checked_on for row in register.contacts if row.holder == "espoo_employment"}
    assert dates == {date(2025, 10, 14), date(2026, 11, 24)}


def test_the_rules_speak_of_every_category_and_every_service(register: Register) -> None:
    assert {row.category for row in register.rules} == set(CATEGORIES)
    assert {row.service for row in register.rules} == {"", "none", *SERVICES}


def test_pointers_lead_to_holders_and_places_and_no_other_role_leads_to_a_place(register: Register) -> None:
    pointed = {row.holder for row in register.rules if row.role == "pointer"}
    others = {row.holder for row in register.rules if row.role != "pointer"}

    assert pointed <= {*HOLDERS, *PLACES}
    assert others <= {"", *HOLDERS}


# ------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"key": "Kela!"}, "line 6: key must be a key"),
        ({"key": "espoo"}, "line 6: the holder 'espoo' stands there twice"),
        ({"controller": "nobody"}, "line 6: unknown controller 'nobody'"),
        ({"takes_part": "maybe"}, "line 6: unknown takes_part 'maybe'"),
        ({"name_ar": ""}, "line 6: name_ar is empty"),
        ({"asked_how_sv": ""}, "line 6: asked_how_sv is empty"),
        ({"position": "first"}, "line 6: position must be a whole number"),
        ({"source": ""}, "line 6: source is empty"),
        ({"name_en": " Kela"}, "line 6: a stray space or control character in name_en"),
        ({"name_en": "Ke\u202ela"}, "line 6: a stray space or control character in name_en"),
    ],
)
def test_a_slip_in_the_holders_is_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^holders.csv, {message}"):
        parse_holders(changed("holders.csv", 6, **values))


def test_a_second_desk_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^holders.csv, line 15: a second desk"):
        parse_holders(changed("holders.csv", 2, is_desk="yes"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"holder": "nobody"}, "unknown holder 'nobody'"),
        ({"kind": "fax"}, "unknown kind 'fax'"),
        ({"lang": "ru"}, "unknown lang 'ru'"),
        ({"value": ""}, "value is empty"),
        ({"kind": "email"}, "value must be an e-mail address"),
        ({"kind": "page"}, "value must be an https:// address"),
        ({"source_url": "espoo.eu"}, "source_url must be an https:// address"),
        ({"source_url": "http://espoo.eu"}, "source_url must be an https:// address"),
        ({"source_url": "https://[espoo.eu"}, "source_url is no address"),
        ({"checked_on": "24.11.2026"}, "checked_on must be a date"),
        ({"checked_on": "2026-02-30"}, "checked_on is no day of the calendar"),
        ({"checked_on": ""}, "checked_on must be a date"),
        ({"status": "probable"}, "unknown status 'probable'"),
        ({"review_on": "2026-11-24"}, "review_on must be later than checked_on"),
    ],
)
def test_a_slip_in_the_contacts_is_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^contacts.csv, line 2: {message}"):
        parse_contacts(changed("contacts.csv", 2, **values), holders=KEYS)


def test_a_contact_that_stands_there_twice_is_refused() -> None:
    text = (DATA / "contacts.csv").read_text(encoding="utf-8")
    again = text + text.splitlines()[1] + "\n"

    with pytest.raises(ValueError, match="the same contact detail stands there twice"):
        parse_contacts(again, holders=KEYS)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rule": ""}, "rule must be a key"),
        ({"category": "weather"}, "unknown category 'weather'"),
        ({"service": "weather"}, "unknown service 'weather'"),
        ({"data_from": "MMIX"}, "data_from must be a whole number"),
        ({"data_from": "0"}, "data_from must be a whole number"),
        ({"data_from": "٢٠٠٩"}, "data_from must be a whole number"),
        ({"data_from": "2020", "data_to": "2019"}, "data_from is later than data_to"),
        ({"asked_from": "2025-13-01"}, "asked_from is no day of the calendar"),
        ({"asked_to": "20250101"}, "asked_to must be a date"),
        ({"asked_from": "2025-01-02", "asked_to": "2025-01-01"}, "asked_from is later than asked_to"),
        ({"role": "hint"}, "unknown role 'hint'"),
        ({"holder": "nobody"}, "unknown holder 'nobody'"),
        ({"holder": ""}, "unknown holder ''"),
        ({"holder": "hus"}, "unknown holder 'hus'"),
        ({"role": "explain"}, "unknown holder 'kela'"),
        ({"role": "pointer", "also_with": "tax"}, "also_with belongs to letters"),
        ({"also_with": "weather"}, "unknown also_with 'weather'"),
        ({"reason": "Because"}, "reason must be a key"),
        ({"source": ""}, "source is empty"),
        ({"status": "probable"}, "unknown status 'probable'"),
        ({"rule": "background"}, ""),
    ],
)
def test_a_slip_in_the_rules_is_refused(values: dict[str, str], message: str) -> None:
    # Line 4 is the letter to Kela for background; the last case is no slip, and shows that the base is sound.
    text = changed("responsibilities.csv", 4, **values)
    if not message:
        assert parse_rules(text, holders=KEYS)
        return
    with pytest.raises(ValueError, match=f"^responsibilities.csv, line 4: {message}"):
        parse_rules(text, holders=KEYS)


HEADER = (
    "rule,category,service,data_from,data_to,asked_from,asked_to,role,holder,also_with,reason,source,status\n"
)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (
            "one,tax,,,2018,,,letter,vero,,why,s,confirmed",
            "one,tax,,2019,,,,letter,vero,,why,s,confirmed",
            False,
        ),
        (
            "one,tax,,,2018,,,letter,vero,,why,s,confirmed",
            "one,tax,,2018,,,,letter,vero,,why,s,confirmed",
            True,
        ),
        (
            "one,tax,,,,,,letter,vero,,why,s,confirmed",
            "one,tax,,2018,,,,letter,vero,,other,s,confirmed",
            True,
        ),
        ("one,tax,,,,,,letter,vero,,why,s,confirmed", "one,tax,,,,,,letter,kela,,why,s,confirmed", False),
        ("one,tax,,,,,,letter,vero,,why,s,confirmed", "one,tax,,,,,,pointer,vero,,why,s,confirmed", False),
        ("one,tax,,,,,,letter,vero,,why,s,confirmed", "two,tax,,,,,,letter,vero,,why,s,confirmed", False),
        (
            "one,tax,,,,,2022-12-31,letter,vero,,why,s,confirmed",
            "one,tax,,,,2023-01-01,,letter,vero,,why,s,confirmed",
            False,
        ),
        (
            "one,tax,,,,,2023-01-01,letter,vero,,why,s,confirmed",
            "one,tax,,,,2023-01-01,,letter,vero,,why,s,confirmed",
            True,
        ),
        (
            "one,tax,kela,,,,,letter,vero,,why,s,confirmed",
            "one,tax,tax,,,,,letter,vero,,why,s,confirmed",
            False,
        ),
        ("one,tax,kela,,,,,letter,vero,,why,s,confirmed", "one,tax,,,,,,letter,vero,,why,s,confirmed", True),
    ],
)
def test_overlapping_rows_of_one_rule_are_refused(first: str, second: str, overlap: bool) -> None:
    text = f"{HEADER}{first}\n{second}\n"
    if not overlap:
        assert len(parse_rules(text, holders=KEYS)) == 2
        return
    with pytest.raises(
        ValueError, match=r"^responsibilities.csv, line 3: the row overlaps another of the rule 'one'"
    ):
        parse_rules(text, holders=KEYS)


def test_one_rule_for_two_categories_is_refused() -> None:
    rows = "one,tax,,,,,,letter,vero,,why,s,confirmed\none,income,,,,,,letter,vero,,why,s,confirmed\n"

    with pytest.raises(ValueError, match="line 3: the rule 'one' stands for 'tax' already"):
        parse_rules(HEADER + rows, holders=KEYS)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"source", b"origin", "line 1: these are not the columns"),
        (b"\n", b",extra\n", "line 1: these are not the columns"),
        (b"\n", b"\n\n", "line 2: 0 values"),
        (b"https", b"ht\xfftps", "line [0-9]+: not UTF-8"),
        (b"https", b'"ht"tps', "line [0-9]+: "),
        (b"https", b"ht\x00tps", "line [0-9]+: "),
    ],
)
def test_a_file_that_is_not_of_its_form_is_refused(
    tmp_path: Path, file: str, old: bytes, new: bytes, message: str
) -> None:
    for name in FILES:
        shutil.copy(DATA / name, tmp_path)
    path = tmp_path / file
    path.write_bytes(path.read_bytes().replace(old, new, 1))

    with pytest.raises(ValueError, match=f"^{file}, {message}"):
        read_register(tmp_path)


@pytest.mark.parametrize(
    "column", ["name_", "name_xx", "name_fi", "asked_how", "other_fi", "asked_how_fi_simple"]
)
def test_a_column_of_the_holders_that_says_nothing_known_is_refused(column: str) -> None:
    header, *rows = (DATA / "holders.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([f"{header},{column}", *(f"{row},x" for row in rows)])

    with pytest.raises(ValueError, match="line 1: these are not the columns"):
        parse_holders(text)


def test_a_further_language_needs_only_its_two_columns() -> None:
    header, *rows = (DATA / "holders.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([f"{header},name_de,asked_how_de", *(f"{row},Halter,Weg" for row in rows)])

    assert {row.name["de"] for row in parse_holders(text)} == {"Halter"}


def test_a_missing_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_register(tmp_path)
