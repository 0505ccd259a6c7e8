"""Every code of a routing decision has its words, and no words stand there for nothing."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from requests_app.rules.register import PLACES, read_register
from requests_app.rules.routing import CODES
from requests_app.wording.routing import PLACE_NAMES, ROUTING_TEXTS, place_name, routing_text


def test_every_code_has_a_text_and_every_text_a_code() -> None:
    codes = {*CODES, *(row.reason for row in read_register().rules)}

    assert codes == set(ROUTING_TEXTS)


@pytest.mark.parametrize("code", ROUTING_TEXTS)
def test_a_text_is_whole_sentences_in_english(code: str) -> None:
    with override(None):
        text = routing_text(code)

    assert text[0].isupper()
    assert text[-1] == "."
    assert "  " not in text
    # CEFR B1: short sentences.
    assert max(len(sentence.split()) for sentence in text.split(". ")) <= 25


def test_every_place_has_a_name() -> None:
    assert set(PLACE_NAMES) == set(PLACES)
    with override(None):
        assert place_name("police") == "The police"


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        routing_text("because")
