"""Template tags of the wizard's pages."""

from __future__ import annotations

from django import forms, template

from requests_app.web.wizard.forms import HoldersForm

register = template.Library()


@register.simple_tag
def details_field(form: HoldersForm, holder: str) -> forms.BoundField | None:
    """Return the field for the person's own words to `holder`, None where the kind of request asks for none."""
    return form.details_of(holder)
