"""What changed between two texts: right, safe, readable, and quick enough for long ones."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.faq.differences import changes


def without(name: str, marked: str) -> str:
    """Return the text that is left when every part in `name` is taken out, unescaped."""
    rest = re.sub(f"<{name}>.*?</{name}>", "", marked, flags=re.DOTALL)
    return html.unescape(re.sub("</?(?:ins|del)>", "", rest))


@given(st.text(alphabet=" ab<>&\n中", max_size=40), st.text(alphabet=" ab<>&\n中", max_size=40))
def test_both_texts_can_be_read_out_of_it(old: str, new: str) -> None:
    marked = changes(old, new)

    assert without("del", marked) == new
    assert without("ins", marked) == old


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("same", "same", "same"),
        ("", "new", "<ins>new</ins>"),
        ("old", "", "<del>old</del>"),
        ("about 600 clients", "about 700 clients", "about <del>600</del><ins>700</ins> clients"),
        ("uses Kela in Espoo", "used Kelan in Espoo", "<del>uses Kela</del><ins>used Kelan</ins> in Espoo"),
        ("中文字", "中国字", "中<del>文</del><ins>国</ins>字"),
        ("a\n\nb", "a\n\nc", "a\n\n<del>b</del><ins>c</ins>"),
    ],
)
def test_words_are_compared(old: str, new: str, marked: str) -> None:
    assert changes(old, new) == marked


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "<ins>x</ins>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;"]
)
def test_nothing_hostile_comes_through(evil: str) -> None:
    for marked in (changes(evil, ""), changes("", evil), changes(evil, evil), changes(evil, f"{evil} more")):
        assert not re.search("<(?!/?(?:ins|del)>)", marked)
        assert "alert(1)" not in marked or "&" in marked


def test_long_texts_are_compared_by_lines_and_in_time() -> None:
    old = "\n".join(f"word{n} and more words on the line" for n in range(2000))
    new = old.replace("word7 ", "another ", 1)
    begun = time.monotonic()

    marked = changes(old, new)

    assert time.monotonic() - begun < 10
    assert marked.count("<ins>") == 1
    assert without("del", marked) == new
