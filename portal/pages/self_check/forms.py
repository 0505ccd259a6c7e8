"""The three questions of the self-check; each has "I do not know" among its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.pages.self_check.rule import CLIENT, LIVED, SERVICES, Answers
from portal.pages.self_check.words import CLIENT_NAMES, LIVED_NAMES, SERVICE_NAMES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

NONE: Final = "none"
UNKNOWN: Final = "unknown"


def _choices(keys: Iterable[str], names: Mapping[str, StrPromise]) -> list[tuple[str, Any]]:
    return [(key, names[key]) for key in keys]


def _radios(choices: list[tuple[str, Any]], *, label: StrPromise) -> forms.ChoiceField:
    wrong = _("Choose one of the options.")
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )


class SelfCheckForm(forms.Form):
    """Client of the Skills Centre, lived in Espoo, used services. No error repeats what was sent."""

    use_required_attribute = False

    client = _radios(
        _choices(CLIENT, CLIENT_NAMES),
        label=_("Have you been a client of the Omnia Skills Centre for Immigrants?"),
    )
    lived = _radios(
        _choices(LIVED, LIVED_NAMES), label=_("Did you live in Espoo in 2009 or at some time since?")
    )
    services = forms.MultipleChoiceField(
        label=_("Which of these services have you used in 2009 or later?"),
        choices=_choices((*SERVICES, NONE, UNKNOWN), SERVICE_NAMES),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one option."),
            "invalid_choice": _("Choose from the list."),
            "invalid_list": _("Choose from the list."),
        },
    )

    def clean_services(self) -> list[str]:
        """Refuse "none of these" beside anything else."""
        ticked: list[str] = self.cleaned_data["services"]
        if NONE in ticked and set(ticked) != {NONE}:
            raise forms.ValidationError(
                _("You ticked “None of these” and something else too. Leave only what is right.")
            )
        return ticked

    def answers(self) -> Answers:
        """Return the answers of a valid form."""
        ticked = set(self.cleaned_data["services"])
        return Answers(
            client=self.cleaned_data["client"],
            lived=self.cleaned_data["lived"],
            services=frozenset(ticked - {NONE, UNKNOWN}),
            knows_services=UNKNOWN not in ticked,
        )
