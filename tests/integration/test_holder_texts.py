"""The words about authorities: editors change them, loading keeps them, and nobody gets more by it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from portal.languages import LANGUAGES
from requests_app.actions import register
from requests_app.models import Holder, Membership
from requests_app.rules.register import Register, read_register
from tests.factories import log_in, make_member, make_register
from tests.small_faq import make_editor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HOME = "/staff/admin/requests_app/holdertext/"


@pytest.fixture(autouse=True)
def _register() -> None:
    make_register()


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.cookies["staff_language"] = "en"
    return log_in(client, editor)


def reworded(**names: str) -> Register:
    """Return the reviewed register with another Swedish name for some holders."""
    reviewed = read_register()
    holders = tuple(
        replace(row, name=MappingProxyType({**row.name, "sv": names[row.key]})) if row.key in names else row
        for row in reviewed.holders
    )
    return replace(reviewed, holders=holders)


def swedish(key: str) -> str:
    return str(getattr(Holder.objects.get(key=key), register.column("name", "sv")))


def test_an_editor_s_words_are_shown_and_outlive_the_next_loading(desk: Client, editor: User) -> None:
    page = desk.get(f"{HOME}kela/sv/").content.decode()
    finnish = getattr(Holder.objects.get(key="kela"), register.column("asked_how", "fi"))
    assert html.escape(finnish) in page
    assert re.search(r'name="asked_how"[^>]*lang="sv"[^>]*dir="ltr"', page)

    answer = desk.post(f"{HOME}kela/sv/", {"name": "FPA (Kela)", "asked_how": "Ring\r\n först."})

    assert answer.status_code == 303
    assert swedish("kela") == "FPA (Kela)"
    with translation.override("sv"):
        assert Holder.objects.get(key="kela").asked_how == "Ring först."
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (editor, "kela", "sv: name, asked_how")
    register.load(read_register())
    assert swedish("kela") == "FPA (Kela)"


def test_loading_still_changes_what_no_editor_has_touched() -> None:
    register.save_texts("kela", "sv", name="FPA (Kela)", asked_how="Ring.")

    done = register.load(reworded(kela="Annan", omnia="Omnia nytt"))

    assert done.changed == 1
    assert swedish("kela") == "FPA (Kela)"
    assert swedish("omnia") == "Omnia nytt"
    assert register.load(reworded(kela="Annan", omnia="Omnia nytt")).changed == 0


def test_a_file_that_takes_over_the_editor_s_words_ends_the_difference() -> None:
    before = swedish("kela")
    words = register.column("asked_how", "sv")
    register.save_texts(
        "kela", "sv", name="FPA (Kela)", asked_how=getattr(Holder.objects.get(key="kela"), words)
    )
    register.load(reworded(kela="FPA (Kela)"))

    register.load(read_register())

    assert swedish("kela") == before


def test_the_words_of_an_older_database_follow_the_files() -> None:
    Holder.objects.update(loaded_texts={}, **{register.column("name", "sv"): "Gammalt"})

    register.load(read_register())

    assert swedish("kela") != "Gammalt"


@pytest.mark.parametrize(
    ("language", "fields"),
    [
        ("fi", {"name": "", "asked_how": "x"}),
        ("sv", {"name": " ", "asked_how": "x"}),
        ("ar", {"name": "x" * 121, "asked_how": "x"}),
        ("ar", {"name": "x", "asked_how": "x" * 1001}),
        ("ar", {"name": "right \u202eto left", "asked_how": "x"}),
        ("ar", {"name": "x", "asked_how": "\u2066x\u2069"}),
    ],
)
def test_what_cannot_be_is_refused(desk: Client, language: str, fields: dict[str, str]) -> None:
    before = list(Holder.objects.values())

    assert desk.post(f"{HOME}kela/{language}/", fields).status_code == 422
    assert list(Holder.objects.values()) == before


def test_hostile_words_do_no_harm(desk: Client) -> None:
    evil = "<script>alert(1)</script>"
    desk.post(f"{HOME}kela/en/", {"name": evil, "asked_how": evil})

    for page in (HOME, f"{HOME}kela/en/", "/en/who-holds-what/"):
        assert evil not in desk.get(page).content.decode(), page


def test_every_holder_and_language_has_its_page(desk: Client) -> None:
    page = desk.get(HOME).content.decode()
    for holder in Holder.objects.filter(retired_on=None):
        for language in LANGUAGES:
            assert f'href="{HOME}{holder.key}/{language.code}/"' in page
    for missing in ("nobody/sv/", "kela/xx/"):
        assert desk.get(f"{HOME}{missing}").status_code == 404


def test_only_who_may_change_them_gets_in(client: Client, editor: User) -> None:
    for page in (HOME, f"{HOME}kela/sv/"):
        assert "/staff/account/login/" in client.get(page, follow=True).redirect_chain[-1][0]
    editor.user_permissions.clear()
    log_in(client, editor)
    for page in (HOME, f"{HOME}kela/sv/"):
        assert client.get(page).status_code == 403
    assert client.post(f"{HOME}kela/sv/", {"name": "x", "asked_how": "x"}).status_code == 403
    log_in(client, make_member("kela"))
    assert client.get(HOME, follow=True).status_code == 404
    assert Membership.objects.count() == 1
