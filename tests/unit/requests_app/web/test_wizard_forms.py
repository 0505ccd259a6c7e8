"""The wizard's forms: what people really type, what is refused and in which field, what is kept of it."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rules.answers import MAX_POINTS, Answers, Subject
from requests_app.rules.vocabulary import ARTICLES, CATEGORIES, KINDS, STEPS
from requests_app.web.wizard.draft import Draft
from requests_app.web.wizard.forms import FORMS, HoldersForm, StepForm
from requests_app.web.wizard.forms.asking import USED_BY_THE_STUDY
from requests_app.web.wizard.forms.base import LONGEST_SHOWN, plain_line, typed
from requests_app.web.wizard.forms.person import MOST_DRAWING
from requests_app.wording import vocabulary as words

ADDRESS = {"street": "Testikatu 1", "postal_code": "02600", "city": "Espoo"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand on one day, so that what is still to come is known."""
    monkeypatch.setattr(
        "requests_app.web.wizard.forms.base.today_in_finland", lambda _now: date(2026, 11, 24)
    )
    monkeypatch.setattr(
        "requests_app.web.wizard.forms.asking.today_in_finland", lambda _now: date(2026, 11, 24)
    )


def form(step: str, data: dict[str, Any], draft: Draft | None = None) -> StepForm:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return FORMS[step](query, draft=draft or Draft())


def changes(step: str, data: dict[str, Any], draft: Draft | None = None) -> dict[str, Any]:
    filled = form(step, data, draft)
    assert filled.is_valid(), filled.errors
    return filled.changes()


def wrong(step: str, data: dict[str, Any], draft: Draft | None = None) -> set[str]:
    """Return the fields that have an error."""
    return set(form(step, data, draft).errors)


def test_every_question_has_a_form_and_every_key_a_name() -> None:
    assert set(FORMS) == set(STEPS) - {"check", "done"}
    assert set(words.CATEGORY_NAMES) == set(words.CATEGORY_HINTS) == set(CATEGORIES)
    assert set(words.KIND_NAMES) == set(KINDS)


class TestLines:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("  Amina \t Testi\r\n", "Amina Testi"),
            ("A\x00mi\x07na", "Amina"),
            ("\u202eanimA\u202c", "animA"),
            ("\u2067أمينة\u2069 \u200fتيستي", "أمينة تيستي"),
            ("می\u200cخواهم", "می\u200cخواهم"),
            ("Jose\u0301", "José"),
            ("王小明", "王小明"),
            ("<b>Bobby</b> & Co", "<b>Bobby</b> & Co"),
            ("👩‍💻", "👩‍💻"),
            ("\ufffe\ud800x", "x"),
            ("a\u2028b", "a b"),
        ],
    )
    def test_what_is_kept_of_a_line(self, text: str, kept: str) -> None:
        assert plain_line(text) == kept

    @given(st.text())
    def test_a_kept_line_is_printable_and_stays_as_it_is(self, text: str) -> None:
        line = plain_line(text)
        assert plain_line(line) == line
        assert line == line.strip()
        assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Cn", "Zl", "Zp") for sign in line)
        assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        line.encode()

    def test_a_long_text_is_cut_before_it_is_read(self) -> None:
        data = QueryDict(mutable=True)
        data.setlist("full_name", ["x" * 10**6, "y"])
        data["drawing"] = "z" * 10**6
        lines = typed(data, long={"drawing": 2000})
        assert [len(value) for value in lines.getlist("full_name")] == [LONGEST_SHOWN, 1]
        assert len(lines["drawing"]) == 2000


class TestKind:
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_right_can_be_chosen_and_says_what_it_can_not_do(self, kind: str) -> None:
        assert changes("kind", {"kind": kind}) == {"kind": kind}
        hints = FORMS["kind"](draft=Draft()).fields["kind"].choice_hints  # type: ignore[attr-defined]
        assert f"GDPR Article {ARTICLES[kind]}" in str(hints[kind])

    @pytest.mark.parametrize("kind", ["portability", "", "x" * 999])
    def test_another_right_is_refused(self, kind: str) -> None:
        assert wrong("kind", {"kind": kind}) == {"kind"}

    def test_access_is_chosen_at_first(self) -> None:
        html = str(FORMS["kind"](draft=Draft())["kind"])
        assert html.count('type="radio"') == 5
        assert 'value="access" id="id_kind_0" checked' in html


CHILD = {
    "on_behalf": "child",
    "subject_full_name": "Laila Testi",
    "subject_birth_date": "٣١.١.٢٠١٥",
    "authority_basis": "guardian",
}


class TestWho:
    def test_oneself_needs_nothing_more(self) -> None:
        assert changes("who", {"on_behalf": "self"}) == {"on_behalf": "self", "subject": Subject()}

    def test_a_child_has_a_name_a_birthday_and_somebody_who_may_act(self) -> None:
        assert changes("who", CHILD)["subject"] == Subject("Laila Testi", "2015-01-31", "guardian")

    @pytest.mark.parametrize("name", ["subject_full_name", "subject_birth_date", "authority_basis"])
    @pytest.mark.parametrize("whom", ["child", "client"])
    def test_each_is_asked_for(self, whom: str, name: str) -> None:
        assert wrong("who", {**CHILD, "on_behalf": whom, name: ""}) == {name}

    def test_one_mistake_is_said_once(self) -> None:
        errors = form("who", {**CHILD, "subject_birth_date": "31.2.2015"}).errors
        assert [len(errors[name]) for name in errors] == [1]

    @pytest.mark.parametrize("day", ["2026-11-25", "1.1.1889", "31.2.2015", "gestern", "1.1.15"])
    def test_an_impossible_birthday_is_refused(self, day: str) -> None:
        assert wrong("who", {**CHILD, "subject_birth_date": day}) == {"subject_birth_date"}

    def test_what_was_typed_for_another_person_is_dropped_for_oneself(self) -> None:
        left = {**CHILD, "on_behalf": "self", "subject_birth_date": "31.2.2015", "authority_basis": "king"}
        assert changes("who", left) == {"on_behalf": "self", "subject": Subject()}

    def test_a_forged_value_is_refused(self) -> None:
        assert wrong("who", {**CHILD, "on_behalf": "enemy"}) == {"on_behalf"}
        assert wrong("who", {**CHILD, "authority_basis": "king"}) == {"authority_basis"}


class TestInformation:
    def test_categories_come_in_their_order_and_once(self) -> None:
        data = {"categories": ["tax", "background", "tax"]}
        assert changes("information", data) == {"categories": ("background", "tax")}

    def test_everything_is_all_that_the_study_may_have_used(self) -> None:
        assert changes("information", {"everything": "1"}) == {"categories": USED_BY_THE_STUDY}
        both = {"everything": "1", "categories": ["research"]}
        assert changes("information", both) == {"categories": CATEGORIES}

    def test_nothing_is_refused(self) -> None:
        assert wrong("information", {}) == {"categories"}

    def test_a_forged_category_is_refused_once(self) -> None:
        assert len(form("information", {"categories": ["tax", "DROP"]}).errors["categories"]) == 1

    def test_everything_is_one_tick_when_it_is_shown_again(self) -> None:
        draft = Draft(answers=Answers(categories=CATEGORIES), everything=True)
        shown = FORMS["information"](draft=draft)
        assert shown.initial["everything"] is True
        assert shown.initial["categories"] == ["research"]


class TestPeriod:
    @pytest.mark.parametrize(
        ("typed_years", "years"),
        [
            (("", ""), (None, None)),
            (("2010", "2015"), (2010, 2015)),
            (("٢٠١٠", "۲۰۱۵"), (2010, 2015)),
            ((" 2010 ", "\u200f2026"), (2010, 2026)),
            (("", "2012"), (None, 2012)),
            (("1995", "2001"), (1995, 2001)),
        ],
    )
    def test_years(self, typed_years: tuple[str, str], years: tuple[int | None, int | None]) -> None:
        data = {"from_year": typed_years[0], "to_year": typed_years[1], "lived_in_espoo": "yes"}
        found = changes("period", data)
        assert (found["from_year"], found["to_year"]) == years

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"from_year": "2020", "to_year": "2010"}, "to_year"),
            ({"from_year": "1899"}, "from_year"),
            ({"to_year": "2027"}, "to_year"),
            ({"from_year": "10"}, "from_year"),
            ({"from_year": "twenty"}, "from_year"),
            ({"from_year": "9" * 400}, "from_year"),
            ({"to_year": "2005"}, "from_year"),
            ({"lived_in_espoo": "sometimes"}, "lived_in_espoo"),
        ],
    )
    def test_what_is_refused(self, data: dict[str, str], field: str) -> None:
        assert wrong("period", data) == {field}

    def test_not_saying_where_one_lived_means_yes(self) -> None:
        assert changes("period", {})["lived_in_espoo"] == "yes"


class TestServices:
    def test_none_is_an_answer(self) -> None:
        assert changes("services", {}) == {"services": ()}

    def test_a_forged_one_is_refused(self) -> None:
        assert wrong("services", {"services": ["kela", "police"]}) == {"services"}


class TestHolders:
    def filled(self, data: dict[str, Any], *, desk: str = "") -> HoldersForm:
        filled = form("holders", data)
        assert isinstance(filled, HoldersForm)
        return filled.for_plan(selectable=("kela", "dvv"), desk=desk)

    def test_chosen_ones_are_taken(self) -> None:
        filled = self.filled({"holders": ["kela", "dvv"]})
        assert filled.is_valid()
        assert filled.changes() == {"holders": ("kela", "dvv"), "details": {}}

    @pytest.mark.parametrize("chosen", [[], ["stat"], ["kela", "stat"], ["desk"], [""]])
    def test_nobody_and_strangers_are_refused(self, chosen: list[str]) -> None:
        assert set(self.filled({"holders": chosen}).errors) == {"holders"}

    def test_the_desk_alone_is_enough_where_something_is_undecided(self) -> None:
        filled = self.filled({}, desk="desk")
        assert filled.is_valid()
        assert filled.changes() == {"holders": (), "details": {}}

    def test_the_desk_can_be_left_out_if_somebody_else_is_asked(self) -> None:
        assert set(self.filled({"without_desk": "on"}, desk="desk").errors) == {"holders"}
        assert self.filled({"without_desk": "on", "holders": ["kela"]}, desk="desk").is_valid()


ME = {"full_name": "Amina Testi", "birth_date": "1.5.1990"}


class TestAboutYou:
    def test_name_and_birthday_are_enough(self) -> None:
        found = changes("about-you", ME)
        assert (found["full_name"], found["birth_date"]) == ("Amina Testi", "1990-05-01")
        assert found["identity_code"] == found["street"] == ""

    def test_both_are_asked_for(self) -> None:
        assert wrong("about-you", {}) == {"full_name", "birth_date"}
        assert wrong("about-you", {"full_name": "\u202e \x00", "birth_date": " "}) == {
            "full_name",
            "birth_date",
        }

    @pytest.mark.parametrize("name", ["أمينة", "王小明", "Nguyễn Thị Ánh", "O’Brien <x>", "ئاسۆ", "Ö"])
    def test_a_name_may_be_in_any_script(self, name: str) -> None:
        assert changes("about-you", {**ME, "full_name": name})["full_name"] == unicodedata.normalize(
            "NFC", name
        )

    @pytest.mark.parametrize(
        ("field", "most"), [("full_name", 120), ("street", 120), ("postal_code", 12), ("city", 60)]
    )
    def test_lengths(self, field: str, most: int) -> None:
        assert changes("about-you", {**ME, field: "é" * most})[field] == "é" * most
        assert wrong("about-you", {**ME, field: "é" * (most + 1)}) == {field}

    @pytest.mark.parametrize(
        ("typed_phone", "kept"),
        [
            ("+358 40 123 4567", "+358 40 123 4567"),
            ("٠٤٠ ١٢٣٤٥٦٧", "040 1234567"),
            ("۰۴۰–۱۲۳۴۵۶۷", "040-1234567"),
            ("\N{FULLWIDTH PLUS SIGN}358(0)40/123", "+358(0)40/123"),
        ],
    )
    def test_phone_numbers(self, typed_phone: str, kept: str) -> None:
        assert changes("about-you", {**ME, "phone": typed_phone})["phone"] == kept

    @pytest.mark.parametrize("phone", ["1234", "call me", "040123456789012345678901", "+358 40 x"])
    def test_what_is_no_phone_number(self, phone: str) -> None:
        assert wrong("about-you", {**ME, "phone": phone}) == {"phone"}

    @pytest.mark.parametrize(
        "email", ["amina", "a@b", "a@@example.org", "a b@c", "@", "x" * 260 + "@example.org"]
    )
    def test_what_is_no_email(self, email: str) -> None:
        assert wrong("about-you", {**ME, "email": email}) == {"email"}

    def test_an_email_carries_no_second_line(self) -> None:
        # A line break becomes a space and is taken away, so that no header of a message can be added.
        found = changes("about-you", {**ME, "email": " amina@example.org\r\n"})
        assert found["email"] == "amina@example.org"
        assert wrong("about-you", {**ME, "email": "amina@example.org\r\nBcc: x@example.org"}) == {"email"}

    def test_a_postal_code_may_be_typed_in_other_digits(self) -> None:
        assert changes("about-you", {**ME, "postal_code": "٠٢٦٠٠"})["postal_code"] == "02600"

    @pytest.mark.parametrize("code", ["010594Y9032", "010594y9032", " 010594 Y9032 ", "٠١٠٥٩٤Y٩٠٣٢"])
    def test_an_identity_code(self, code: str) -> None:
        data = {**ME, "birth_date": "1.5.1994", "identity_code": code}
        assert changes("about-you", data)["identity_code"] == "010594Y9032"

    @pytest.mark.parametrize(
        ("code", "birthday"),
        [
            ("010594Y9033", "1.5.1994"),
            ("010594Y9032", "2.5.1994"),
            ("310294Y9032", "1.5.1994"),
            ("nonsense", "1.5.1994"),
        ],
    )
    def test_a_wrong_identity_code(self, code: str, birthday: str) -> None:
        data = {**ME, "birth_date": birthday, "identity_code": code}
        assert wrong("about-you", data) == {"identity_code"}

    def test_an_error_never_repeats_the_identity_code(self) -> None:
        data = {**ME, "birth_date": "1.5.1994", "identity_code": "010594Y9033"}
        assert "010594Y9033" not in str(form("about-you", data).errors)

    def test_browsers_may_fill_in_what_is_about_the_person(self) -> None:
        html = str(FORMS["about-you"](draft=Draft()).as_p())
        for token in ("name", "bday", "postal-code", "address-level2", "email", "tel", "off"):
            assert f'autocomplete="{token}"' in html


class TestAnswer:
    def test_by_post_needs_an_address(self) -> None:
        by_post = {"letter_language": "fi", "answer_by": "post"}
        assert wrong("answer", by_post) == {"street", "postal_code", "city"}
        found = changes("answer", {**by_post, **ADDRESS})
        assert found == {**by_post, **ADDRESS}

    def test_a_given_address_is_not_asked_for_again(self) -> None:
        draft = Draft(answers=replace(Answers(), **ADDRESS))  # type: ignore[arg-type]
        shown = FORMS["answer"](draft=draft)
        assert "street" not in shown.fields
        assert shown.initial["answer_by"] == "post"
        assert changes("answer", {"letter_language": "sv", "answer_by": "post"}, draft)["answer_by"] == "post"

    @pytest.mark.parametrize(("email", "way"), [("a@example.org", "email"), ("", "pickup")])
    def test_the_way_that_needs_nothing_more_is_preset(self, email: str, way: str) -> None:
        shown = FORMS["answer"](draft=Draft(answers=Answers(email=email)))
        assert shown.initial["answer_by"] == way
        assert changes("answer", {"letter_language": "fi", "answer_by": way})["answer_by"] == way

    def test_a_choice_once_made_stays(self) -> None:
        draft = Draft(answers=Answers(answer_by="email"), done={"answer"})
        assert FORMS["answer"](draft=draft).initial["answer_by"] == "email"

    def test_by_email_without_an_address_is_allowed(self) -> None:
        assert changes("answer", {"letter_language": "fi", "answer_by": "email"})["answer_by"] == "email"

    @pytest.mark.parametrize(
        "data", [{"letter_language": "ar", "answer_by": "pickup"}, {"answer_by": "pickup"}]
    )
    def test_letters_are_in_an_official_language(self, data: dict[str, str]) -> None:
        assert wrong("answer", data) == {"letter_language"}


DRAWN = json.dumps([[[10, 10], [60, 80], [120, 30]], [[200, 90], [260, 20]]])


class TestSign:
    def drawing(self, text: str, signature: str = "drawn") -> Any:
        filled = form("sign", {"signature": signature, "drawing": text})
        assert filled.is_valid(), filled.errors
        return filled.cleaned_data["drawing"]

    def test_strokes_are_read(self) -> None:
        assert self.drawing(DRAWN)[0] == ((10, 10), (60, 80), (120, 30))

    @pytest.mark.parametrize("text", ["", "[]", "[[[5,5]]]"])
    def test_nothing_and_a_slip_of_the_finger_are_no_drawing(self, text: str) -> None:
        assert self.drawing(text) == ()

    def test_a_drawing_that_is_not_wanted_is_not_kept(self) -> None:
        assert self.drawing(DRAWN, "hand") == ()
        assert self.drawing("{not json", "electronic") == ()

    @pytest.mark.parametrize(
        "text",
        [
            "{",
            "null",
            "7",
            '"x"',
            "{}",
            "[7]",
            "[[[1,2,3]]]",
            "[[[1.5,2]]]",
            "[[[true,2]]]",
            "[[[-1,2]]]",
            "[[[1001,2]]]",
            "[[[1,401]]]",
            "[[[1,NaN]]]",
            "[[[1," + "9" * 5000 + "]]]",
            "[" * 60_000,
            json.dumps([[[1, 2]] * (MAX_POINTS + 1)]),
            json.dumps([[[1, 2]] * 5] * 201),
            "[" + " " * MOST_DRAWING + "]",
        ],
    )
    def test_what_our_board_does_not_send_is_refused_where_it_is_seen(self, text: str) -> None:
        assert wrong("sign", {"signature": "drawn", "drawing": text}) == {"signature"}

    def test_a_drawing_of_the_largest_size_fits(self) -> None:
        points = [[1000, 400]] * MAX_POINTS
        assert len(self.drawing(json.dumps([points], separators=(",", ":")))[0]) == MAX_POINTS

    def test_emails_are_offered_where_they_can_be_sent(self, settings: Any) -> None:
        draft = Draft(answers=replace(Answers(), email="a@example.org"))
        settings.EMAIL_URL = ""
        assert "wants_notices" not in FORMS["sign"](draft=draft).fields
        settings.EMAIL_URL = "smtp://localhost"
        assert "wants_notices" in FORMS["sign"](draft=draft).fields
        assert "wants_notices" not in FORMS["sign"](draft=Draft()).fields
        assert changes("sign", {"signature": "hand", "wants_notices": "on"}, draft)["wants_notices"] is True
        assert changes("sign", {"signature": "hand", "wants_notices": "on"})["wants_notices"] is False
