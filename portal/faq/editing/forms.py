"""What editors send: a text in one language, a note's day, a PO file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.faq import checking, po
from portal.faq.models import Revision, Translation
from portal.faq.units import Field, Unit
from portal.languages import Language

Status = Translation.Status

_ROWS: Final = {"line": 2, "paragraph": 4, "markdown": 18}
_HOW_TO_WRITE: Final = _(
    "Empty line: new paragraph. Lines with - make a list, **two stars** make words strong, ### makes a heading."
)
_MOMENT: Final = "%Y-%m-%dT%H:%M"
"""As a browser sends a `datetime-local` (HTML, "Local dates and times")."""


class TextForm(forms.Form):
    """A text in one language: its fields, what its author had beside them, and what becomes of it.

    `seen` is the newest revision when the page was shown, `source-…` the digest of each source field that was shown
    then, `fits-…` says that an unchanged field still fits its changed source.
    """

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    publish_at = forms.DateTimeField(
        label=_("Publish later, on"),
        help_text=_("Empty: at once. Finnish time."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format=_MOMENT),
        error_messages={"invalid": _("Choose a day and a time.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        unit: Unit,
        language: Language,
        texts: Mapping[str, str],
        outdated: list[str],
        waiting: Revision | None,
        seen: int,
    ) -> None:
        initial: dict[str, Any] = {
            "seen": seen,
            "publish_at": waiting.publish_at if waiting else None,
            **texts,
        }
        super().__init__(data, initial=initial, label_suffix="")
        self.unit = unit
        for field in unit.fields:
            self.fields[field.key] = _text_field(field, language)
        for key, digest in unit.digests().items():
            self.fields[f"source-{key}"] = forms.CharField(
                required=False, max_length=64, initial=digest, widget=forms.HiddenInput
            )
        for key in outdated:
            self.fields[f"fits-{key}"] = forms.BooleanField(
                required=False, label=_("Unchanged, the translation still fits the new Finnish text")
            )

    def clean_publish_at(self) -> datetime | None:
        """Return the moment, which has to come yet; None for at once."""
        moment: datetime | None = self.cleaned_data["publish_at"]
        if moment is not None and moment <= timezone.now():
            raise forms.ValidationError(
                _("This moment is over. Choose a later one, or leave the field empty.")
            )
        return moment

    def clean(self) -> dict[str, Any]:
        """Hold each text to the strictness of the reviewed files."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("status") == Status.DRAFT and cleaned.get("publish_at"):
            self.add_error(
                "publish_at", _("A draft is not published. Leave the field empty, or publish the text.")
            )
        for field in self.unit.fields:
            text = checking.cleaned(field, cleaned.get(field.key, ""))
            fault = checking.fault_in(field, text)
            if fault is not None:
                self.add_error(field.key, checking.in_words(fault))
            cleaned[field.key] = text
        return cleaned

    @property
    def texts(self) -> dict[str, str]:
        """The cleaned text of every field."""
        return {field.key: self.cleaned_data[field.key] for field in self.unit.fields}

    @property
    def sources(self) -> dict[str, str]:
        """The digest of each source field that the author had beside the text."""
        return {field.key: self.cleaned_data[f"source-{field.key}"] for field in self.unit.fields}

    @property
    def confirmed(self) -> list[str]:
        """The fields that still fit their changed source."""
        return [field.key for field in self.unit.fields if self.cleaned_data.get(f"fits-{field.key}")]


def _text_field(field: Field, language: Language) -> forms.CharField:
    attrs = {
        "lang": language.html,
        "dir": language.direction,
        "autocomplete": "off",
        "rows": _ROWS[field.form],
    }
    help_text = _HOW_TO_WRITE if field.form == "markdown" else ""
    widget = forms.Textarea(attrs=attrs)
    return forms.CharField(label=field.label, required=False, widget=widget, help_text=help_text)


class RestoreForm(forms.Form):
    """How far a restored text goes."""

    status = forms.ChoiceField(choices=Status.choices)


class NoteForm(forms.Form):
    """The day of a note; its words are written in each language."""

    date = forms.DateField(
        label=_("Day of the note"),
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )


class PoForm(forms.Form):
    """A PO file that came back, and how far its texts go."""

    file = forms.FileField(
        label=_("PO file"),
        help_text=_("At most 1 megabyte. It is taken whole or not at all."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    status = forms.ChoiceField(
        label=_("What becomes of the texts"),
        choices=[
            (Status.DRAFT, _("Drafts: an editor looks at each and publishes it")),
            (Status.UNREVIEWED, _("Public at once, marked as not reviewed")),
        ],
        initial=Status.DRAFT,
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> bytes:
        """Return the content of the file; too large a file is not read."""
        file = self.cleaned_data["file"]
        if file.size > po.MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 megabyte."))
        content: bytes = file.read()
        return content
