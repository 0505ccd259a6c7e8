"""Personal identity codes of the official test range (900–999), except where that range itself is tested."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import hetu

from requests_app.rules.identity import (
    BadIdentityCode,
    birth_date,
    mask,
    parse_identity_code,
    what_is_wrong,
)

CODE = "010594Y9032"
CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def made(day: date, sign: str, number: int) -> str:
    """Return the code of a birth date, a sign and a number, with its check."""
    digits = f"{day:%d%m}{day.year % 100:02d}"
    return f"{digits}{sign}{number:03d}{CHECKS[int(f'{digits}{number:03d}') % 31]}"


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        " 010594y9032 ",
        "010594Y 9032",
        "٠١٠٥٩٤Y٩٠٣٢",
        "۰۱۰۵۹۴y۹۰۳۲",
        "０１０５９４Ｙ９０３２",
        "\u2066010594Y9032\u2069",
        "0\u200f10594Y9032",
    ],
)
def test_any_way_of_typing(text: str) -> None:
    assert parse_identity_code(text, born=date(1994, 5, 1), allow_temporary=True) == CODE


@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2013", "\u2212", "－", "ـ"])
def test_any_dash(dash: str) -> None:
    code = made(date(1952, 10, 13), "-", 903)
    assert parse_identity_code(code.replace("-", dash), allow_temporary=True) == code


@pytest.mark.parametrize(
    ("signs", "century"), [("+", 1800), ("-YXWVU", 1900), ("ABCDEF", 2000)], ids=["1800", "1900", "2000"]
)
def test_every_sign_and_its_century(signs: str, century: int) -> None:
    for sign in signs:
        code = made(date(century + 16, 5, 1), sign, 903)
        assert parse_identity_code(code, allow_temporary=True) == code
        assert birth_date(code) == date(century + 16, 5, 1)


def test_the_official_example_of_the_2000s() -> None:
    assert birth_date(parse_identity_code("010516B903X", allow_temporary=True)) == date(2016, 5, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u200f", "empty"),
        ("010594", "malformed"),
        ("010594Z9032", "malformed"),
        ("010594Y903G", "malformed"),
        ("O10594Y9032", "malformed"),
        ("010594Y90322", "malformed"),
        ("010594Y9032\ud800", "malformed"),
        (CODE * 1_000_000, "malformed"),
        ("310294Y9032", "impossible"),
        ("290299-9039", "impossible"),
        ("010594Y0012", "impossible"),
        ("010594Y9033", "wrong_check"),
        ("010595Y9032", "wrong_check"),
        (made(date(1995, 5, 1), "Y", 903), "other_birth_date"),
        (made(date(2094, 5, 1), "A", 903), "other_birth_date"),
    ],
)
def test_what_is_wrong(text: str, code: str) -> None:
    assert what_is_wrong(text, born=date(1994, 5, 1), allow_temporary=True) == code
    with pytest.raises(BadIdentityCode, match=r"^[A-Z].*\.$") as caught:
        parse_identity_code(text, born=date(1994, 5, 1), allow_temporary=True)
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


def test_nothing_is_wrong() -> None:
    assert what_is_wrong(CODE, born=date(1994, 5, 1), allow_temporary=True) is None
    assert what_is_wrong(CODE, allow_temporary=True) is None


def test_temporary_codes_pass_by_argument_only() -> None:
    assert what_is_wrong(CODE) == "temporary"
    assert what_is_wrong(made(date(1994, 5, 1), "Y", 999)) == "temporary"
    # No fixture outside the test range is written down: this one is made here, of a day still to come.
    assert what_is_wrong(made(date(2099, 12, 31), "A", 899)) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(1999, 12, 31)), st.integers(900, 999))
def test_every_code_of_the_test_range_gives_its_birth_date(day: date, number: int) -> None:
    code = made(day, "-", number)
    assert hetu.is_valid(code, allow_temporary=True)
    assert birth_date(parse_identity_code(code, born=day, allow_temporary=True)) == day


@given(st.text(max_size=80))
def test_any_text_is_refused_by_a_known_code(text: str) -> None:
    problem = what_is_wrong(text, allow_temporary=True)
    assert problem in {None, "empty", "malformed", "impossible", "wrong_check"}


def test_a_mask_hides_the_end() -> None:
    assert mask(CODE) == "010594Y****"


@pytest.mark.parametrize("text", ["", "010594", "hello world", "010594Y9033", "0105-94Y9032-and-more"])
def test_a_mask_of_anything_else_shows_nothing(text: str) -> None:
    assert mask(text) == "****"


def test_errors_never_repeat_what_was_typed() -> None:
    for text in ("010594Y9033", "310294Y9032", CODE, "010594"):
        with pytest.raises(BadIdentityCode) as caught:
            parse_identity_code(text)
        assert text not in str(caught.value)
