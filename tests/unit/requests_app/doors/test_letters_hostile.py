"""Whatever people and staff type prints, as text and as nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from requests_app.doors import letters
from tests.unit.requests_app.doors.letter_samples import (
    SENDER,
    STEP,
    actual_texts,
    facts,
    faults,
    make,
    text,
)

WHOLE = facts()

HOSTILE = {
    "markup": ('<b>Matti</b> <script src="x">&amp;"', '<b>Matti</b> <script src="x">&amp;"'),
    "override": ("Matti\u202e Virtanen\u2069", "Matti Virtanen"),
    "controls": ("Matti\x00\x08\nVirtanen\u200f", "Matti Virtanen"),
    "emoji": ("Matti 👩‍🦰", "Matti [U+1F469]"),
    "private use": ("Matti \ue123", "Matti [U+E123]"),
    "arabic": ("أمينة حسن نور", None),
    "chinese": ("欧阳娜娜 𠮷", "欧阳娜娜 𠮷"),
    "vietnamese": ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
    "decomposed": ("Nguye\u0302\u0303n", "Nguyễn"),
    "tigrinya": ("ሰላም ገብረ", "ሰላም ገብረ"),
    "kazakh": ("Қазақ Әлия Ұлы", "Қазақ Әлия Ұлы"),
    "template": ("{{ me.email }}{% include 'x' %}", "{{ me.email }}{% include 'x' %}"),
    "long": ("A" * 400, None),
}


@pytest.mark.parametrize(("typed", "printed"), list(HOSTILE.values()), ids=list(HOSTILE))
def test_every_name_prints(typed: str, printed: str | None) -> None:
    its = replace(WHOLE, sender=replace(SENDER, full_name=typed, street=typed, city=typed))
    pdf = make("request", language="fi", facts=its)
    assert faults(pdf) == []
    if printed is not None:
        assert printed in text(pdf)
    assert "hallintolaki 434/2003" in text(pdf)


def test_an_arabic_name_stands_in_the_structure_as_it_was_written() -> None:
    its = replace(WHOLE, sender=replace(SENDER, full_name="أمينة حسن نور"))
    pdf = make("request", language="fi", facts=its)
    written = actual_texts(pdf)
    assert any("أمينة حسن نور" in words for words in written)
    assert '<span dir="rtl">أمينة حسن نور</span>' in letters.html("request", language="fi", facts=its)


def test_what_staff_write_is_escaped_and_keeps_its_lines() -> None:
    its = replace(WHOLE, **{**STEP, "reason": "Ensin <i>tämä</i>\r\n\r\nsitten\u202e tuo", "grounds": "<&>"})
    html = letters.html("refusal", language="fi", facts=its)
    assert '<span dir="ltr">Ensin &lt;i&gt;tämä&lt;/i&gt;</span></p>' in html
    assert '<p><span dir="ltr">sitten tuo</span></p>' in html
    assert "&lt;&amp;&gt;" in html


def test_a_long_reason_prints_whole() -> None:
    its = replace(WHOLE, **{**STEP, "reason": "\n".join(f"Kohta {n}: " + "sana " * 40 for n in range(18))})
    printed = make("refusal", language="fi", facts=its)
    assert faults(printed) == []
    assert all(f"Kohta {n}:" in text(printed) for n in range(18))
