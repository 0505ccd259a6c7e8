"""An editor, with all that editors may do, finds no filing, no case, no letter and no person anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from requests_app import permissions
from requests_app.actions.retention import PERSONAL_FIELDS
from requests_app.models import Case
from requests_app.web.staff import steps
from tests.factories import log_in, make_letter_ready, make_member, make_received_case, make_register
from tests.integration.test_isolation import FORMS, walk
from tests.small_faq import import_small_faq, make_editor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PERSON = ("Amina", "Testikatu", "amina@example.org", "+358401234567", "1990-05-01")


@pytest.fixture(autouse=True)
def _house() -> Iterator[None]:
    make_register()
    import_small_faq()
    yield
    cache.clear()


@pytest.fixture
def theirs() -> Case:
    case = make_received_case("kela")
    for letter in case.letters.all():
        make_letter_ready(letter)
    return case


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.cookies["staff_language"] = "en"
    return log_in(client, editor)


def test_no_address_of_a_case_opens_to_an_editor(desk: Client, theirs: Case) -> None:
    home = f"/staff/case/{theirs.id}/"
    letters = [f"{home}letter/{letter.id}.pdf" for letter in theirs.letters.all()]
    before = theirs.version
    for page in (home, *letters, *(f"{home}{slug}/" for slug in steps.STEPS), "/staff/search/"):
        assert desk.get(page).status_code == 404, page
    for slug, fields in FORMS.items():
        assert desk.post(f"{home}{slug}/", {"version": "2", **fields}).status_code == 404, slug
    assert desk.post("/staff/search/", {"q": theirs.filing.reference}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.version == before
    assert not theirs.events.filter(kind="opened").exists()


def test_no_query_of_the_staff_finds_an_editor_a_case(editor: User, theirs: Case) -> None:
    assert not permissions.cases_of(editor).exists()
    assert permissions.membership_for(editor, theirs) is None
    others = {name for name in editor.get_all_permissions() if not name.startswith("faq.")}
    assert others == {"requests_app.change_holdertext"}


def test_the_whole_of_the_staff_s_site_names_nobody_to_an_editor(
    desk: Client, theirs: Case, editor: User
) -> None:
    """Every address below /staff/, with something in the place of each argument, and with what is really there."""
    member = make_member("kela", name="kela-member")
    real = [
        f"/staff/admin/requests_app/{model._meta.model_name}/{key}/change/"
        for model in apps.get_app_config("requests_app").get_models()
        for key in ("1", "kela", theirs.id, theirs.filing_id)
    ]
    routes = [route for route in walk(get_resolver().url_patterns, "/") if route.startswith("/staff/")]
    for page in [
        *routes,
        *real,
        f"/staff/admin/auth/user/{member.user_id}/change/",
        "/staff/admin/auth/user/",
    ]:
        if "logout" in page:
            continue
        answer = desk.get(page)
        assert answer.status_code in (200, 302, 303, 403, 404, 405), page
        shown = answer.content.decode(errors="replace")
        assert not [word for word in (*PERSON, theirs.filing.reference, "kela-member") if word in shown], page


def test_the_admin_offers_an_editor_the_texts_and_nothing_else(desk: Client) -> None:
    page = desk.get("/staff/admin/").content.decode()

    assert "/staff/admin/faq/entry/" in page
    assert "/staff/admin/requests_app/holdertext/" in page
    for name in ("holder", "contact", "responsibility", "membership"):
        assert f"/staff/admin/requests_app/{name}/" not in page
        assert desk.get(f"/staff/admin/requests_app/{name}/").status_code == 403, name
    for path in ("auth/user/", "mfa/authenticator/"):
        assert f"/staff/admin/{path}" not in page
        assert desk.get(f"/staff/admin/{path}").status_code == 403


def test_the_admin_knows_no_model_with_personal_data() -> None:
    """Nothing that the list of personal fields names is registered, whoever asks."""
    personal = {name.partition(".")[0] for name in PERSONAL_FIELDS}
    registered = {
        model._meta.model_name for model in admin.site._registry if model._meta.app_label == "requests_app"
    }

    assert not personal & registered


def test_without_the_second_factor_an_editor_sees_nothing(client: Client, editor: User) -> None:
    log_in(client, editor, factor="")
    for page in ("/staff/admin/", "/staff/admin/faq/entry/", "/staff/admin/requests_app/holdertext/"):
        assert "/2fa/reauthenticate/" in client.get(page, follow=True).redirect_chain[-1][0]
    log_in(client, editor, factor="recovery_codes")
    for page in ("/staff/admin/", "/staff/admin/faq/entry/"):
        assert client.get(page).status_code == 302
