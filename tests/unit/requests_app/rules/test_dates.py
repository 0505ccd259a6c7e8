"""Days and years as people type them, in several scripts, with hidden marks; and Finland's today."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.dates import BadDate, parse_date, parse_year, plain, today_in_finland, western_digits

RLM, LRI, PDI, ALM, ZWNJ = "\u200f", "\u2066", "\u2069", "\u061c", "\u200c"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "2026-3-5",
        "5.3.2026",
        "05.03.2026",
        " 5. 3. 2026 ",
        "\t5.3.2026\n",
        "5\u00a0.\u00a03\u202f.\u00a02026",
        "٢٠٢٦-٠٣-٠٥",
        "۵.۳.۲۰۲۶",
        "۵٫۳٫۲۰۲۶",
        "５．３．２０２６",
        "５。３。２０２６",
        "2026\u20113\u20115",
        "2026\u22123\u22125",
        f"{LRI}2026-03-05{PDI}",
        f"{RLM}5{ALM}.{RLM}3.{ZWNJ}2026{RLM}",
        "\ufeff5.3.2026",
    ],
)
def test_the_fifth_of_march(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        (f"{RLM}{LRI}", "empty"),
        ("tomorrow", "malformed"),
        ("5/3/2026", "malformed"),
        ("5.3.26", "malformed"),
        ("5 3 2026", "malformed"),
        ("2026-03", "malformed"),
        ("2026-03-05T10:00", "malformed"),
        ("1 5.3.2026", "malformed"),
        ("-2026-03-05", "malformed"),
        ("20260305", "malformed"),
        ("12026-03-05", "malformed"),
        ("2026-03-05\x00", "malformed"),
        ("\ud800", "malformed"),
        ("²026-03-05" + " " * 60, "malformed"),
        ("5.3.2026" * 1_250_000, "malformed"),
        ("2026-02-29", "impossible"),
        ("31.4.2026", "impossible"),
        ("0.3.2026", "impossible"),
        ("5.13.2026", "impossible"),
        ("0000-01-01", "impossible"),
        ("1899-12-31", "too_old"),
        ("2026-11-25", "in_future"),
    ],
)
def test_what_is_no_day(text: str, code: str) -> None:
    with pytest.raises(BadDate, match=r"^[A-Z].*\.$") as caught:
        parse_date(text, earliest=date(1900, 1, 1), latest=date(2026, 11, 24))
    assert caught.value.code == code
    assert isinstance(caught.value, ValueError)


def test_the_bounds_are_included_and_optional() -> None:
    day = date(2026, 11, 24)
    assert parse_date("24.11.2026", earliest=day, latest=day) == day
    assert parse_date("0001-01-01") == date.min
    assert parse_date("31.12.9999") == date.max


def test_an_error_never_repeats_what_was_typed() -> None:
    with pytest.raises(BadDate) as caught:
        parse_date("my secret")
    assert "secret" not in str(caught.value)


@given(st.dates())
def test_both_forms_come_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}.{day.month}.{day.year:04d}") == day


@given(st.text(max_size=80))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    # Anything but BadDate would come through and fail the test.
    with suppress(BadDate):
        assert isinstance(parse_date(text), date)


@pytest.mark.parametrize("text", ["2019", " 2019 ", "٢٠١٩", "۲۰۱۹", "２０１９", f"{RLM}2019"])
def test_a_year(text: str) -> None:
    assert parse_year(text, earliest=2019, latest=2019) == 2019


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("19", "malformed"),
        ("20 19", "malformed"),
        ("2019.", "malformed"),
        ("-2019", "malformed"),
        ("02019", "malformed"),
        ("9" * 10_000_000, "malformed"),
        ("0000", "impossible"),
        ("2008", "too_old"),
        ("2027", "in_future"),
    ],
)
def test_what_is_no_year(text: str, code: str) -> None:
    with pytest.raises(BadDate) as caught:
        parse_year(text, earliest=2009, latest=2026)
    assert caught.value.code == code


def test_any_year_without_bounds() -> None:
    assert (parse_year("0001"), parse_year("9999")) == (1, 9999)


def test_western_digits_changes_digits_alone() -> None:
    assert western_digits("رقم ٠١٢٣٤٥٦٧٨٩ / ۰۱۲۳۴۵۶۷۸۹ Ⅷ²") == "رقم 0123456789 / 0123456789 Ⅷ²"
    assert western_digits("plain 123") == "plain 123"


def test_plain_drops_hidden_marks_and_unites_dashes_and_spaces() -> None:
    assert plain(f"  {LRI}Ａ–b\u00ad—c{PDI}\u3000\u3000ـ d ") == "A-b-c - d"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 15, 21, 59, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 1, 15, 22, 0, tzinfo=UTC), date(2026, 1, 16)),
        (datetime(2026, 7, 15, 20, 59, tzinfo=UTC), date(2026, 7, 15)),
        (datetime(2026, 7, 15, 21, 0, tzinfo=UTC), date(2026, 7, 16)),
        # The nights in which the clocks change.
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 20, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 21, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 0, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=5))), date(2025, 12, 31)),
    ],
)
def test_today_in_finland(moment: datetime, day: date) -> None:
    assert today_in_finland(moment) == day


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        today_in_finland(datetime(2026, 1, 15))  # noqa: DTZ001 — the very thing that is refused.
