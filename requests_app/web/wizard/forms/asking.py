"""Forms on what is asked: kind, for whom, which information, which years, which services, which holders."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.rules.answers import Subject
from requests_app.rules.dates import BadDate, parse_year, today_in_finland
from requests_app.rules.vocabulary import (
    AUTHORITY_BASES,
    CATEGORIES,
    CATEGORY_GROUPS,
    FIRST_YEAR,
    KINDS,
    LIVED_IN_ESPOO,
    ON_BEHALF,
    SERVICES,
)
from requests_app.web.wizard.draft import Draft
from requests_app.web.wizard.forms.base import EARLIEST_BIRTH, LONGEST_TEXT, DayField, StepForm, named, radios
from requests_app.wording import vocabulary as words

USED_BY_THE_STUDY = tuple(key for key in CATEGORIES if key != "research")
"""What "everything the study may have used" stands for; the study's own data set is a question of its own."""

FIRST_POSSIBLE_YEAR = 1900
DETAILS: Final = "details_"
"""Begins the name of the field for the person's own words to one holder."""


class KindForm(StepForm):
    """What the person wants of the authorities."""

    answers = ("kind",)
    kind = radios(named(KINDS, words.KIND_NAMES), label=_("What do you want to do?"))

    def prepare(self) -> None:
        """Tell of each kind what it can do, and what it can't."""
        self.fields["kind"].choice_hints = words.KIND_HINTS  # type: ignore[attr-defined]


class WhoForm(StepForm):
    """For whom the request is: oneself, a child, a client."""

    answers = ("on_behalf",)
    on_behalf = radios(named(ON_BEHALF, words.ON_BEHALF_NAMES), label=_("For whom do you ask?"))
    subject_full_name = forms.CharField(
        label=_("Full name of the child or client"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    subject_birth_date = DayField(
        label=_("Date of birth of the child or client"), required=False, earliest=EARLIEST_BIRTH
    )
    authority_basis = radios(
        named(AUTHORITY_BASES, words.AUTHORITY_NAMES),
        label=_("Why may you ask for this person?"),
        required=False,
    )

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        """Return the answers given before."""
        subject = draft.answers.subject
        return {
            "on_behalf": draft.answers.on_behalf,
            "subject_full_name": subject.full_name,
            "subject_birth_date": subject.birth_date,
            "authority_basis": subject.authority_basis,
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the other person's details where there is another person."""
        data = self.cleaned_data
        if data.get("on_behalf") in ("child", "client"):
            missing = {
                "subject_full_name": _("Give the full name of the child or client."),
                "subject_birth_date": _("Give the date of birth of the child or client."),
                "authority_basis": _("Choose why you may ask for this person."),
            }
            for name, text in missing.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, forms.ValidationError(text))
        elif data.get("on_behalf") == "self":
            # What was typed for another person is not needed any more, right or wrong.
            for name in ("subject_full_name", "subject_birth_date", "authority_basis"):
                self.errors.pop(name, None)
        return data

    def changes(self) -> dict[str, Any]:
        """Return the answers; details of another person only where there is one."""
        data = self.cleaned_data
        if data["on_behalf"] == "self":
            return {"on_behalf": "self", "subject": Subject()}
        subject = Subject(data["subject_full_name"], data["subject_birth_date"], data["authority_basis"])
        return {"on_behalf": data["on_behalf"], "subject": subject}


class InformationForm(StepForm):
    """Which information is asked for, grouped by life situation."""

    everything = forms.BooleanField(
        label=_("Everything that the study may have used"),
        help_text=_("Tick this if you are not sure. You need not tick anything else."),
        required=False,
    )
    categories = forms.MultipleChoiceField(
        label=_("Which information do you want to see?"),
        required=False,
        choices=[
            (words.GROUP_NAMES[group], named(keys, words.CATEGORY_NAMES))
            for group, keys in CATEGORY_GROUPS.items()
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Choose from the list."),
            "invalid_list": _("Choose from the list."),
        },
    )

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        """Return the answers given before; "everything" is one tick, so that taking it away is one as well."""
        ticked = [
            key for key in draft.answers.categories if not draft.everything or key not in USED_BY_THE_STUDY
        ]
        return {"everything": draft.everything, "categories": ticked}

    def prepare(self) -> None:
        """Tell of each category what it holds; ask for it in the words of the kind."""
        self.fields["categories"].choice_hints = words.CATEGORY_HINTS  # type: ignore[attr-defined]
        if self.draft.answers.kind != "access":
            self.fields["categories"].label = _("Which information is it about?")

    def clean(self) -> dict[str, Any]:
        """Ask for at least one category."""
        data = self.cleaned_data
        if not data.get("everything") and not data.get("categories") and "categories" not in self.errors:
            self.add_error(
                "categories", forms.ValidationError(_("Choose at least one, or choose everything."))
            )
        return data

    def changes(self) -> dict[str, Any]:
        """Return the categories in their fixed order."""
        chosen = set(self.cleaned_data["categories"])
        if self.cleaned_data["everything"]:
            chosen |= set(USED_BY_THE_STUDY)
        return {"categories": tuple(key for key in CATEGORIES if key in chosen)}


class YearField(forms.CharField):
    """A year as typed, or nothing; its value is an integer or None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "size": "6", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return the year; raises ValidationError in words."""
        text = str(value or "")[:101]
        if not text.strip():
            return None
        this_year = today_in_finland(timezone.now()).year
        try:
            return parse_year(text, earliest=FIRST_POSSIBLE_YEAR, latest=this_year)
        except BadDate as error:
            texts = {
                "too_old": _("Give a year from 1900 on."),
                "in_future": _("That year is still to come. Give the current year or an earlier one."),
            }
            raise forms.ValidationError(
                texts.get(error.code, _("Write a year with four digits.")), error.code
            ) from None


class PeriodForm(StepForm):
    """From which years, and whether the person lived in Espoo then."""

    answers = ("from_year", "to_year", "lived_in_espoo")
    from_year = YearField(label=_("From the year"), help_text=_("For example 2015. Empty: since 2009."))
    to_year = YearField(label=_("To the year"), help_text=_("Empty: until today."))
    lived_in_espoo = radios(
        named(LIVED_IN_ESPOO, words.LIVED_NAMES),
        label=_("Did you live in Espoo during these years?"),
        required=False,
    )

    def clean_lived_in_espoo(self) -> str:
        """Return the answer; none means yes (facts: "also when not answered")."""
        return self.cleaned_data["lived_in_espoo"] or "yes"

    def clean(self) -> dict[str, Any]:
        """Refuse years in the wrong order."""
        first, last = self.cleaned_data.get("from_year"), self.cleaned_data.get("to_year")
        if first is not None and last is not None and first > last:
            self.add_error("to_year", forms.ValidationError(_("The last year is before the first one.")))
        elif first is None and last is not None and last < FIRST_YEAR:
            # "Empty" means since 2009, which would be after the last year; so the first one must be said.
            self.add_error(
                "from_year", forms.ValidationError(_("Give the first year too: the last one is before 2009."))
            )
        return self.cleaned_data


class ServicesForm(StepForm):
    """Which services the person used: each office that served them keeps background data of its own."""

    answers = ("services",)
    services = forms.MultipleChoiceField(
        label=_("Which services have you used?"),
        required=False,
        choices=named(SERVICES, words.SERVICE_NAMES),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Choose from the list."),
            "invalid_list": _("Choose from the list."),
        },
    )

    def changes(self) -> dict[str, Any]:
        """Return the services in their fixed order."""
        return {"services": tuple(key for key in SERVICES if key in set(self.cleaned_data["services"]))}


class HoldersForm(StepForm):
    """Which holders are asked; routing proposes, the person decides. `selectable` is set by `for_plan`."""

    holders = forms.MultipleChoiceField(
        label=_("Whom do we ask?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Choose from the list."),
            "invalid_list": _("Choose from the list."),
        },
    )
    without_desk = forms.BooleanField(label=_("Do not ask the service desk"), required=False)

    texts = DETAILS
    own_words: bool = False
    """Whether the kind of the request asks the person to write to each holder in their own words."""

    @classmethod
    def initial_of(cls, draft: Draft) -> dict[str, Any]:
        """Return the answers given before."""
        return {"holders": draft.answers.holders, "without_desk": draft.without_desk}

    def for_plan(self, *, selectable: tuple[str, ...], desk: str) -> HoldersForm:
        """Take the holders that may be chosen for these answers."""
        field = self.fields["holders"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker.
        everybody = (*selectable, *([desk] if desk else []))
        field.choices = [(key, key) for key in everybody]
        self.desk = desk
        self.own_words = self.draft.answers.kind != "access"
        for key in everybody if self.own_words else ():
            self.fields[f"{DETAILS}{key}"] = forms.CharField(
                label=words.DETAILS_LABELS[self.draft.answers.kind],
                help_text=_("You can also leave it empty and write it on the letter by hand."),
                required=False,
                max_length=LONGEST_TEXT,
                initial=self.draft.answers.details.get(key, ""),
                widget=forms.Textarea(attrs={"rows": "4", "dir": "auto", "autocomplete": "off"}),
            )
        return self

    def details_of(self, key: str) -> forms.BoundField | None:
        """Return the field for the person's own words to a holder, None where the kind asks for none."""
        return self[f"{DETAILS}{key}"] if self.own_words else None

    def clean(self) -> dict[str, Any]:
        """Ask for at least one holder, unless the desk will look."""
        data = self.cleaned_data
        desk = self.desk and not data.get("without_desk")
        if not data.get("holders") and not desk and "holders" not in self.errors:
            self.add_error("holders", forms.ValidationError(_("Choose at least one authority to ask.")))
        return data

    def changes(self) -> dict[str, Any]:
        """Return the chosen holders, the desk kept apart, and what was written to whom."""
        data = self.cleaned_data
        written = {
            name.removeprefix(DETAILS): text
            for name, text in data.items()
            if name.startswith(DETAILS) and text
        }
        return {"holders": tuple(key for key in data["holders"] if key != self.desk), "details": written}
