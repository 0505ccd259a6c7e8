"""Texts as the staff's forms and the feedback form take them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict


def without_nul(data: MultiValueDict[str, Any]) -> MultiValueDict[str, Any]:
    """Return posted `data` with another sign for NUL, which no HTML may hold: a form shows again what was typed."""
    return MultiValueDict(
        {
            name: [value.replace("\x00", "\ufffd") if isinstance(value, str) else value for value in values]
            for name, values in data.lists()
        }
    )


class LinesField(forms.CharField):
    """A longer text: lines and tabs kept, other control characters dropped."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text with simple line ends: a browser sends two signs for each."""
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        kept = (sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
        return str(super().to_python("".join(kept)))
