"""`{% part "name" %}…{% endpart %}`: names a paragraph of a letter, so that a reading copy can set it beside its twin.

The tag prints what it holds, and puts the same into the context's `parts` under its name, in the order of the letter.
A part that is empty under the facts at hand is left out. One template stays the whole letter, for a lawyer to read.
"""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag(takes_context=True)
def part(context: Context, content: SafeString, name: str) -> str:
    """Print `content`, and keep it as the part `name`; raises ValueError where a letter has two of that name."""
    parts: dict[str, SafeString] = context["parts"]
    if content.strip():
        if name in parts:
            raise ValueError(f"This letter has two parts named {name!r}.")
        parts[name] = SafeString(content.strip())
    return content
