"""The language of the home page follows what the browser asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.languages import BY_CODE, STAFF, Language
from portal.pages import language_choice
from portal.pages.language_choice import best_language


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "fi"),
        ("fi", "fi"),
        ("sv-FI,sv;q=0.9,en;q=0.8", "sv"),
        ("ar-SY, en;q=0.5", "ar"),
        ("en-GB,en;q=0.9", "en"),
        ("AR", "ar"),
        # The weight decides, not the order.
        ("en;q=0.4, sv;q=0.8", "sv"),
        # The first of equals wins.
        ("en, sv", "en"),
        ("sv;q=0.5, en;q=0.5", "sv"),
        # What the portal lacks is passed over.
        ("de-DE, de;q=0.9, en;q=0.1", "en"),
        ("de, nl", "fi"),
        # Nought means "not this one".
        ("sv;q=0, en;q=0.1", "en"),
        ("en;q=0", "fi"),
        ("en;q=0.000", "fi"),
        # Whitespace and a weight above one.
        ("  sv ; q=0.3 ,en ; q=1.0 ", "en"),
        # What can't be read.
        ("*", "fi"),
        ("en;q=lots", "fi"),
        (";;;,,,", "fi"),
        ("<script>, sv", "sv"),
    ],
)
def test_table(header: str, code: str) -> None:
    assert best_language(header) == code


@pytest.fixture
def _seventeen(monkeypatch: pytest.MonkeyPatch) -> None:
    more = ("ru", "et", "uk", "so", "fa", "zh-hans", "sq", "ckb", "tr", "vi", "es", "fr", "fi-simple")
    codes = (*BY_CODE, *more)
    monkeypatch.setattr(language_choice, "BY_CODE", {code: Language(code, code) for code in codes})


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("fi-FI", "fi"),
        ("fi", "fi"),
        ("fi-simple", "fi-simple"),
        ("prs-AF", "fa"),
        ("fa-IR", "fa"),
        ("ckb-IQ", "ckb"),
        ("ku-Arab-IQ", "ckb"),
        ("ku-TR, tr;q=0.8", "tr"),
        ("uk-UA, ru;q=0.8", "uk"),
    ],
)
@pytest.mark.usefixtures("_seventeen")
def test_table_of_seventeen_languages(header: str, code: str) -> None:
    assert best_language(header) == code


@given(st.text(max_size=3000))
def test_any_header_gives_a_language_of_the_portal(header: str) -> None:
    assert best_language(header) in BY_CODE


@given(st.lists(st.sampled_from(["sv", "en", "ar", "de", "*"]), min_size=1, max_size=4))
def test_a_language_that_was_not_asked_for_is_chosen_only_as_the_default(wishes: list[str]) -> None:
    chosen = best_language(", ".join(wishes))
    known = [wish for wish in wishes if wish in BY_CODE]
    assert chosen == (known[0] if known else "fi")


@pytest.mark.parametrize(
    ("header", "code"),
    [("ar, en;q=0.8", "en"), ("sv-FI", "sv"), ("ar", "fi"), ("", "fi"), ("en;q=0.1, sv;q=0.9", "sv")],
)
def test_staff_choose_among_their_own(header: str, code: str) -> None:
    assert best_language(header, among=STAFF) == code
