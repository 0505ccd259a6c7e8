"""Texts of the FAQ as safe HTML: Markdown without HTML, cleaned again, with what runs left to right kept so.

Editors' texts go through here as well as reviewed files, so nothing in them is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_TAGS: Final = {"p", "ul", "ol", "li", "h3", "strong", "em", "a", "br", "bdi"}
_ATTRIBUTES: Final[dict[str, set[str]]] = {"*": set(), "a": {"href"}, "bdi": {"dir", "translate"}}
_TARGETS: Final = ("https://", "mailto:")

_LEFT_TO_RIGHT: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail address
    r"|(?:https?://|www\.)[!-'*-;=?-~]*[\w/#=&~-]"  # address of a page
    r"|(?<![\w+])\+\d[\d \u00a0-]{5,}\d"  # phone number, international
    r"|(?<![\w-])0\d{1,3}[ \u00a0-]\d[\d \u00a0-]{4,}\d"  # phone number, Finnish
    r"|(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])",  # day in figures (ISO 8601)
    re.ASCII,
)
"""What would be drawn in the wrong order in a text that runs from right to left (look.md, "Right to left")."""


def isolated(text: str) -> SafeString:
    """Return plain `text` as HTML; e-mails, phone numbers, addresses of pages and days in figures in a `bdi`."""
    parts: list[str] = []
    end = 0
    for match in _LEFT_TO_RIGHT.finditer(text):
        parts += [
            escape(text[end : match.start()]),
            '<bdi dir="ltr" translate="no">',
            escape(match[0]),
            "</bdi>",
        ]
        end = match.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 — every piece of the text is escaped.


@lru_cache(maxsize=1024)
def markdown(text: str) -> SafeString:
    """Return Markdown (CommonMark) as HTML; HTML in it is shown as text, and unknown elements are dropped.

    Kept by the text itself, so that a text that was not changed is not rendered again.
    """
    html = _MARKDOWN.render(text)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        link_rel="noopener",
    )
    return mark_safe(clean)  # noqa: S308 — cleaned in the line before.


def plain(text: str) -> str:
    """Return Markdown as plain text, one block a line: what a reader reads, without its form."""
    return "\n".join(
        "".join(" " if child.type.endswith("break") else child.content for child in block.children or ())
        for block in _MARKDOWN.parse(text)
        if block.type == "inline"
    )


def _kept(_element: str, attribute: str, value: str) -> str | None:
    """Drop the target of a link that is no full https address: a script, plain http, a page of the portal."""
    return value if attribute != "href" or value.startswith(_TARGETS) else None


def _text(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return isolated(tokens[index].content)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
    parser.add_render_rule("text", _text)
    return parser


_MARKDOWN: Final = _parser()
