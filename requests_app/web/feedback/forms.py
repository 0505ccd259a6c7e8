"""The form of feedback: a topic and a text; an address for an answer and a page if the person wants."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from requests_app.actions.feedback import Message
from requests_app.rules.feedback import ANSWER_WITHIN_DAYS, MAX_EMAIL, MAX_TEXT, TOPICS
from requests_app.web.feedback.about import public_path
from requests_app.web.texts import LinesField
from requests_app.wording.feedback import TOPIC_NAMES

TOKEN_SECONDS: Final = 24 * 60 * 60
"""How long a sent form is known again. It is far shorter than feedback is kept, so no id is ever used twice."""

LONGEST_SHOWN: Final = 500
LONGEST_TEXT: Final = 5 * MAX_TEXT
"""Characters of a typed value that are read and shown again; what is too long for us can still be shortened."""

_SALT: Final = "requests_app.feedback"
_CHOOSE: Final = _("Choose one of the options.")
_TOO_LONG: Final = _("Write at most %(limit_value)d characters.")


def new_token() -> str:
    """Return a signed id for a message that is still to be written, so that a double click sends it once."""
    return signing.dumps(str(uuid.uuid4()), salt=_SALT)


def _id_of(token: str) -> uuid.UUID:
    """Return the id in a token of ours, a new one for any other text: nobody chooses an id."""
    try:
        return uuid.UUID(signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS))
    except signing.BadSignature:
        return uuid.uuid4()


def typed(data: QueryDict) -> dict[str, str]:
    """Return what was typed, no longer than a page can bear to show again."""
    longest = {"text": LONGEST_TEXT}
    return {name: str(value)[: longest.get(name, LONGEST_SHOWN)] for name, value in data.items()}


class FeedbackForm(forms.Form):
    """Feedback to the service desk; `host` is the portal's own, to know its pages by."""

    use_required_attribute = False
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(topic, TOPIC_NAMES[topic]) for topic in TOPICS],
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    text = LinesField(
        label=_("What do you want to tell us?"),
        rows=8,
        max_length=MAX_TEXT,
        error_messages={"required": _("Write what you want to tell us."), "max_length": _TOO_LONG},
    )
    email = forms.EmailField(
        label=_("E-mail address for an answer"),
        required=False,
        max_length=MAX_EMAIL,
        error_messages={
            "invalid": _("Write the e-mail address like this: name@example.com"),
            "max_length": _TOO_LONG,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    page = forms.CharField(
        label=_("Which page is it about?"),
        required=False,
        help_text=_(
            "The address of a page that everybody can read. Leave this empty if it is about your own request."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(self, data: Any = None, *, host: str, page: str = "") -> None:
        super().__init__(data, initial={"token": new_token(), "page": page})
        self.host = host
        self.fields["email"].help_text = _(
            "Only if you want an answer; it comes within %(days)d days. You do not have to tell your name."
        ) % {"days": ANSWER_WITHIN_DAYS}

    def clean_token(self) -> uuid.UUID:
        """Return the id that the message gets."""
        return _id_of(self.cleaned_data["token"])

    def clean_page(self) -> str:
        """Return the path of a public page; the addresses of a person's own pages are refused."""
        typed: str = self.cleaned_data["page"]
        if not typed:
            return ""
        path = public_path(typed, host=self.host)
        if not path:
            raise forms.ValidationError(
                _(
                    "This is not the address of a page that everybody can read. Correct it, or leave this empty."
                )
            )
        return path

    def message(self, *, language: str) -> Message:
        """Return what a valid form says."""
        said = self.cleaned_data
        return Message(said["topic"], said["text"], language, email=said["email"], page=said["page"])
