"""Texts become HTML that can harm nobody, and what runs left to right is kept so."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.faq.content import read_content
from portal.faq.rendering import isolated, markdown, plain

ALLOWED = {
    "p": set(),
    "ul": set(),
    "ol": set(),
    "li": set(),
    "h3": set(),
    "strong": set(),
    "em": set(),
    "br": set(),
    "a": {"href", "rel"},
    "bdi": {"dir", "translate"},
}


class Elements(HTMLParser):
    """Collects the elements of HTML with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def is_harmless(html: str) -> bool:
    for tag, attributes in Elements(html).found:
        if tag not in ALLOWED or not attributes.keys() <= ALLOWED[tag]:
            return False
        target = attributes.get("href") or "https://"
        if not target.startswith(("https://", "mailto:")):
            return False
    return True


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='https://example.org' onclick='alert(1)'>x</a>",
    "<iframe src=https://example.org></iframe>",
    "<style>*{display:none}</style>",
    "<base href=https://example.org/>",
    "<form action=https://example.org><input name=secret></form>",
    "<!-- <script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//example.org)",
    "[x](/staff/)",
    "[x](http://example.org)",
    '[x](https://example.org "onmouseover=alert(1)")',
    "[x](<https://example.org/ onclick=alert(1)>)",
    "![x](https://example.org/pixel.png)",
    '![x](https://example.org/pixel.png" onload="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    '<https://example.org/"onmouseover=alert(1)//>',
    "<javascript:alert(1)>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "**<b onclick=alert(1)>**",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_becomes_harmless(text: str) -> None:
    for whole in (text, f"Before {text} after", f"- {text}", f"### {text}", f"**{text}**"):
        assert is_harmless(markdown(whole)), markdown(whole)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_plain_text_stays_text(text: str) -> None:
    assert {tag for tag, _ in Elements(isolated(text)).found} <= {"bdi"}


@given(st.text(alphabet=st.sampled_from(list("<>\"'&/=()[]!#*_`~\\ \n\tabjs:;-0123+@.")), max_size=80))
def test_no_markdown_does_harm(text: str) -> None:
    assert is_harmless(markdown(text))


@pytest.mark.parametrize("html", ["<script>", "<a href='javascript:x'>", "<p onclick=x>", "<img src=x>"])
def test_the_judge_sees_harm(html: str) -> None:
    assert not is_harmless(html)


def test_the_forms_of_an_answer_are_kept() -> None:
    html = markdown(
        "A **b** *c*.\n\n- x\n- y\n\n1. z\n\n### H\n\n[l](https://example.org) [m](mailto:a@example.org)"
    )

    assert "<p>A <strong>b</strong> <em>c</em>.</p>" in html
    assert "<ul>\n<li>x</li>\n<li>y</li>\n</ul>" in html
    assert "<ol>\n<li>z</li>\n</ol>" in html
    assert "<h3>H</h3>" in html
    assert '<a href="https://example.org" rel="noopener">l</a>' in html
    assert '<a href="mailto:a@example.org" rel="noopener">m</a>' in html


@pytest.mark.parametrize("answer", read_content(), ids=lambda answer: f"{answer.language}-{answer.slug}")
def test_every_reviewed_answer_is_rendered_whole(answer: object) -> None:
    from portal.faq.content import Answer

    assert isinstance(answer, Answer)
    html = markdown(answer.body)

    assert is_harmless(html)
    assert html.count("<li>") == sum(line.startswith("- ") for line in answer.body.splitlines())
    assert html.count("<strong>") == answer.body.count("**") // 2
    assert "**" not in html


@pytest.mark.parametrize(
    "text",
    [
        "kirjaamo@espoo.fi",
        "tietosuoja.keha@ely-keskus.fi",
        "+358 9 816 21",
        "+358401234567",
        "09 231 999",
        "029 512 000",
        "2026-04-05",
        "https://espooskillscentrestudy.fi/",
        "www.espoo.fi",
    ],
)
def test_what_runs_left_to_right_is_isolated(text: str) -> None:
    expected = f'<bdi dir="ltr" translate="no">{text}</bdi>'

    assert isolated(f"اكتب إلى {text}، من فضلك") == f"اكتب إلى {expected}، من فضلك"
    assert expected in markdown(f"- اكتب إلى {text}، من فضلك")


@pytest.mark.parametrize(
    "text", ["2019–2024", "1.1.2025", "434/2003", "3 000", "3\u00a0000", "6000", "21(6)", "a+b"]
)
def test_ordinary_figures_are_left_alone(text: str) -> None:
    assert isolated(text) == text


def test_the_end_of_a_sentence_is_no_part_of_an_address() -> None:
    assert isolated("See https://example.org/a?b=1&c=2.").endswith("/a?b=1&amp;c=2</bdi>.")


def test_a_text_is_rendered_once() -> None:
    markdown.cache_clear()
    markdown("same")
    markdown("same")

    assert markdown.cache_info().hits == 1


def test_plain_text_is_what_a_reader_reads() -> None:
    text = "**Bold** and *more* at [a page](https://example.org).\nNext line\n\n- one\n- `two` & <b>\n\n### Title"
    assert plain(text) == "Bold and more at a page. Next line\none\ntwo & <b>\nTitle"


def test_plain_text_of_every_answer_has_no_form_left() -> None:
    for answer in read_content():
        assert not [sign for sign in ("**", "](", "\n- ", "###") if sign in plain(answer.body)], answer.slug
