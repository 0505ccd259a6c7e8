"""Prepared pages: what the views answer, without the views, the session or a query; new as soon as something is."""

from __future__ import annotations

import contextlib
import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings as portal_settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import Settings

from portal.faq import notes, revisions
from portal.faq.content import SLUGS, read_content
from portal.faq.importing import import_answers
from portal.faq.models import ChangeNote
from portal.faq.revisions import Author
from portal.faq.units import Unit, unit_of
from portal.languages import LANGUAGES
from portal.prepared import middleware
from portal.prepared.folder import file_name
from portal.prepared.management.commands import publish
from portal.prepared.pages import PublicPage, public_paths
from portal.prepared.revision import revision
from requests_app.models import Contact, Holder, Responsibility
from tests.factories import make_register

pytestmark = [pytest.mark.any_database, pytest.mark.django_db(databases=["default", "keys"])]

CODES = [language.code for language in LANGUAGES]
MINE = SLUGS[7]
DECODE: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
PLAIN = "/en/privacy/"
"""A page that needs nothing stored."""


@pytest.fixture
def prepared(settings: Settings) -> None:
    """Prepared pages are on, and nothing is looked up again because of time."""
    settings.PREPARED_PAGES = True
    settings.PREPARED_SECONDS = 600


@pytest.fixture
def one_answer() -> None:
    """One answer in all languages."""
    import_answers([answer for answer in read_content() if answer.slug == MINE])


@pytest.fixture
def everything() -> None:
    """All answers and the register."""
    call_command("import_faq", stdout=StringIO())
    make_register()


@contextlib.contextmanager
def no_query() -> Iterator[None]:
    """See that neither database is asked anything meanwhile."""
    with (
        CaptureQueriesContext(connections["default"]) as data,
        CaptureQueriesContext(connections["keys"]) as keys,
    ):
        yield
    assert [*data.captured_queries, *keys.captured_queries] == []


def policy(response: Any) -> set[str]:
    """Return the directives of the Content-Security-Policy, whose order says nothing."""
    return set(response.headers["Content-Security-Policy"].split("; "))


def is_prepared(response: Any) -> bool:
    return bool(response.headers.get("Vary") == "Accept-Encoding")


# ------------------------------------------------------------------------------- the same page, in every language


@pytest.mark.usefixtures("everything")
def test_every_public_page_in_every_language_is_what_its_view_answers_and_light(
    client: Client, settings: Settings
) -> None:
    """Also look.md, "Weight": 12 kB of HTML, and a first view of 30 kB in four requests, whichever encoding.

    Each language is prepared; a few are asked of the views as well, which is as much work again.
    """
    others = ("Cache-Control", "Vary", "ETag", "Content-Length", "Content-Security-Policy")
    assert len(public_paths()) >= len(CODES) * (len(SLUGS) + 5)
    asked_twice = tuple(f"/{code}/" for code in {"fi", "ar", CODES[-1]})
    of_views = {path: client.get(path) for path in public_paths() if path.startswith(asked_twice)}
    settings.PREPARED_PAGES, settings.PREPARED_SECONDS = True, 600
    client.cookies["session"] = "a" * 32
    for path in public_paths():
        first = client.get(path)
        assert first.status_code == 200, path
        assert is_prepared(first), path
        if of_view := of_views.get(path):
            assert not is_prepared(of_view), path
            assert first.content == of_view.content, path
            assert policy(first) == policy(of_view), path
            for name in (first.headers.keys() | of_view.headers.keys()) - set(others):
                assert first.headers.get(name) == of_view.headers.get(name), (path, name)

        with no_query():
            again = {encoding: read(client, path, encoding) for encoding in ("br", "gzip", "")}
        for encoding, response in again.items():
            assert DECODE[encoding](response.content) == first.content, (path, encoding)
            assert response.headers.get("Content-Encoding", "") == encoding, path
            assert not response.cookies, path
            assert not hasattr(response.wsgi_request, "session"), path
        heaviest = max(len(again[encoding].content) for encoding in ("br", "gzip"))
        assert_light(path, html=first.content.decode(), weight=heaviest)


def read(client: Client, path: str, encoding: str) -> Any:
    """Return a page as a reader of Turkish gets it."""
    return client.get(path, headers={"Accept-Encoding": encoding, "Accept-Language": "tr"})


def assert_light(path: str, *, html: str, weight: int) -> None:
    """See that a page of `weight` bytes and what it loads at once are within look.md's limits."""
    tags = re.findall(r'<(?:link\s+rel="(?:icon|stylesheet)"|img|script)\b[^>]*>', html)
    loaded = {address for tag in tags for address in re.findall(r'(?:href|src)="([^"]+)"', tag)}
    root = Path(portal_settings.STATIC_ROOT)
    files = [root / address.removeprefix("/static/") for address in loaded]
    sizes = [len(gzip.compress(file.read_bytes())) for file in files]
    assert 1 < len(loaded) + 1 <= 4, (path, loaded)
    assert weight <= 12_000, (path, weight)
    assert weight + sum(sizes) <= 30_000, (path, weight, sizes)


@pytest.mark.usefixtures("prepared")
def test_the_headers_fit_browsers_and_caches_between(client: Client) -> None:
    response = client.get(PLAIN)

    assert response.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=3600"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["ETag"])
    assert response.headers["Content-Length"] == str(len(response.content))
    assert "Set-Cookie" not in response.headers
    assert response.headers["Content-Language"] == "en"
    again = client.get(PLAIN, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert policy(again) == policy(response)
    assert again.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("prepared")
def test_the_redirect_to_https_and_its_headers_stay(settings: Settings) -> None:
    settings.BASE_URL = "https://testserver"
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    client = Client()

    there = client.get(PLAIN)
    assert (there.status_code, there.headers["Location"]) == (301, f"https://testserver{PLAIN}")
    pages = [client.get(PLAIN, secure=True) for _ in range(2)]
    settings.PREPARED_PAGES = False
    of_view = client.get(PLAIN, secure=True)
    for page in pages:
        assert is_prepared(page)
        for name in ("Strict-Transport-Security", "Cross-Origin-Opener-Policy", "Referrer-Policy"):
            assert page.headers[name] == of_view.headers[name]


@pytest.mark.usefixtures("prepared")
def test_head_has_the_headers_and_no_content(client: Client) -> None:
    for encoding in ("br", "gzip", ""):
        got = client.get(PLAIN, headers={"Accept-Encoding": encoding})
        head = client.head(PLAIN, headers={"Accept-Encoding": encoding})
        assert head.status_code == 200
        assert head.headers == got.headers
        assert head.content == b""


@pytest.mark.parametrize("path", ["/en/", PLAIN, "/en/accessibility/", "/en/faq/", "/en/who-holds-what/"])
def test_the_views_themselves_answer_conditions_as_well(client: Client, path: str) -> None:
    first = client.get(path)
    assert not is_prepared(first)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


# ------------------------------------------------------------------------------------------- what goes the normal way


@pytest.mark.usefixtures("prepared", "one_answer")
def test_what_is_not_on_the_list_goes_the_normal_way(client: Client) -> None:
    assert is_prepared(client.get(f"/en/faq/{MINE}/"))
    for path in ("/en/verify/", "/en/request/", "/en/track/", "/healthz", "/staff/account/login/"):
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        assert not is_prepared(response), path


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("slug", ["unknown", MINE])
def test_an_answer_that_is_not_there_is_a_404_in_the_readers_language(client: Client, slug: str) -> None:
    for code in ("ar", "sv"):
        for _ in range(2):
            response = client.get(f"/{code}/faq/{slug}/")
            assert response.status_code == 404
            assert f'<html lang="{code}"' in response.content.decode()
            assert not is_prepared(response)


@pytest.mark.usefixtures("prepared")
def test_a_query_is_never_answered_from_memory_nor_kept(client: Client) -> None:
    before = client.get(PLAIN)
    with_query = client.get(f"{PLAIN}?utm=%3Cscript%3E")

    assert with_query.status_code == 200
    assert not is_prepared(with_query)
    assert client.get(PLAIN).content == before.content
    assert "utm" not in client.get(PLAIN).content.decode()


@pytest.mark.usefixtures("prepared")
def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    assert is_prepared(client.get(PLAIN))
    assert client.get(PLAIN, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.usefixtures("prepared")
def test_below_a_prefix_nothing_is_prepared(client: Client) -> None:
    assert is_prepared(client.get(PLAIN))
    response = client.get(PLAIN, SCRIPT_NAME="/below")
    assert response.status_code == 200
    assert not is_prepared(response)


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_other_methods_are_refused_as_ever(client: Client, method: str) -> None:
    assert getattr(client, method)(PLAIN).status_code == 405


@pytest.mark.usefixtures("prepared")
def test_a_page_that_is_not_for_everybody_is_not_kept_even_when_listed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lists the wrong page finds it served as before, and a line in the log."""
    wrong = {"/en/verify/": PublicPage("verify")}
    monkeypatch.setattr(middleware, "public_paths", lambda: wrong)
    for _ in range(2):
        response = client.get("/en/verify/")
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.usefixtures("prepared")
def test_a_fault_that_passes_is_tried_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("portal.pages.views.notice_languages", lambda name: 1 / 0)
    assert client.get(PLAIN).status_code == 500
    monkeypatch.undo()
    assert is_prepared(client.get(PLAIN))


@pytest.mark.usefixtures("prepared")
def test_while_another_prepares_the_view_answers(client: Client) -> None:
    client.get("/healthz")
    pages = find(client)
    with pages._preparing:
        response = client.get(PLAIN)
    assert response.status_code == 200
    assert not is_prepared(response)
    assert is_prepared(client.get(PLAIN))


def find(client: Client) -> middleware.PreparedPages:
    """Return the middleware of a client whose chain is made."""
    link: Any = vars(client.handler)["_middleware_chain"]
    while not isinstance(link, middleware.PreparedPages):
        link = getattr(link, "__wrapped__", None) or link.get_response
    return link


# ----------------------------------------------------------------------------------------------- new where changed


def change_the_question() -> None:
    """Import a file in which an editor of the repository changed a word."""
    answers = [answer for answer in read_content() if answer.slug == MINE]
    import_answers([replace(one, question="Changed?") if one.language == "en" else one for one in answers])


@pytest.mark.usefixtures("prepared", "one_answer")
def test_each_process_shows_a_change_when_its_time_is_over_and_its_own_at_once(settings: Settings) -> None:
    """Each test client has a chain of middleware of its own, as each process has."""
    path = f"/en/faq/{MINE}/"
    here, there = Client(), Client()
    old = here.get(path)
    assert there.get(path).headers["ETag"] == old.headers["ETag"]

    change_the_question()
    with no_query():
        assert here.get(path).content == old.content
    here.post("/en/verify/", {"code": "what residents send changes nothing"})
    with no_query():
        assert here.get(path).content == old.content
    # Whatever an editor sends may be public.
    here.post("/staff/language/", {"language": "fi", "next": "/staff/"})
    new = here.get(path)
    assert is_prepared(new)
    assert "Changed?" in new.content.decode()
    assert new.headers["ETag"] != old.headers["ETag"]
    assert here.get(path, headers={"If-None-Match": old.headers["ETag"]}).status_code == 200

    assert there.get(path).content == old.content
    settings.PREPARED_SECONDS = 0
    find(there)._watch._known_until = 0.0  # Its time is over.
    for _ in range(2):
        assert there.get(path).headers["ETag"] == new.headers["ETag"]


@pytest.mark.usefixtures("prepared", "one_answer")
def test_a_page_that_comes_or_goes_does_so(client: Client, settings: Settings) -> None:
    settings.PREPARED_SECONDS = 0
    path = f"/en/faq/{MINE}/"
    assert is_prepared(client.get(path))
    # An answer is public while both official languages have it.
    revisions.withdraw(unit(), "sv", by=Author())
    assert client.get(path).status_code == 404
    save("sv", status="unreviewed")
    assert is_prepared(client.get(path))


@pytest.mark.usefixtures("prepared")
def test_while_the_database_is_away_pages_are_still_there(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PREPARED_SECONDS = 0
    before = client.get(PLAIN)

    def away() -> str:
        raise OperationalError

    monkeypatch.setattr("portal.faq.revisions.content_revision", away)
    after = client.get(PLAIN)
    assert is_prepared(after)
    assert after.content == before.content
    assert not is_prepared(Client().get(PLAIN))


def unit() -> Unit:
    """Return the one answer as its editors see it."""
    found = unit_of(MINE)
    assert found
    return found


def save(language: str, *, status: str, publish_at: datetime | None = None, **texts: str) -> None:
    """Save the answer in one language as an editor would."""
    whole = {**unit().texts(language), **texts}
    assert revisions.save(unit(), language, whole, status=status, by=Author(), publish_at=publish_at)


def wait_for_the_moment() -> None:
    """Let an editor's text that is to go out in an hour do so."""
    moment = timezone.now() + timedelta(hours=1)
    before = revision()
    save("en", status="unreviewed", publish_at=moment, short="In an hour.")
    assert revision() == before
    assert revisions.publish_due(moment) == 1


CHANGES: dict[str, Callable[[], object]] = {
    "an import": change_the_question,
    "an edit": lambda: save("en", status="unreviewed", short="Yes."),
    "a review": lambda: save("en", status="reviewed"),
    "an edit whose moment has come": wait_for_the_moment,
    "a withdrawal": lambda: revisions.withdraw(unit(), "en", by=Author()),
    "the day of a note": lambda: notes.move_note(ChangeNote.objects.all()[0], day=date(2027, 1, 1)),
    "a note less": lambda: notes.remove_note(ChangeNote.objects.all()[0], by=Author()),
    "a contact": lambda: Contact.objects.filter(kind="phone").update(status="unconfirmed"),
    "a holder's name in one language": lambda: Holder.objects.filter(key="kela").update(name_ar="x"),
    "a holder less": lambda: Holder.objects.filter(key="dvv").update(retired_on=timezone.localdate()),
    "a rule": lambda: Responsibility.objects.filter(category="tax").update(asked_to=timezone.localdate()),
}


@pytest.mark.usefixtures("one_answer")
def test_whatever_is_public_changes_the_revision(settings: Settings) -> None:
    make_register()
    seen = [revision()]
    assert revision() == seen[0]
    for language in CODES:
        with translation.override(language):
            assert revision() == seen[0]
    for change in CHANGES.values():
        change()
        seen.append(revision())
    for name in ("OPERATOR", "OPERATOR_EMAIL", "BASE_URL"):
        setattr(settings, name, "https://another.example")
        seen.append(revision())
    names = ["none", *CHANGES, "OPERATOR", "OPERATOR_EMAIL", "BASE_URL"]
    assert [name for name, one in zip(names, seen, strict=True) if seen.count(one) > 1] == []


def test_the_day_turns_in_helsinki(monkeypatch: pytest.MonkeyPatch) -> None:
    def at(hour: int, minute: int) -> str:
        moment = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return revision()

    assert at(8, 0) == at(21, 59)
    assert at(21, 59) != at(22, 1)


# ---------------------------------------------------------------------------------------------------------- publishing


def published(folder: Path) -> str:
    """Publish to a folder, and return what the command said."""
    out = StringIO()
    call_command("publish", folder, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("one_answer", "prepared")
def test_published_files_are_the_bytes_that_the_portal_sends(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, entry = tmp_path / "public", f"/en/faq/{MINE}/"
    few = (PLAIN, entry, f"/ar/faq/{MINE}/", "/fi/", "/fi/who-holds-what/", f"/fi/faq/{SLUGS[0]}/")
    assert set(few) <= public_paths().keys()
    monkeypatch.setattr(publish, "public_paths", lambda: few)

    assert published(folder) == "publish: 15 files written, 0 unchanged, 0 removed\n"
    endings = {"": "", "br": ".br", "gzip": ".gz"}
    for path in few[:-1]:
        for encoding, ending in endings.items():
            sent = client.get(path, headers={"Accept-Encoding": encoding})
            assert is_prepared(sent)
            assert (folder / f"{file_name(path)}{ending}").read_bytes() == sent.content, path
    assert not (folder / file_name(few[-1])).exists()  # It is not imported: a 404 of the portal's own.
    assert published(folder) == "publish: nothing has changed\n"

    change_the_question()
    assert published(folder) == "publish: 3 files written, 12 unchanged, 0 removed\n"
    assert b"Changed?" in (folder / file_name(entry)).read_bytes()

    revisions.withdraw(unit(), "fi", by=Author())
    assert re.fullmatch(r"publish: \d+ files written, \d+ unchanged, 6 removed\n", published(folder))
    assert not list(folder.rglob(MINE))


def test_a_page_that_fails_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {PLAIN: PublicPage("pages:privacy"), "/en/verify/": PublicPage("verify")}
    monkeypatch.setattr(publish, "public_paths", lambda: wrong)
    with pytest.raises(CommandError, match=r"not published: /en/verify/: sets a cookie"):
        published(tmp_path / "public")
    assert not (tmp_path / "public").exists()


def test_a_folder_that_is_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(CommandError, match=r"not published: .* is not empty"):
        published(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter"]
