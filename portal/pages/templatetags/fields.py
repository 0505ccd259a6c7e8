"""What the field and error-summary templates need of a bound field and Django does not offer to templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.widgets import ChoiceWidget, FileInput, Input, Textarea, Widget
from django.utils.safestring import SafeString

register = template.Library()

LTR_TYPES: Final = frozenset({"email", "tel", "url", "number", "password"})
"""Types of input whose content is written from left to right in every language."""

LTR_MODES: Final = frozenset({"email", "tel", "url", "numeric", "decimal"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or check box: its control as HTML, its id, its label and its hint ("" if none)."""

    control: SafeString
    id: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one label; the label is "" where choices are not grouped."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One line of the error summary: its text, and the id of its control ("" for an error of the form)."""

    text: str
    target: str


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Return the HTML of the control of `field`, with `dir` (WCAG 1.3.2; look.md, "Right to left").

    E-mails, phone numbers, codes and numbers run from left to right; other text follows what is typed.
    """
    direction = _direction(field.field.widget)
    attrs: dict[str, str | bool] = {"dir": direction} if direction else {}
    return field.as_widget(attrs=attrs)


@register.filter
def choice_groups(field: BoundField) -> list[Group]:
    """Return the choices of `field` (radio buttons or check boxes) by group.

    A form field may carry `choice_hints`, a dict from value to text, shown under the choice and tied to it.
    """
    hints: dict[str, str] = getattr(field.field, "choice_hints", {})
    return [
        Group(label=str(label or ""), choices=tuple(_choice(field, option, hints) for option in options))
        for label, options, _index in _optgroups(field)
    ]


@register.filter
def error_items(form: BaseForm) -> list[ErrorItem]:
    """Return every error of `form` in the order of its fields, those of the whole form first."""
    items = [ErrorItem(text=str(error), target="") for error in form.non_field_errors()]
    for field in form:
        items += [ErrorItem(text=str(error), target=_target(field)) for error in field.errors]
    return items


def _target(field: BoundField) -> str:
    """Return the id of the control that a link to `field` must reach: the first choice of a list."""
    if field.use_fieldset:
        for _label, options, _index in _optgroups(field):
            for option in options:
                return str(option["attrs"].get("id", ""))
    return str(field.id_for_label or field.auto_id)


def _optgroups(field: BoundField) -> Iterable[tuple[str | None, list[dict[str, Any]], int | None]]:
    widget = field.field.widget
    if not isinstance(widget, ChoiceWidget):
        return ()
    attrs = field.build_widget_attrs({"id": widget.attrs.get("id") or field.auto_id})
    return widget.optgroups(field.html_name, widget.format_value(field.value()), {**widget.attrs, **attrs})


def _choice(field: BoundField, option: dict[str, Any], hints: dict[str, str]) -> Choice:
    hint = str(hints.get(str(option["value"]), ""))
    identifier = str(option["attrs"].get("id", ""))
    if hint:
        option["attrs"]["aria-describedby"] = f"{identifier}_hint"
    bound = BoundWidget(field.field.widget, option, field.form.renderer)
    return Choice(control=bound.tag(), id=identifier, label=option["label"], hint=hint)


def _direction(widget: Widget) -> str:
    """Return the `dir` to add to `widget`: "ltr", "auto", or "" where none belongs or one is given."""
    if "dir" in widget.attrs:
        return ""
    if isinstance(widget, Textarea):
        return "auto"
    if not isinstance(widget, Input) or isinstance(widget, FileInput):
        return ""
    if widget.input_type in LTR_TYPES or widget.attrs.get("inputmode") in LTR_MODES:
        return "ltr"
    return "auto" if widget.input_type in {"text", "search"} else ""
