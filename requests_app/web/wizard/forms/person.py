"""Forms on the person: who asks, how the answer is to come, how the letters are signed."""

from __future__ import annotations

import json
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from requests_app.doors import mail
from requests_app.rules.answers import Answers, BadDrawing, Strokes, parse_drawing
from requests_app.rules.dates import plain
from requests_app.rules.identity import BadIdentityCode, parse_identity_code
from requests_app.rules.vocabulary import ANSWER_BY, LETTER_LANGUAGES, SIGNATURES
from requests_app.web.wizard.draft import Draft
from requests_app.web.wizard.forms.base import EARLIEST_BIRTH, DayField, StepForm, named, radios
from requests_app.wording import vocabulary as words
from requests_app.wording.wizard import SIGNATURE_HINTS, identity_text

ADDRESS = ("street", "postal_code", "city")
MOST_DRAWING = 120_000
"""Characters of a drawing: the most points that are taken, with their signs."""


def _line(label: Any, *, most: int, token: str, required: bool = False, **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": token, **attributes})
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=widget,
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )


def _street() -> forms.CharField:
    return _line(_("Street address"), most=120, token="street-address")  # noqa: S106 - no password.


def _postal_code() -> forms.CharField:
    return _line(_("Postal code"), most=12, token="postal-code", inputmode="numeric", size="8")  # noqa: S106


def _city() -> forms.CharField:
    return _line(_("City"), most=60, token="address-level2")  # noqa: S106


class AboutYouForm(StepForm):
    """Who asks; only name and date of birth are required."""

    answers = ("full_name", "birth_date", *ADDRESS, "email", "phone", "identity_code")
    full_name = _line(_("Full name"), most=120, token="name", required=True)  # noqa: S106
    birth_date = DayField(label=_("Date of birth"), earliest=EARLIEST_BIRTH)
    street = _street()
    postal_code = _postal_code()
    city = _city()
    email = _line(_("E-mail"), most=254, token="email", inputmode="email")  # noqa: S106
    phone = _line(_("Phone"), most=32, token="tel", inputmode="tel")  # noqa: S106
    identity_code = _line(_("Finnish personal identity code"), most=24, token="off", dir="ltr", size="14")  # noqa: S106

    def prepare(self) -> None:
        """Say what is asked where it is not plain."""
        self.fields["full_name"].error_messages["required"] = _("Give your full name.")
        self.fields["full_name"].help_text = _("As the authorities know it: first names and family name.")
        self.fields["birth_date"].widget.attrs["autocomplete"] = "bday"
        self.fields["email"].help_text = _(
            "For example name@example.com. Only if the authority may write to it."
        )
        self.fields["identity_code"].help_text = _(
            "You can leave this empty and write it on the paper by hand. Then it is not in this service at all."
        )

    def clean_postal_code(self) -> str:
        """Return the postal code with Western digits."""
        return plain(self.cleaned_data["postal_code"])

    def clean_email(self) -> str:
        """Return the address, checked for its form alone."""
        email: str = self.cleaned_data["email"].replace(" ", "")
        if email:
            try:
                validate_email(email)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("Write the e-mail address like this: name@example.com")
                ) from None
        return email

    def clean_phone(self) -> str:
        """Return the number with Western digits; spaces and signs between them may stay."""
        phone = plain(self.cleaned_data["phone"])
        digits = sum(sign.isdigit() for sign in phone)
        if phone and (not 5 <= digits <= 20 or any(sign not in "+()-/. 0123456789" for sign in phone)):
            raise forms.ValidationError(_("Write the number with digits, for example +358 40 123 4567"))
        return phone

    def clean(self) -> dict[str, Any]:
        """Check the identity code, also against the date of birth."""
        data = self.cleaned_data
        typed = data.get("identity_code")
        if typed:
            born = date.fromisoformat(data["birth_date"]) if data.get("birth_date") else None
            try:
                # The test range (900–999) is accepted: hospitals give out such codes, and nobody is harmed by them.
                data["identity_code"] = parse_identity_code(typed, born=born, allow_temporary=True)
            except BadIdentityCode as error:
                self.add_error("identity_code", forms.ValidationError(identity_text(error.code), error.code))
        return data


class AnswerForm(StepForm):
    """In which official language the letters are written, and how the answer is to come."""

    answers = ("letter_language", "answer_by")
    letter_language = radios(
        named(LETTER_LANGUAGES, words.LETTER_LANGUAGE_NAMES),
        label=_("In which language do we write the letters?"),
    )
    answer_by = radios(named(ANSWER_BY, words.ANSWER_BY_NAMES), label=_("How do you want to get the answer?"))

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        """Return the answers given before; at first the way that needs nothing more than what was given."""
        shown = super().initial_of(draft)
        if "answer" not in draft.done and not _has_address(draft.answers):
            shown["answer_by"] = "email" if draft.answers.email else "pickup"
        return shown

    def prepare(self) -> None:
        """Ask for the address here too, where the person has not given it yet."""
        self.fields["letter_language"].help_text = _(
            "These are the official languages; both are on equal terms."
        )
        if not _has_address(self.draft.answers):
            self.fields.update(street=_street(), postal_code=_postal_code(), city=_city())
            self.initial.update({name: getattr(self.draft.answers, name) for name in ADDRESS})
            self.fields["street"].help_text = _("Needed only if the answer comes by post.")

    def clean(self) -> dict[str, Any]:
        """Ask for the address where the answer is to come by post."""
        data = self.cleaned_data
        if data.get("answer_by") == "post" and "street" in self.fields:
            missing = {
                "street": _("Give the street address: the answer comes by post."),
                "postal_code": _("Give the postal code: the answer comes by post."),
                "city": _("Give the city: the answer comes by post."),
            }
            for name, text in missing.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, forms.ValidationError(text))
        return data

    def changes(self) -> dict[str, Any]:
        """Return the choices, and the address where it was asked."""
        given = {name: self.cleaned_data[name] for name in ADDRESS if self.cleaned_data.get(name)}
        return {**super().changes(), **given}


def _has_address(answers: Answers) -> bool:
    return all(getattr(answers, name) for name in ADDRESS)


def _strokes(text: str) -> Strokes | None:
    """Return the strokes in JSON `text`, () for a slip of the finger, None for what our board does not send."""
    if len(text) > MOST_DRAWING:
        return None
    try:
        return parse_drawing(json.loads(text))
    except BadDrawing as error:
        return () if error.code == "empty" else None
    except (ValueError, RecursionError):
        return None


class SignForm(StepForm):
    """How the letters are signed; a drawing is optional, because it needs scripts."""

    answers = ("signature", "wants_notices")
    long = MappingProxyType({"drawing": MOST_DRAWING + 1})
    signature = radios(named(SIGNATURES, words.SIGNATURE_NAMES), label=_("How do you sign?"))
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)
    wants_notices = forms.BooleanField(
        label=_("Send me an e-mail with the reference when my request is saved"), required=False
    )

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        """Return the answers given before, and the drawing, so that a change of mind loses nothing."""
        drawn = json.dumps(draft.drawing, separators=(",", ":")) if draft.drawing else ""
        return {**super().initial_of(draft), "drawing": drawn}

    def prepare(self) -> None:
        """Say what each signature proves; offer e-mails only where they can be sent."""
        self.fields["signature"].choice_hints = SIGNATURE_HINTS  # type: ignore[attr-defined]
        if not (mail.can_send() and self.draft.answers.email):
            del self.fields["wants_notices"]

    def clean_drawing(self) -> Strokes:
        """Return the strokes of the drawing; none where nothing was drawn or it is not wanted any more."""
        text: str = self.cleaned_data["drawing"]
        if not text or self.cleaned_data.get("signature") != "drawn":
            return ()
        strokes = _strokes(text)
        if strokes is None:
            # The error stands at the choice, because nobody sees the hidden field.
            self.add_error(
                "signature",
                forms.ValidationError(_("The drawing could not be read. Draw again, or sign by hand.")),
            )
        return strokes or ()

    def changes(self) -> dict[str, Any]:
        """Return the choices; the drawing is kept beside the answers."""
        return {
            "signature": self.cleaned_data["signature"],
            "wants_notices": bool(self.cleaned_data.get("wants_notices")),
        }
