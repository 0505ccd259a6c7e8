"""What the wizard's forms share: they read a draft, they write a draft, and they take what people really type."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.rules.dates import BadDate, parse_date, today_in_finland
from requests_app.web.wizard.draft import Draft
from requests_app.wording.refusals import date_text

EARLIEST_BIRTH = date(1890, 1, 1)
LONGEST_SHOWN = 500
"""Characters of a typed value that are read and shown again: more than any field of one line takes."""

LONGEST_TEXT = 2000
"""Characters of a text of several lines: it has to fit on a letter."""

_NOT_KEPT = frozenset({"Cc", "Cs", "Co", "Cn"})
_DIRECTION = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def plain_line(text: str) -> str:
    """Return one line as it may be stored and printed: NFC, single spaces, no control or direction characters.

    Joiners (U+200C, U+200D) stay: Persian and Sorani names need them.
    """
    kept = (
        " " if sign in "\t\r\n\u2028\u2029" else sign
        for sign in unicodedata.normalize("NFC", text)
        if sign in "\t\r\n" or (sign not in _DIRECTION and unicodedata.category(sign) not in _NOT_KEPT)
    )
    return " ".join("".join(kept).split())


def plain_text(text: str) -> str:
    """Return several lines as they may be stored and printed: each a plain line, empty ones at the ends left out."""
    return "\n".join(plain_line(line) for line in text.splitlines()).strip("\n")


def typed(data: QueryDict, *, long: Mapping[str, int], texts: str = "") -> QueryDict:
    """Return what was typed as lines that may be stored and shown again.

    `long` names fields of other lengths; fields whose names begin with `texts` keep their lines, and are read one
    character longer than LONGEST_TEXT, so that a longer one is seen to be too long.
    """
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if texts and name.startswith(texts):
            kept.setlist(name, [plain_text(value[: LONGEST_TEXT + 1]) for value in values])
        else:
            kept.setlist(name, [plain_line(value[: long.get(name, LONGEST_SHOWN)]) for value in values])
    return kept


class DayField(forms.CharField):
    """A day as typed; its value is an ISO calendar date as text, which is how answers are kept."""

    def __init__(self, *, earliest: date | None = None, **kwargs: Any) -> None:
        self.earliest = earliest
        kwargs.setdefault("help_text", _("For example 31.1.1990"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "text", "dir": "ltr", "size": "12"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Return the day; raises ValidationError in words."""
        text = str(value or "")[:101]
        if not text.strip() and not self.required:
            return ""
        try:
            today = today_in_finland(timezone.now())
            return parse_date(text, earliest=self.earliest, latest=today).isoformat()
        except BadDate as error:
            raise forms.ValidationError(date_text(error.code), error.code) from None


class StepForm(forms.Form):
    """A step of the wizard; `draft` is what was answered so far."""

    use_required_attribute = False
    answers: ClassVar[tuple[str, ...]] = ()
    """The fields that are kept in `Answers` under the same name."""

    long: ClassVar[Mapping[str, int]] = MappingProxyType({})
    """The fields that take more than LONGEST_SHOWN characters, with how many are read."""

    texts: ClassVar[str] = ""
    """What the names of the fields for several lines begin with."""

    def __init__(self, data: QueryDict | None = None, *, draft: Draft) -> None:
        self.draft = draft
        lines = None if data is None else typed(data, long=self.long, texts=self.texts)
        super().__init__(lines, initial=self.initial_of(draft))
        self.prepare()

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        """Return what the fields show at first: the answers given before."""
        return {name: getattr(draft.answers, name) for name in cls.answers}

    def prepare(self) -> None:
        """Change the fields to fit the draft."""

    def changes(self) -> dict[str, Any]:
        """Return what a valid form changes in the answers."""
        return {name: self.cleaned_data[name] for name in self.answers}


def named(keys: Iterable[str], names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return choices for `keys` in their order."""
    return [(key, names[key]) for key in keys]


def radios(
    choices: Callable[[], Any] | list[tuple[str, Any]], *, label: Any, required: bool = True
) -> forms.ChoiceField:
    """Return a field of radio buttons that says in plain words what to do."""
    return forms.ChoiceField(
        choices=choices,
        label=label,
        required=required,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the options."),
            "invalid_choice": _("Choose one of the options."),
        },
    )
