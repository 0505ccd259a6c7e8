"""The pure parts of tracking's pages: how long the wrong ones wait, by what they are counted, what forms keep."""

from __future__ import annotations

import uuid

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from requests_app.reading.own_letters import LetterHead
from requests_app.web.tracking.forms import LONGEST_SHOWN, PostedForm, SignInForm, typed
from requests_app.web.tracking.guard import LONGEST_DELAY, delay, network


def test_waiting_grows_and_is_bounded() -> None:
    assert [delay(number) for number in range(1, 6)] == [0.1, 0.2, 0.4, 0.8, 1.6]
    assert delay(6) == delay(10**9) == LONGEST_DELAY


@given(st.integers(-5, 10**12))
def test_waiting_never_shrinks(number: int) -> None:
    assert 0 < delay(number) <= delay(number + 1) <= LONGEST_DELAY


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_customer_counts_as_one(address: str, counted: str) -> None:
    assert network(address) == counted


def test_the_reference_is_kept_and_the_secret_is_not() -> None:
    page = str(SignInForm({"reference": "26-7Q4M", "secret": "HUSH-HUSH"}))
    assert 'value="26-7Q4M"' in page
    assert "HUSH" not in page
    assert 'type="password"' not in page


@given(st.text(max_size=300))
def test_what_is_kept_is_short_and_fit_for_html(text: str) -> None:
    data = QueryDict(mutable=True)
    data["reference"] = text
    kept = typed(data, "reference", "missing")
    assert len(kept["reference"]) <= LONGEST_SHOWN
    assert "\x00" not in kept["reference"]
    assert kept["missing"] == ""


@pytest.mark.parametrize(
    ("text", "version"),
    [("3", 3), ("", 0), ("-1", 0), ("1.0", 0), ("٣", 0), ("9" * 9, 999_999_999), ("9" * 10, 0), ("x", 0)],
)
def test_a_version_is_a_number_or_none_at_all(text: str, version: int) -> None:
    assert PostedForm({"version": text}).seen_version() == version


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [
        ("request", 1, "letter-espoo-employment.pdf"),
        ("reading_copy", 1, "reading-copy-espoo-employment.pdf"),
        ("identity_request", 2, "identity-request-espoo-employment-2.pdf"),
    ],
)
def test_file_names_tell_nothing_of_the_person(kind: str, number: int, name: str) -> None:
    head = LetterHead(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), "espoo_employment", kind, number, "ready")
    assert head.file_name == name
