"""What editors and translators may write: the strictness of the reviewed files (`content`), said in words for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from portal.faq.content import Fault, links_in, markdown_fault, plain_fault
from portal.faq.units import Field

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

WORDS: Final[Mapping[str, StrPromise]] = {
    # Translators: %(detail)s is the number of a character, e.g. U+200F.
    "unseen": _("There is a character here that nobody sees (%(detail)s). Take it away."),
    "html": _("HTML is not allowed here."),
    "paragraphs": _("Write one paragraph, without an empty line."),
    "heading": _("A heading begins with three signs: ###"),
    # Translators: %(detail)s is a technical word for a part of a text, e.g. image.
    "form": _("The page has no form for this: %(detail)s."),
    "link": _("A link begins with https:// or mailto:"),
    "long": _("Write at most %(detail)s characters."),
    "foreign_link": _("The source has no link to this address: %(detail)s."),
    "placeholder": _("The source has no such sign for something to be filled in: %(detail)s."),
}

_PLACEHOLDER: Final = re.compile(r"%\(\w*\)[a-z]|\{\{.*?\}\}|\{%.*?%\}|\{\w*\}|\$\{.*?\}", re.DOTALL)


def cleaned(field: Field, text: str) -> str:
    """Return what is stored of what was typed: simple ends of lines, and a plain text in one line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if field.form == "markdown" or "\n\n" in text:
        return text
    return re.sub(r" *\n *", " ", text)


def fault_in(field: Field, text: str) -> Fault | None:
    """Return the first thing that is wrong in a cleaned text, or None; an empty text is not translated yet."""
    if not text:
        return None
    if len(text) > field.longest:
        return Fault("long", 0, str(field.longest))
    return markdown_fault(text) if field.form == "markdown" else plain_fault(text)


def strange_to(source: str, text: str, *, field: Field) -> Fault | None:
    """Return what a translation has that its source lacks and that could mislead: a link, a sign to be filled in."""
    extra = Counter(_PLACEHOLDER.findall(text)) - Counter(_PLACEHOLDER.findall(source))
    if extra:
        return Fault("placeholder", 0, next(iter(extra)))
    if field.form == "markdown":
        links = Counter(links_in(text)) - Counter(links_in(source))
        if links:
            return Fault("foreign_link", 0, next(iter(links)))
    return None


def in_words(fault: Fault) -> str:
    """Return a fault as a sentence in the active language."""
    return str(WORDS[fault.code]) % {"detail": fault.detail}
