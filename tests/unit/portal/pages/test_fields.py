"""Fields and error summary: labels, hints, errors and directions reach the control that they are about."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string

from portal.pages.templatetags.fields import choice_groups, error_items


class Sample(forms.Form):
    """One field of each kind that the portal uses."""

    kind = forms.ChoiceField(
        label="Kind?",
        help_text="Choose one.",
        choices=[("a", "First"), ("b", "Second")],
        widget=forms.RadioSelect,
    )
    things = forms.MultipleChoiceField(
        label="Things",
        choices=[("Home", [("x", "One"), ("y", "Two")]), ("Work", [("z", "Three")])],
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(
        label="Name <b>", help_text="As in your passport.", widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(label="E-mail", required=False)
    born = forms.CharField(label="Born", widget=forms.TextInput({"inputmode": "numeric"}))
    story = forms.CharField(label="Story", required=False, widget=forms.Textarea)
    fixed = forms.CharField(label="Code", required=False, widget=forms.TextInput({"dir": "ltr"}))
    language = forms.ChoiceField(label="Language", choices=[("fi", "Finnish")])
    agree = forms.BooleanField(label="Write to me", required=False)
    paper = forms.FileField(label="Paper", required=False, widget=forms.ClearableFileInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Fail as a whole where the story says so."""
        data = super().clean() or {}
        if data.get("story") == "fail":
            raise forms.ValidationError("Together they don't fit.")
        return data


GOOD = {"kind": "a", "things": ["z"], "name": "N", "born": "1.1.1990", "language": "fi"}


def field(name: str, data: dict[str, Any] | None = None, **context: Any) -> str:
    form = Sample(data, initial={"kind": "b"})
    return " ".join(render_to_string("includes/field.html", {"field": form[name], **context}).split())


def described_by(html: str) -> list[str]:
    return re.findall(r'aria-describedby="([^"]+)"', html)


def test_text_field_has_label_hint_and_autocomplete() -> None:
    html = field("name")
    assert '<label for="id_name"> Name &lt;b&gt; </label>' in html
    assert '<p class="hint" id="id_name_helptext">As in your passport.</p>' in html
    assert 'autocomplete="name"' in html
    assert described_by(html) == ["id_name_helptext"]
    assert "(optional)" not in html
    assert "has-error" not in html


def test_error_stands_at_the_field_and_keeps_what_was_typed() -> None:
    html = field("email", {**GOOD, "email": "nobody at home"})
    assert 'class="field has-error"' in html
    assert 'value="nobody at home"' in html
    assert 'aria-invalid="true"' in html
    assert described_by(html) == ["id_email_error"]
    error = re.search(r'<div id="id_email_error">(.*?)</div>', html)
    assert error
    assert "Error:" in error[1]


def test_hint_and_error_are_both_described() -> None:
    assert described_by(field("name", {**GOOD, "name": ""})) == ["id_name_helptext id_name_error"]


@pytest.mark.parametrize(
    ("name", "direction"),
    [("email", "ltr"), ("born", "ltr"), ("name", "auto"), ("story", "auto"), ("fixed", "ltr")],
)
def test_direction_of_what_is_typed(name: str, direction: str) -> None:
    assert re.findall(r'dir="(\w+)"', field(name)) == [direction]


@pytest.mark.parametrize("name", ["language", "agree", "paper", "kind", "token"])
def test_what_is_not_typed_has_no_direction(name: str) -> None:
    assert "dir=" not in field(name)


def test_optional_is_said_unless_hidden() -> None:
    assert "(optional)" in field("email")
    assert "(optional)" not in field("email", hide_optional=True)


def test_label_or_legend_is_the_heading_when_asked() -> None:
    assert '<h1> <label for="id_name">Name &lt;b&gt;</label> </h1>' in field("name", heading=True)
    assert "<legend> <h1>Kind?</h1> </legend>" in field("kind", heading=True)
    assert "<h1>" not in field("kind")


def test_radio_buttons_are_a_fieldset_with_legend_hint_and_choice() -> None:
    html = field("kind")
    assert '<fieldset id="id_kind" aria-describedby="id_kind_helptext">' in html
    assert "<legend> Kind? </legend>" in html
    assert re.findall(r'<input type="radio" name="kind" value="(\w)"', html) == ["a", "b"]
    assert re.findall(r'value="(\w)"[^>]* checked', html) == ["b"]
    assert re.findall(r'<label for="(\w+)">', html) == ["id_kind_0", "id_kind_1"]


def test_grouped_boxes_keep_their_groups_and_what_was_chosen() -> None:
    form = Sample(GOOD)
    groups = choice_groups(form["things"])
    assert [(group.label, [choice.label for choice in group.choices]) for group in groups] == [
        ("Home", ["One", "Two"]),
        ("Work", ["Three"]),
    ]
    html = field("things", GOOD)
    assert re.findall(r'value="(\w)"[^>]* checked', html) == ["z"]
    assert 'role="group" aria-labelledby="id_things_group_2"' in html
    identifiers = re.findall(r' id="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))


def test_a_choice_may_have_a_hint_of_its_own() -> None:
    form = Sample()
    form.fields["kind"].choice_hints = {"b": "Takes <longer>."}  # type: ignore[attr-defined]
    html = " ".join(render_to_string("includes/field.html", {"field": form["kind"]}).split())
    assert '<p class="hint" id="id_kind_1_hint">Takes &lt;longer&gt;.</p>' in html
    assert described_by(html) == ["id_kind_helptext", "id_kind_1_hint"]
    second = re.search(r'<input[^>]*value="b"[^>]*>', html)
    assert second
    assert 'aria-describedby="id_kind_1_hint"' in second[0]


def test_hidden_field_is_only_its_input() -> None:
    assert field("token").strip() == '<input type="hidden" name="token" id="id_token">'


def test_single_box_has_its_label_behind_it() -> None:
    html = field("agree")
    assert html.index('type="checkbox"') < html.index('<label for="id_agree">Write to me</label>')


def test_file_field_shows_its_control() -> None:
    assert '<input type="file" name="paper"' in field("paper")


def test_summary_lists_errors_in_order_with_links_that_exist() -> None:
    form = Sample({"story": "fail", "email": "x", "name": "N", "born": "1", "language": "fi"})
    items = error_items(form)
    assert [item.target for item in items] == ["", "id_kind_0", "id_things_0_0", "id_email"]
    assert items[0].text == "Together they don't fit."
    page = render_to_string("includes/error_summary.html", {"form": form})
    fields = "".join(render_to_string("includes/field.html", {"field": one}) for one in form)
    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in fields
    assert re.search(r'tabindex="-1"\s+autofocus>', page)


def test_summary_is_silent_where_nothing_is_wrong() -> None:
    for form in (Sample(), Sample(GOOD), None):
        assert render_to_string("includes/error_summary.html", {"form": form}).strip() == ""


def test_tracker_says_each_state_in_words() -> None:
    steps = [
        {"state": "done", "label": "Received", "detail": "5 March"},
        {"state": "now", "label": "Being <answered>", "detail": ""},
        {"state": "next", "label": "Answer", "detail": ""},
    ]
    html = " ".join(render_to_string("includes/tracker.html", {"steps": steps}).split())
    assert re.findall(r'<span class="state"> (\w+) </span>', html) == ["Done", "Now", "Next"]
    assert html.count('aria-current="step"') == 1
    assert '<li class="now" aria-current="step">' in html
    assert "Being &lt;answered&gt;" in html


@pytest.mark.parametrize(
    ("kind", "word"),
    [("info", "Good to know:"), ("warning", "Please note:"), ("success", "Done:"), ("error", "Error:")],
)
def test_notice_says_its_kind_in_words(kind: str, word: str) -> None:
    html = render_to_string("includes/notice.html", {"kind": kind, "text": "a < b"})
    assert f'class="notice {kind}"' in html
    assert word in html
    assert "a &lt; b" in html


def test_notice_with_a_title_needs_no_word() -> None:
    html = render_to_string("includes/notice.html", {"kind": "warning", "title": "Soon over", "text": "x"})
    assert "<h2>Soon over</h2>" in html
    assert "Please note" not in html
