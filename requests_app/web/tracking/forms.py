"""The forms of tracking: reference and secret, and the small steps of a person with a case of their own."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from requests_app.actions.remedies import LONGEST_OWN
from requests_app.rules import references
from requests_app.rules.dates import BadDate, parse_date
from requests_app.wording.references import reference_text, secret_text
from requests_app.wording.refusals import date_text

LONGEST_SHOWN: Final = 101
"""Characters of a typed value that are read and shown again: one more than any rule reads."""

_LONGER: Final = {"own": LONGEST_OWN + 1}

_CODE_ATTRIBUTES: Final = {
    "autocomplete": "off",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "dir": "ltr",
}


def typed(data: QueryDict, *names: str) -> dict[str, str]:
    """Return what was typed in these fields, short enough to show again and without NUL, which no HTML may hold."""
    return {
        name: data.get(name, "")[: _LONGER.get(name, LONGEST_SHOWN)].replace("\x00", "\ufffd")
        for name in names
    }


class SecretInput(forms.PasswordInput):
    """A readable input that never shows its value again; a browser is not to offer to keep it as a password."""

    input_type = "text"


class ReferenceField(forms.Field):
    """A reference as typed; its value is the compact form."""

    def to_python(self, value: Any) -> str:
        """Return the compact reference; raises ValidationError in words."""
        try:
            return references.parse_reference(str(value or ""))
        except references.BadReference as error:
            raise forms.ValidationError(reference_text(error.code), error.code) from None


class SecretField(forms.Field):
    """A secret as typed; its value is the compact form."""

    def to_python(self, value: Any) -> str:
        """Return the compact secret; raises ValidationError in words that don't repeat it."""
        try:
            return references.parse_secret(str(value or ""))
        except references.BadReference as error:
            raise forms.ValidationError(secret_text(error.code), error.code) from None


class SignInForm(forms.Form):
    """Reference and secret of a filing."""

    use_required_attribute = False
    reference = ReferenceField(
        label=_("Reference"),
        help_text=_("It looks like this: 26-7Q4M-2X"),
        widget=forms.TextInput(attrs={**_CODE_ATTRIBUTES, "size": "14"}),
    )
    secret = SecretField(
        label=_("Secret"),
        help_text=_("20 letters and digits. Capital or small letters, spaces and dashes make no difference."),
        widget=SecretInput(attrs={**_CODE_ATTRIBUTES, "size": "28"}),
    )

    def is_empty(self) -> bool:
        """Whether nothing was typed in one of the fields, which is no guess."""
        codes = [error.code for errors in self.errors.as_data().values() for error in errors]
        return "empty" in codes


class DayField(forms.Field):
    """A day as typed; its value is a date."""

    def to_python(self, value: Any) -> date:
        """Return the day; raises ValidationError in words."""
        try:
            return parse_date(str(value or ""))
        except BadDate as error:
            raise forms.ValidationError(date_text(error.code), error.code) from None


class StepForm(forms.Form):
    """A step with a case: the version of the case that the person saw travels with it."""

    use_required_attribute = False
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def seen_version(self) -> int:
        """Return the version that the person saw; 0, which no case has, where it is missing or forged."""
        text = str(self.data.get("version", ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def day(self) -> date:
        """Return the day that the form asks for; raises LookupError for a form that asks for none."""
        return cast("date", next(value for name, value in self.cleaned_data.items() if name != "version"))


def _day_field(label: Any) -> DayField:
    return DayField(
        label=label,
        help_text=_("For example 5.3.2026"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "size": "12"}),
    )


class PostedForm(StepForm):
    """The day on which the person posted the letter."""

    posted_on = _day_field(_("On which day did you post it or hand it in?"))


class ComplaintForm(StepForm):
    """What the person wants to add to the facts of the case."""

    own = forms.CharField(
        label=_("What do you want to add? For example what is missing or wrong in the answer."),
        help_text=_("You can also leave it empty and write it on the letter by hand."),
        required=False,
        max_length=LONGEST_OWN,
        widget=forms.Textarea(attrs={"rows": "6", "dir": "auto", "autocomplete": "off"}),
    )


class SignedForm(StepForm):
    """The letter as the person signed it."""

    file = forms.FileField(
        label=_("The signed letter"),
        help_text=_(
            "Either the PDF file with your electronic signature, or a photo of the page that you signed by hand (JPEG "
            "or PNG). At most 5 MB."
        ),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf,image/jpeg,image/png"}),
    )


class AnsweredForm(StepForm):
    """The day on which the person got the answer."""

    answered_on = _day_field(_("On which day did you get the answer?"))
