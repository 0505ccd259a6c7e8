"""What editors and translators may write: each fault is found and said in words, and honest texts pass."""

from __future__ import annotations

import pytest
from django.utils import translation

from portal.faq.checking import WORDS, cleaned, fault_in, in_words, strange_to
from portal.faq.content import FAULTS, Fault
from portal.faq.units import Field

LINE = Field("question", "Question", "line", 300)
PARAGRAPH = Field("short", "Short", "paragraph", 2000)
BODY = Field("body", "Body", "markdown", 20_000)

HOSTILE = {
    "<script>alert(1)</script>": "html",
    "<img src=x onerror=alert(1)>": "html",
    "<b>bold</b>": "html",
    "a </p> b": "html",
    "<!-- hidden -->": "html",
    "<?php ?>": "html",
    "[x](javascript:alert(1))": "link",
    "[x](data:text/html,x)": "link",
    "[x](http://example.org)": "link",
    "[x](//example.org)": "link",
    "[x](/fi/request/)": "link",
    "![x](https://example.org/x.png)": "form",
    "`code`": "form",
    "    code": "form",
    "> quoted": "form",
    "# Heading": "heading",
    "Title\n=====": "heading",
    "a\n\n---\n\nb": "form",
    "right \u202eto left": "unseen",
    "\u2066isolated\u2069": "unseen",
    "nul \x00": "unseen",
    "bell \x07": "unseen",
    "bom \ufeff": "unseen",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_refused(text: str) -> None:
    fault = fault_in(BODY, text)
    assert fault is not None
    assert fault.code == HOSTILE[text]


@pytest.mark.parametrize("text", [text for text, code in HOSTILE.items() if code in ("html", "unseen")])
@pytest.mark.parametrize("field", [LINE, PARAGRAPH])
def test_hostile_plain_texts_are_refused(text: str, field: Field) -> None:
    fault = fault_in(field, text)
    assert fault is not None
    assert fault.code == HOSTILE[text]


@pytest.mark.parametrize(
    "text",
    [
        "**Strong** and [a page](https://example.org) and [mail](mailto:a@example.org).",
        "- one\n- two\n\n### More\n\n1. a\n2. b",
        "3 < 4, a<4",
        "متن با نیم‌فاصله: می‌شود",  # Persian words have a joiner inside them.
        "中文，3,000",
        "« entre guillemets »",
    ],
)
def test_honest_texts_pass(text: str) -> None:
    assert fault_in(BODY, text) is None


def test_an_empty_text_is_not_translated_yet() -> None:
    for field in (LINE, PARAGRAPH, BODY):
        assert fault_in(field, "") is None


def test_too_long_a_text_is_refused() -> None:
    assert fault_in(LINE, "x" * 300) is None
    assert fault_in(LINE, "x" * 301) == Fault("long", 0, "300")


def test_plain_texts_become_one_line_and_paragraphs_are_refused() -> None:
    assert cleaned(PARAGRAPH, " a\r\nb \r\n") == "a b"
    assert cleaned(BODY, "a\r\n\r\nb\r\n") == "a\n\nb"
    fault = fault_in(PARAGRAPH, cleaned(PARAGRAPH, "a\r\n\r\nb"))
    assert fault is not None
    assert fault.code == "paragraphs"


@pytest.mark.parametrize(
    ("source", "text", "code"),
    [
        ("No link.", "See [here](https://evil.example).", "foreign_link"),
        ("[a](https://a.example)", "[a](https://a.example) [a](https://a.example)", "foreign_link"),
        ("[a](https://a.example)", "[b](https://a.example.evil.example)", "foreign_link"),
        ("Plain.", "Sum: %(amount)s", "placeholder"),
        ("Plain.", "{{ settings.SECRET_KEY }}", "placeholder"),
        ("Plain.", "{% load x %}", "placeholder"),
        ("Plain.", "{0}", "placeholder"),
        ("Plain.", "${jndi}", "placeholder"),
    ],
)
def test_what_the_source_lacks_is_strange(source: str, text: str, code: str) -> None:
    fault = strange_to(source, text, field=BODY)
    assert fault is not None
    assert fault.code == code


def test_what_the_source_has_is_not_strange() -> None:
    source = "[a](https://a.example) costs 100 % of {0}"
    assert strange_to(source, "[b](https://a.example) {0} 100 %", field=BODY) is None
    assert strange_to(source, "No link.", field=BODY) is None


def test_every_fault_has_words() -> None:
    with translation.override(None):
        for code in {*FAULTS, *WORDS} - {"empty"}:
            words = in_words(Fault(code, 0, "THIS"))
            assert words
            assert "%" not in words
        assert "U+202E" in in_words(Fault("unseen", 0, "U+202E"))
