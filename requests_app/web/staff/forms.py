"""The forms of casework: one per step, each with the version of the case that it was shown for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from requests_app import permissions
from requests_app.actions import casework, lifecycle
from requests_app.models import Case, Membership
from requests_app.reading.worklist import MAX_TYPED
from requests_app.rules.dates import MAX_TYPED as MAX_TYPED_DATE
from requests_app.rules.dates import BadDate, parse_date
from requests_app.web.texts import LinesField, without_nul
from requests_app.wording.cases import BASIS_NAMES, DELIVERED_NAMES
from requests_app.wording.refusals import DATE_TEXTS, REFUSAL_TEXTS, date_text

BASES: Final = ("post", "in_person", "email")
DELIVERIES: Final = ("post", "email", "pickup", "e_service")
MAX_DIARY_NUMBER: Final = 40
_MAX_VERSION: Final = 2**31 - 1


class DayField(forms.CharField):
    """A day as people in Finland type it, `5.3.2026`, or as `2026-03-05`; today is filled in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=MAX_TYPED_DATE,
            help_text=_("For example 5.3.2026"),
            error_messages={"required": DATE_TEXTS["empty"], "max_length": DATE_TEXTS["malformed"]},
            widget=forms.TextInput(attrs={"size": 12, "autocomplete": "off", "dir": "ltr"}),
            **kwargs,
        )

    def clean(self, value: Any) -> date:
        """Return the day; raises ValidationError in words."""
        try:
            return parse_date(super().clean(value))
        except BadDate as error:
            raise ValidationError(date_text(error.code), code=error.code) from None


class ReasonField(LinesField):
    """A longer text, at most as long as casework takes."""

    def __init__(self, **kwargs: Any) -> None:
        missing = {"required": REFUSAL_TEXTS["reason_missing"]}
        super().__init__(max_length=casework.MAX_REASON, error_messages=missing, **kwargs)


def _choice(choices: Mapping[str, Any], keys: tuple[str, ...], label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(key, choices[key]) for key in keys],
        widget=forms.RadioSelect,
        error_messages={
            "required": REFUSAL_TEXTS["unknown_choice"],
            "invalid_choice": REFUSAL_TEXTS["unknown_choice"],
        },
    )


def _select(label: Any) -> forms.ChoiceField:
    unknown = REFUSAL_TEXTS["unknown_choice"]
    return forms.ChoiceField(label=label, error_messages={"required": unknown, "invalid_choice": unknown})


class StepForm(forms.Form):
    """What all steps share: the case, the acting membership, and the version that the form was shown with."""

    version = forms.IntegerField(
        min_value=1,
        max_value=_MAX_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("The form is not complete. Open the case again and start from there."),
        ),
    )

    def __init__(self, data: MultiValueDict[str, Any] | None = None, *, case: Case, by: Membership) -> None:
        super().__init__(data, initial={"version": case.version}, label_suffix="")
        self.case, self.by = case, by
        for name, field in self.fields.items():
            if isinstance(field, DayField):
                today = lifecycle.today()
                self.initial.setdefault(name, f"{today.day}.{today.month}.{today.year}")
        self.prepare()

    def full_clean(self) -> None:
        """Check what was posted as it came; what is shown again afterwards holds no NUL."""
        super().full_clean()
        if isinstance(self.data, MultiValueDict):
            self.data = without_nul(self.data)

    def prepare(self) -> None:
        """Fill in what depends on the case; most forms need nothing."""

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes: the cleaned fields without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def for_letter(self) -> dict[str, str]:
        """Return what a preview of the letter takes, as far as it was written; an ellipsis stands for the rest."""

        def written(*names: str, otherwise: str) -> str:
            values = (str(self[name].value() or "") for name in names if name in self.fields)
            return next(
                (value.strip()[: casework.MAX_REASON] for value in values if value.strip()), otherwise
            )

        return {
            "reason": written("reason", "note", otherwise="…" if "reason" in self.fields else ""),
            "grounds": written("grounds", otherwise="…"),
            "to": written("to", otherwise="…"),
            "how": written("delivered_by", otherwise=""),
        }


def _offer(form: StepForm, name: str, choices: list[tuple[str, str]]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = [("", _("Choose")), *choices]


class Receive(StepForm):
    """When and how a letter arrived."""

    received_on = DayField(label=_("Day of receipt"))
    basis = _choice(BASIS_NAMES, BASES, _("How did it arrive?"))


class CorrectReceipt(StepForm):
    """The true day of receipt, and why it is corrected."""

    received_on = DayField(label=_("Day of receipt"))
    reason = ReasonField(label=_("Reason; the person sees it"))


class Acknowledge(StepForm):
    """Nothing is asked: the letter says what the case knows."""


class AskIdentity(StepForm):
    """The doubt about who the person is."""

    asked_on = DayField(label=_("Day of asking"))
    reason = ReasonField(label=_("Why do you doubt, and what do you need? The person sees it"))


class IdentityReceived(StepForm):
    """The day on which the information came."""

    received_on = DayField(label=_("Day on which the information came"))


class Extend(StepForm):
    """When the person was told of the extension, and why it is needed."""

    told_on = DayField(label=_("Day on which the person was told"))
    reason = ReasonField(label=_("Why is more time needed? The person sees it"))


class Answer(StepForm):
    """When and how the answer was given."""

    answered_on = DayField(label=_("Day of the answer"))
    delivered_by = _choice(DELIVERED_NAMES, DELIVERIES, _("How was it given?"))
    note = ReasonField(
        required=False,
        rows=3,
        label=_("What was left out, and on which ground? The person sees it"),
        help_text=_(
            "Leave empty if you gave everything. Limits of access: Data Protection Act 1050/2018, section 34."
        ),
    )


class Refuse(StepForm):
    """The reasons of a refusal, and the law it stands on."""

    refused_on = DayField(label=_("Day of the refusal"))
    reason = ReasonField(label=_("Reason; the person sees it"))
    grounds = ReasonField(
        rows=3,
        label=_("Legal grounds; the person sees them"),
        help_text=_("For example: Data Protection Act 1050/2018, section 34(1)(2)."),
    )


class Transfer(StepForm):
    """The competent holder, and why it is the one."""

    to = _select(_("Which authority?"))
    reason = ReasonField(label=_("Reason; the person sees it"))

    def prepare(self) -> None:
        """Offer the holders to which the case can go."""
        targets = [(holder.key, str(holder)) for holder in casework.transfer_targets(self.case)]
        _offer(self, "to", targets)


class Note(StepForm):
    """An internal note."""

    text = ReasonField(label=_("Note"))


class Assign(StepForm):
    """The member who takes the case on."""

    assignee = _select(_("Who takes it on?"))

    def prepare(self) -> None:
        """Offer the members of the holder who may act."""
        rows = Membership.objects.filter(holder_id=self.case.holder_id, role__in=permissions.ACTING)
        active = rows.filter(user__is_active=True).select_related("user").order_by("user__username")
        self._members = {str(row.user_id): row for row in active}
        names = {
            key: row.user.get_full_name() or row.user.get_username() for key, row in self._members.items()
        }
        _offer(self, "assignee", list(names.items()))
        self.initial["assignee"] = str(self.by.user_id)

    def arguments(self) -> dict[str, Any]:
        """Return the chosen membership."""
        return {"to": self._members[self.cleaned_data["assignee"]]}


class Reference(StepForm):
    """The registry's own number of the matter."""

    holder_reference = forms.CharField(
        label=_("Diary number"),
        required=False,
        max_length=MAX_DIARY_NUMBER,
        help_text=_("At most 40 characters. Leave empty to remove it. Write no names in it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    def prepare(self) -> None:
        """Fill in the number that is kept now."""
        self.initial["holder_reference"] = self.case.holder_reference


class Search(forms.Form):
    """A reference or a diary number; sent as a POST, so that it stands in no address and no log."""

    q = forms.CharField(
        label=_("Reference or diary number"),
        max_length=MAX_TYPED,
        error_messages={"required": _("Write a reference or a diary number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "size": 20}),
    )
