"""The form that takes a letter, or the code on it, to be checked."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app.rules import references

MAX_BYTES: Final = 5_000_000
"""The largest file that is looked at; the portal's own letters have about a tenth of it."""

_PDF_HEAD: Final = b"%PDF-"
_HEAD_WITHIN: Final = 1024
"""Readers take a PDF whose head stands within the first kilobyte (ISO 32000-1, annex H, note 13)."""


class VerifyForm(forms.Form):
    """A PDF file, or the code of a letter; one of them."""

    file = forms.FileField(
        label=_("The letter as a PDF file"),
        help_text=_("At most 5 MB. We look at the file and do not keep it."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    code = forms.CharField(
        label=_("The code on the letter"),
        help_text=_("16 letters and digits, beside the QR code (the square picture)."),
        required=False,
        strip=True,
        max_length=references.MAX_TYPED,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_file(self) -> bytes:
        """Return the bytes of the file, b"" where none was given."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return b""
        if not file.size:
            raise forms.ValidationError(gettext("This file is empty."))
        if file.size > MAX_BYTES:
            raise forms.ValidationError(gettext("This file is too large. It can have at most 5 MB."))
        content: bytes = file.read()
        if _PDF_HEAD not in content[:_HEAD_WITHIN]:
            raise forms.ValidationError(gettext("This is not a PDF file. Choose the letter that you saved."))
        return content

    def clean_code(self) -> str:
        """Return the code in compact form, "" where none was given."""
        typed: str = self.cleaned_data["code"]
        if not typed:
            return ""
        try:
            return references.parse_code(typed)
        except references.BadReference as error:
            raise forms.ValidationError(_code_problem(error.code)) from error

    def clean(self) -> dict[str, Any]:
        """Refuse an empty form; a file that was given goes before the code."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("file") and not data.get("code"):
            raise forms.ValidationError(gettext("Choose a file, or type the code of a letter."))
        return data


def _code_problem(problem: str) -> str:
    if problem == "wrong_check":
        return gettext(
            "One character of the code is wrong, or two have changed places. Compare it with the letter."
        )
    return gettext("A code has 16 letters and digits. It never has 0, 1, I, L or O.")
