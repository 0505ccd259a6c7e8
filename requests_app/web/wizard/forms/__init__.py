"""The forms of the wizard, one per question; `FORMS` finds them by step."""

from __future__ import annotations

from requests_app.web.wizard.forms.asking import (
    HoldersForm,
    InformationForm,
    KindForm,
    PeriodForm,
    ServicesForm,
    WhoForm,
)
from requests_app.web.wizard.forms.base import StepForm
from requests_app.web.wizard.forms.person import AboutYouForm, AnswerForm, SignForm

FORMS: dict[str, type[StepForm]] = {
    "kind": KindForm,
    "who": WhoForm,
    "information": InformationForm,
    "period": PeriodForm,
    "services": ServicesForm,
    "holders": HoldersForm,
    "about-you": AboutYouForm,
    "answer": AnswerForm,
    "sign": SignForm,
}

__all__ = ["FORMS", "HoldersForm", "SignForm", "StepForm"]
