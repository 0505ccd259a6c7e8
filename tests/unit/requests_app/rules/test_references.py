"""References, secrets and codes: what is made is read back, however it is typed; what is wrong is noticed."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.references import (
    ALPHABET,
    BadReference,
    new_code,
    new_reference,
    new_secret,
    normalise,
    parse_code,
    parse_reference,
    parse_secret,
    show,
)

Parse = Callable[[str], str]
BIDI = "\u2066\u200f\u061c\u2069\ufeff"
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def drawn(random: Random) -> list[tuple[str, Parse]]:
    """Return one new value of each kind with its reader; years in every decade, so that 0 and 1 occur."""
    return [
        (new_reference(random.randrange(2000, 2100), randbelow=random.randrange), parse_reference),
        (new_secret(random.randrange), parse_secret),
        (new_code(random.randrange), parse_code),
    ]


def samples() -> Iterator[tuple[str, Parse]]:
    """Return 40 values of each kind, the same in every run."""
    random = Random(20261124)  # noqa: S311 — repeatable samples, no secrets.
    for _ in range(40):
        yield from drawn(random)


def refused(parse: Parse, text: str) -> bool:
    """Say whether a text is refused."""
    try:
        parse(text)
    except BadReference:
        return True
    return False


def test_the_alphabet_has_31_signs_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set("01OIL") & set(ALPHABET)


def test_a_new_reference_looks_as_promised() -> None:
    numbers = iter([5, 21, 2, 18, 0])
    reference = new_reference(2026, randbelow=lambda below: next(numbers) if below == 31 else -1)
    assert reference[:7] == "267Q4M2"
    assert show(reference) == f"26-7Q4M-2{reference[-1]}"
    assert parse_reference(show(reference)) == reference


def test_the_check_of_known_values() -> None:
    # Weights from the right 2, 3, …; values 2→0, 3→1, … Z→30; 0→8, 1→9 in years.
    zeros = iter([0] * 5)
    assert new_reference(2022, randbelow=lambda _below: next(zeros)) == "22222222"
    ones = iter([1, 0, 0, 0, 0])
    # The 3 stands sixth from the right before the check: its weight is 6, so the check is 31 - 6 = 25, a U.
    assert new_reference(2022, randbelow=lambda _below: next(ones)) == "2232222" + ALPHABET[25]


def test_secrets_and_codes_are_long_enough() -> None:
    asked: list[int] = []

    def counting(below: int) -> int:
        asked.append(below)
        return 0

    secret = new_secret(counting)
    assert len(secret) == 20
    assert sum(math.log2(below) for below in asked) >= 90
    asked.clear()
    code = new_code(counting)
    assert len(code) == 16
    assert sum(math.log2(below) for below in asked) >= 64


def test_randomness_is_the_systems_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert new_secret.__defaults__ == new_code.__defaults__ == (secrets.randbelow,)
    assert new_reference.__kwdefaults__ == {"randbelow": secrets.randbelow}
    assert len({new_secret() for _ in range(1000)}) == 1000
    assert set("".join(new_secret() for _ in range(1000))) == set(ALPHABET)


def test_every_single_wrong_sign_is_noticed() -> None:
    for value, parse in samples():
        for place, right in enumerate(value):
            for sign in "01" + ALPHABET:
                if sign != right:
                    assert refused(parse, value[:place] + sign + value[place + 1 :]), (value, place, sign)


def test_every_swap_of_two_different_signs_is_noticed() -> None:
    for value, parse in samples():
        for first in range(len(value)):
            for second in range(first + 1, len(value)):
                if value[first] != value[second]:
                    signs = list(value)
                    signs[first], signs[second] = signs[second], signs[first]
                    assert refused(parse, "".join(signs)), (value, first, second)


@given(st.randoms(use_true_random=False))
def test_what_is_made_is_read_back_however_it_is_typed(random: Random) -> None:
    for value, parse in drawn(random):
        shown = show(value)
        assert normalise(shown) == value
        assert show(shown) == shown
        for typed in (
            value,
            shown,
            shown.lower(),
            shown.replace("-", " "),
            shown.replace("-", "\u2013"),
            shown.replace("-", "ـ"),
            f"  {shown}\n",
            f"\u2066{shown}\u2069",
            shown.translate(ARABIC),
            shown.translate(PERSIAN),
            shown.translate(FULL_WIDTH),
            BIDI.join(shown[:12]) + shown[12:],
        ):
            assert parse(typed) == value, ascii(typed)


def test_look_alikes_are_read_as_digits_in_the_year_alone() -> None:
    reference = new_reference(2030)
    assert parse_reference("3O" + reference[2:]) == reference
    reference = new_reference(2031)
    assert parse_reference("3l" + reference[2:]) == parse_reference("3I" + reference[2:]) == reference
    assert refused(parse_secret, "O" + new_secret()[1:])


@pytest.mark.parametrize("parse", [parse_reference, parse_secret, parse_code])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" - \u200f", "empty"),
        ("A" * 101, "too_long"),
        ("A", "wrong_length"),
        ("A" * 100, "wrong_length"),
        ("\ufdfa" * 100, "wrong_length"),
    ],
)
def test_what_is_refused_of_every_kind(parse: Parse, text: str, code: str) -> None:
    with pytest.raises(BadReference, match=r"^[A-Z].*\.$") as caught:
        parse(text)
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AB-2222-22", "wrong_sign"),
        ("26-7O4M-22", "wrong_sign"),
        ("26-7ß4M-22", "wrong_sign"),
        ("26-7Ж4M-22", "wrong_sign"),
        ("26-7\ud8004M-22", "wrong_sign"),
        ("22-2222-23", "wrong_check"),
        ("22-2222-222", "wrong_length"),
    ],
)
def test_what_is_refused_as_a_reference(text: str, code: str) -> None:
    with pytest.raises(BadReference) as caught:
        parse_reference(text)
    assert caught.value.code == code


def test_one_kind_is_not_read_as_another() -> None:
    assert refused(parse_reference, new_secret())
    assert refused(parse_secret, new_code())
    assert refused(parse_code, new_secret())


def test_an_error_never_repeats_what_was_typed() -> None:
    secret = new_secret()
    with pytest.raises(BadReference) as caught:
        parse_secret(secret[:-1] + "0")
    assert secret[:8] not in str(caught.value)


def test_ten_megabytes_are_refused_before_any_work() -> None:
    text = "２" * 10_000_000
    started = time.perf_counter()
    assert all(refused(parse, text) for parse in (parse_reference, parse_secret, parse_code))
    assert time.perf_counter() - started < 0.5


@given(st.text(max_size=110))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_reference, parse_secret, parse_code):
        if not refused(parse, text):
            assert set(parse(text)) <= set(ALPHABET) | set("01")
