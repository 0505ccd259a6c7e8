"""Words stand in the order of their own alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.faq.alphabets import sorting_key
from portal.languages import LANGUAGES


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("fi", "avain yö zeta äiti öljy"),
        ("sv", "zon åka ära ört"),
        ("et", "süda šokk zoo tee õun ämber öö üks"),
        ("en", "café cake Éire end"),
        ("ru", "ель ёлка жук"),
        ("uk", "гора ґанок день єдність інше їжа"),
        ("ar", "إذن الأمر البيانات بيت السجل"),
        ("fa", "پرونده تاریخ چاپ کتاب گروه یاد"),
        ("ckb", "ئاو بەش پێشکەش ڕۆژ لق وشە هاوکار یاسا"),
        ("sq", "dasmë dy dhe emër ëndërr"),
        ("tr", "cam çay hız ısı Isparta ile İzmir oda ödev"),
        ("vi", "an ăn âm ậm da đa ôm ơn"),
        ("es", "nube ñandú oso"),
        ("fr", "école effet état"),
        ("zh-hans", "安全 个人 数据 研究"),
    ],
)
def test_words_in_order(language: str, in_order: str) -> None:
    words = in_order.split()
    mixed = words[::-1]
    mixed.sort(key=lambda word: sorting_key(word, language))
    assert mixed == words


def test_a_word_goes_before_a_longer_one_that_begins_with_it() -> None:
    words = ["control", "control group", "controller"]
    mixed = words[::-1]
    mixed.sort(key=lambda word: sorting_key(word, "en"))
    assert mixed == words


@given(words=st.lists(st.text(max_size=8), max_size=6))
def test_any_words_can_be_sorted_in_every_language(words: list[str]) -> None:
    for language in LANGUAGES:
        assert sorted(sorted(words, key=lambda word: sorting_key(word, language.code))) == sorted(words)
