"""The editors' pages: who gets in, a text beside its source, saving, preview, history, notes, and hostile input."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.faq import publishing, revisions
from portal.faq.content import field_digest
from portal.faq.models import ChangeNote, Revision
from portal.faq.revisions import Compared, save
from portal.faq.units import GLOSSARY, EntryUnit, note_key
from portal.languages import BY_CODE, LANGUAGES
from tests.factories import log_in
from tests.small_faq import MINE, NOBODY, OTHER, import_small_faq, make_editor, state, status, the

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HOME = "/staff/admin/faq/entry/"


@pytest.fixture(autouse=True)
def _faq() -> None:
    import_small_faq(glossary=True)


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """The browser of an editor who is logged in with a second factor, in English."""
    client.cookies["staff_language"] = "en"
    return log_in(client, editor)


def address(*parts: str, key: str = MINE, language: str = "ar") -> str:
    return "/".join([f"{HOME}{key}", language, *parts, ""])


def body(response: Any, code: int = 200) -> str:
    assert response.status_code == code, response.content.decode()[:2000]
    return str(response.content.decode())


def form_of(page: str) -> dict[str, str]:
    """Return what a browser would send of the page's main form, without a button."""
    main = page.split('<form method="post" novalidate>', 1)[1].split("</form>", 1)[0]
    data = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            data[name[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', main, re.DOTALL):
        # A browser ends the lines of a text area with CR LF (HTML, "form submission").
        data[name] = html.unescape(text).replace("\r\n", "\n").replace("\n", "\r\n")
    data.pop("csrfmiddlewaretoken", None)
    return data


def send(
    desk: Client, language: str = "ar", *, key: str = MINE, status: str = "unreviewed", **changes: str
) -> Any:
    """Open a page, change some fields, press a button."""
    page = body(desk.get(address(key=key, language=language)))
    return desk.post(address(key=key, language=language), {**form_of(page), "status": status, **changes})


# ---------------------------------------------------------------------------------------------------------- the door

PAGES = (
    HOME,
    address(),
    address("preview"),
    address("history"),
    address("withdraw"),
    f"{HOME}{MINE}/notes/",
    f"{HOME}po/ar/",
    f"{HOME}po/ar/file/",
)


def test_the_pages_stand_behind_login_and_second_factor(client: Client, editor: User) -> None:
    for page in PAGES:
        assert "/staff/account/login/" in client.get(page, follow=True).redirect_chain[-1][0], page
    log_in(client, editor, factor="")
    for page in PAGES:
        assert "/2fa/reauthenticate/" in client.get(page, follow=True).redirect_chain[-1][0], page
    log_in(client, editor)
    for page in PAGES:
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("permission", ["", "view_entry"])
def test_staff_without_the_right_to_change_the_faq_get_403(client: Client, permission: str) -> None:
    other = make_editor("other")
    other.user_permissions.set(Permission.objects.filter(codename=permission))
    log_in(client, other)

    for page in PAGES:
        assert client.get(page).status_code == 403, page


def test_pages_are_kept_nowhere(desk: Client) -> None:
    for page in PAGES:
        assert "no-store" in desk.get(page).headers["Cache-Control"], page


def test_what_is_not_there_is_not_found(desk: Client) -> None:
    for page in (
        address(key="12-nothing"),
        address(language="xx"),
        address("history", "999999"),
        address("preview", key=GLOSSARY),
        f"{HOME}{GLOSSARY}/notes/",
        f"{HOME}po/fi/",
        f"{HOME}po/xx/file/",
        f"{HOME}{MINE}/notes/999999/",
    ):
        assert desk.get(page).status_code == 404, page


def test_the_admin_leads_here(desk: Client) -> None:
    assert f'href="{HOME}"' in body(desk.get("/staff/admin/"))
    assert "/add/" not in body(desk.get("/staff/admin/"))


# ---------------------------------------------------------------------------------------------------------- overview


def test_the_overview_has_every_text_in_every_language(desk: Client) -> None:
    save(the(MINE), "fi", {"short": "Uusi."}, status="unreviewed", by=NOBODY)
    save(the(OTHER), "ar", {}, status="reviewed", by=NOBODY)
    save(the(OTHER), "en", {"short": "New."}, status="draft", by=NOBODY)

    page = body(desk.get(HOME))

    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    assert len(rows) == 3
    for row in rows:
        assert len(re.findall(r"<td", row)) == len(LANGUAGES)
    mine = next(row for row in rows if f"{HOME}{MINE}/" in row)
    other = next(row for row in rows if f"{HOME}{OTHER}/" in row)
    assert mine.count("The Finnish text changed since") == 3
    assert other.count(">Reviewed<") == 1
    assert other.count("A draft waits") == 1


def test_the_overview_s_queries_do_not_grow_with_languages(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk.get(HOME)
    with django_assert_max_num_queries(20):
        desk.get(HOME)


# ------------------------------------------------------------------------------------------------------ side by side


def test_source_and_target_stand_each_in_their_language_and_direction(desk: Client) -> None:
    page = body(desk.get(address()))

    source = html.escape(the(MINE).text("question", "fi"))
    assert re.search(rf'<div class="source" lang="fi" dir="ltr">{re.escape(source)}</div>', page)
    assert re.search(r'<textarea[^>]*name="short"[^>]*lang="ar"[^>]*dir="rtl"', page)
    assert '<html lang="en" dir="ltr">' in page
    for note in ChangeNote.objects.filter(entry__slug=MINE):
        assert f'name="{note_key(note)}"' in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "style=" not in page
    assert "<script" not in page


def test_the_source_has_no_source(desk: Client) -> None:
    page = body(desk.get(address(language="fi")))

    assert 'class="source"' not in page
    assert "This is the source." in page


def test_what_changed_in_the_source_is_shown_escaped(desk: Client) -> None:
    former = the(MINE).text("short", "fi")
    save(the(MINE), "fi", {"short": f"{former} Ja 3 < 4 lisää."}, status="unreviewed", by=NOBODY)

    page = body(desk.get(address()))

    assert page.count("What changed in the Finnish text") == 1
    assert "<ins> Ja 3 &lt; 4 lisää.</ins>" in page
    assert 'name="fits-short"' in page
    assert 'name="fits-body"' not in page


def test_a_change_whose_former_words_are_lost_says_so(desk: Client) -> None:
    state(MINE, "ar", "short").__class__.objects.filter(field="short", translation__language="ar").update(
        source_digest="0" * 64
    )

    assert "Its former words are not in the history." in body(desk.get(address()))


def test_a_glossary_is_one_page(desk: Client) -> None:
    page = body(desk.get(address(key=GLOSSARY)))

    assert 'name="register_holder.term"' in page
    assert "rekisterinpitäjä" in page
    assert send(desk, key=GLOSSARY, **{"registry.text": "نص جديد."}).status_code == 303
    assert the(GLOSSARY).text("registry.text", "ar") == "نص جديد."


# ------------------------------------------------------------------------------------------------------------ saving


def test_sending_the_page_back_changes_nothing(desk: Client) -> None:
    answer = send(desk)

    assert answer.status_code == 303
    assert "Nothing was changed." in body(desk.get(answer["Location"]))
    assert revisions.history(the(MINE), "ar").count() == 1


def test_an_edit_is_public_and_signed(desk: Client, editor: User) -> None:
    answer = send(desk, short="نص قصير جديد.")

    assert "Published." in body(desk.get(answer["Location"]))
    newest = revisions.history(the(MINE), "ar")[0]
    assert (newest.user, newest.user_name, newest.origin) == (editor, "Maija M", "editor")
    assert str(publishing.entry(MINE, "ar").short) == "نص قصير جديد."  # type: ignore[union-attr]
    assert state(MINE, "ar", "short").user == editor
    assert state(MINE, "ar", "body").user is None
    assert "Maija M" in body(desk.get(answer["Location"]))


def test_an_editor_signs_off(desk: Client) -> None:
    send(desk, status="reviewed")

    assert status(MINE, "ar") == "reviewed"
    assert status(MINE, "sv") == "unreviewed"


def test_a_draft_is_shown_to_the_next_editor_and_to_no_reader(desk: Client, client: Client) -> None:
    before = publishing.entry(MINE, "ar")
    answer = send(desk, status="draft", short="مسودة قصيرة.")

    page = body(desk.get(answer["Location"]))
    assert "This is a draft. Readers do not see it." in page
    assert form_of(page)["short"] == "مسودة قصيرة."
    assert publishing.entry(MINE, "ar") == before
    dropped = desk.post(address("drop"))
    assert form_of(body(desk.get(dropped["Location"])))["short"] != "مسودة قصيرة."


def test_a_field_that_still_fits_is_confirmed(desk: Client) -> None:
    save(the(MINE), "fi", {"short": "Uusi.", "body": "Uusi vastaus."}, status="unreviewed", by=NOBODY)

    send(desk, **{"fits-short": "on"})

    made = revisions.made_from(the(MINE), "ar")
    assert made["short"] == field_digest("Uusi.")
    assert made["body"] != field_digest("Uusi vastaus.")
    assert "What changed in the Finnish text" in body(desk.get(address()))


def test_a_source_that_changed_while_one_wrote_is_not_taken_for_seen(desk: Client) -> None:
    page = body(desk.get(address()))
    save(the(MINE), "fi", {"short": "Uusi."}, status="unreviewed", by=NOBODY)

    desk.post(address(), {**form_of(page), "status": "reviewed", "short": "جديد."})

    assert publishing.entry(MINE, "ar").source_changed_on is not None  # type: ignore[union-attr]


def test_two_editors_are_told_of_each_other_and_lose_nothing(desk: Client) -> None:
    page = body(desk.get(address()))
    other = revisions.author(User.objects.create_user("other", first_name="Otto", last_name="Muu"))
    save(the(MINE), "ar", {"short": "نص الآخر."}, status="unreviewed", by=other)

    answer = desk.post(address(), {**form_of(page), "status": "unreviewed", "short": "نصي."})

    shown = body(answer, 409)
    assert "Somebody saved this text while you wrote" in shown
    assert "Otto Muu" in shown
    assert the(MINE).text("short", "ar") == "نص الآخر."
    again = {**form_of(shown), "status": "unreviewed"}
    assert again["short"] == "نصي."
    assert desk.post(address(), again).status_code == 303
    assert the(MINE).text("short", "ar") == "نصي."
    assert "نص الآخر." in [one.texts["short"] for one in revisions.history(the(MINE), "ar")]


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("body", "<script>alert(1)</script>", "HTML is not allowed here."),
        ("body", "[x](javascript:alert(1))", "A link begins with https:// or mailto:"),
        ("body", "![x](https://example.org/x.png)", "The page has no form for this: image."),
        ("short", "<img src=x onerror=alert(1)>", "HTML is not allowed here."),
        ("short", "a\r\n\r\nb", "Write one paragraph, without an empty line."),
        ("question", "right \u202eto left", "U+202E"),
        ("question", "x" * 301, "Write at most 300 characters."),
    ],
)
def test_hostile_and_broken_texts_are_refused_in_words(
    desk: Client, field: str, text: str, reason: str
) -> None:
    answer = send(desk, **{field: text})

    page = body(answer, 422)
    assert reason in html.unescape(page)
    assert "Something needs your attention" in page
    assert form_of(page)[field] == text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert revisions.history(the(MINE), "ar").count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"status": "published"}, {"status": ""}, {"seen": "x"}, {"seen": "-1"}, {"publish_at": "soon"}],
)
def test_forged_forms_are_refused(desk: Client, changes: dict[str, str]) -> None:
    page = body(desk.get(address()))

    answer = desk.post(address(), {**form_of(page), "status": "unreviewed", "short": "جديد.", **changes})

    assert answer.status_code == 422
    assert revisions.history(the(MINE), "ar").count() == 1


def test_a_form_without_a_token_is_refused(editor: User) -> None:
    strict = log_in(Client(enforce_csrf_checks=True), editor)
    assert strict.post(address(), {"status": "unreviewed"}).status_code == 403
    for part in ("drop", "withdraw"):
        assert strict.post(address(part)).status_code == 403


# ---------------------------------------------------------------------------------------------------------- planning


def local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_text_is_planned_in_finnish_time(desk: Client) -> None:
    moment = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)

    answer = send(desk, short="لاحقًا.", publish_at=local(moment))

    page = body(desk.get(answer["Location"]))
    assert "This text waits: readers get it on" in page
    assert Revision.objects.get(is_waiting=True).publish_at == moment
    assert form_of(page)["publish_at"] == local(moment)
    assert the(MINE).text("short", "ar") != "لاحقًا."
    revisions.publish_due(moment)
    assert the(MINE).text("short", "ar") == "لاحقًا."


def test_a_moment_that_is_over_or_a_draft_with_a_moment_is_refused(desk: Client) -> None:
    past, future = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    assert "This moment is over." in body(send(desk, short="x", publish_at=local(past)), 422)
    assert "A draft is not published." in body(
        send(desk, short="x", publish_at=local(future), status="draft"), 422
    )


# ----------------------------------------------------------------------------------------------------------- preview


def test_the_preview_is_the_real_page_with_the_draft(desk: Client) -> None:
    page = body(desk.get(address()))
    answer = desk.post(
        address(), {**form_of(page), "preview": "yes", "body": "**جريء** ونص [رابط](https://example.org)"}
    )
    assert answer["Location"] == address("preview")

    shown = desk.get(address("preview"))

    text = body(shown)
    assert '<html lang="ar" dir="rtl">' in text
    assert shown.headers["Content-Language"] == "ar"
    assert "no-store" in shown.headers["Cache-Control"]
    assert "<strong>جريء</strong>" in text
    assert "Preview: only editors see this page." in text
    assert 'lang="en"' in text.split("Preview: only editors")[0].rsplit("<div", 1)[1]
    assert "<strong>جريء</strong>" not in body(Client().get(f"/ar/faq/{MINE}/"))
    assert the(MINE).text("body", "ar") != "**جريء** ونص [رابط](https://example.org)"


def test_an_entry_that_is_not_public_has_a_preview(desk: Client) -> None:
    revisions.withdraw(the(MINE), "sv", by=NOBODY)
    assert Client().get(f"/ar/faq/{MINE}/").status_code == 404

    assert html.escape(the(MINE).text("question", "ar")) in body(desk.get(address("preview")))


# ----------------------------------------------------------------------------------------------------------- history


def test_the_history_tells_who_changed_what_and_restores(desk: Client) -> None:
    former = the(MINE).text("short", "ar")
    send(desk, short="واحد.")

    page = body(desk.get(address("history")))
    assert page.count("Maija M") >= 1
    assert "Short answer" in page
    assert "Read from the reviewed files" in page
    newest, first = revisions.history(the(MINE), "ar")
    detail = body(desk.get(address("history", str(newest.pk))))
    assert "<ins>واحد</ins>" in detail or "<ins>واحد.</ins>" in detail

    answer = desk.post(address("history", str(first.pk)), {"status": "unreviewed"})

    assert answer.status_code == 303
    assert the(MINE).text("short", "ar") == former
    assert revisions.history(the(MINE), "ar").count() == 3
    assert desk.post(address("history", str(first.pk)), {"status": "x"}).status_code == 422


def test_another_text_s_revision_is_not_found(desk: Client) -> None:
    foreign = revisions.history(the(OTHER), "ar")[0]
    assert desk.get(address("history", str(foreign.pk))).status_code == 404
    swedish = revisions.history(the(MINE), "sv")[0]
    assert desk.post(address("history", str(swedish.pk)), {"status": "reviewed"}).status_code == 404


def test_hostile_texts_in_the_history_do_no_harm(desk: Client) -> None:
    evil = "<script>alert(1)</script>"
    save(the(MINE), "ar", {"short": evil}, status="draft", by=NOBODY)
    save(the(MINE), "fi", {"short": evil}, status="unreviewed", by=NOBODY)
    newest = revisions.newest(the(MINE), "ar")

    for page in (address(), address("history"), address("history", str(newest)), address("preview"), HOME):
        assert evil not in body(desk.get(page)), page


# -------------------------------------------------------------------------------------------------------- withdrawing


def test_a_text_is_taken_away_and_given_back(desk: Client) -> None:
    assert "Its readers get the Finnish or English text instead" in body(desk.get(address("withdraw")))
    assert "readers of every language lose this text" in body(desk.get(address("withdraw", language="sv")))

    desk.post(address("withdraw"))

    view = publishing.entry(MINE, "ar")
    assert view is not None
    assert view.is_fallback
    assert "This text is not public" in body(desk.get(address()))
    assert revisions.history(the(MINE), "ar")[0].origin == "withdrawn"
    send(desk)
    assert not publishing.entry(MINE, "ar").is_fallback  # type: ignore[union-attr]


# -------------------------------------------------------------------------------------------------------------- notes


def notes() -> list[ChangeNote]:
    return list(ChangeNote.objects.filter(entry__slug=MINE).order_by("position"))


def test_a_note_is_added_written_and_translated(desk: Client) -> None:
    before = notes()
    answer = desk.post(f"{HOME}{MINE}/notes/", {"date": "2027-01-02"})
    assert answer["Location"] == address(language="fi")
    (new,) = [note for note in notes() if note not in before]
    shown = publishing.entry(MINE, "ar")
    assert shown is not None
    assert len(shown.notes) == len(before)

    send(desk, "fi", **{note_key(new): "Uusi asia."})
    texts = [(note.text, note.language.code) for note in publishing.entry(MINE, "ar").notes]  # type: ignore[union-attr]
    assert texts[-1] == ("Uusi asia.", "fi")
    send(desk, "ar", **{note_key(new): "أمر جديد."})
    texts = [(note.text, note.language.code) for note in publishing.entry(MINE, "ar").notes]  # type: ignore[union-attr]
    assert texts[-1] == ("أمر جديد.", "ar")


def test_a_note_gets_another_day(desk: Client) -> None:
    note = notes()[0]
    assert desk.post(f"{HOME}{MINE}/notes/{note.pk}/", {"date": "2027-03-04"}).status_code == 303
    note.refresh_from_db()
    assert str(note.date) == "2027-03-04"
    assert desk.post(f"{HOME}{MINE}/notes/{note.pk}/", {"date": "2027-02-30"}).status_code == 422
    assert desk.post(f"{HOME}{MINE}/notes/", {"date": ""}).status_code == 422


def test_a_note_that_is_taken_away_stays_in_the_history(desk: Client, editor: User) -> None:
    note = notes()[0]
    words = the(MINE).text(note_key(note), "ar")
    token = revisions.content_revision()

    desk.post(f"{HOME}{MINE}/notes/{note.pk}/", {"remove": "yes"})

    assert note not in notes()
    assert revisions.content_revision() != token
    newest, former = revisions.history(the(MINE), "ar")[:2]
    assert (newest.origin, newest.user) == ("notes", editor)
    assert former.texts[note_key(note)] == words
    assert note_key(note) not in newest.texts
    # Restoring what had the note brings back the rest.
    desk.post(address("history", str(former.pk)), {"status": "reviewed"})
    assert note not in notes()


def test_a_note_of_another_entry_is_not_found(desk: Client) -> None:
    other = ChangeNote.objects.filter(entry__slug=OTHER).first()
    assert other is not None
    assert desk.get(f"{HOME}{MINE}/notes/{other.pk}/").status_code == 404


# --------------------------------------------------------------------------------------------------------- every way


@pytest.mark.parametrize("staff_language", ["fi", "sv", "en"])
def test_the_pages_speak_the_staff_s_language(client: Client, editor: User, staff_language: str) -> None:
    client.cookies["staff_language"] = staff_language
    log_in(client, editor)
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200
        if page.endswith(("preview/", "file/")):
            continue
        assert f'<html lang="{staff_language}"' in answer.content.decode(), page


def test_every_language_has_its_page(desk: Client) -> None:
    for language in LANGUAGES:
        page = body(desk.get(address(language=language.code)))
        own = BY_CODE[language.code]
        assert re.search(rf'name="body"[^>]*lang="{own.html}"[^>]*dir="{own.direction}"', page), language.code


def test_questions_are_neither_added_nor_removed(desk: Client) -> None:
    entry = the(MINE)
    assert isinstance(entry, EntryUnit)
    for path in ("add/", f"{entry.entry.pk}/delete/", f"{entry.entry.pk}/change/"):
        assert desk.post(f"{HOME}{path}", {"post": "yes"}).status_code in (403, 404), path
    assert the(MINE).key == MINE
    page = body(desk.get(address()))
    assert not re.search(r'name="(slug|number|group|written)"', page)


def test_what_an_editor_wrote_outlives_the_next_import(desk: Client) -> None:
    send(desk, short="نص المحرر.")
    send(desk, key=GLOSSARY, **{"registry.text": "نص المحرر."})

    import_small_faq(glossary=True)

    assert the(MINE).text("short", "ar") == "نص المحرر."
    assert the(GLOSSARY).text("registry.text", "ar") == "نص المحرر."


def test_sources_beside_the_text_are_those_that_were_shown(desk: Client) -> None:
    data = form_of(body(desk.get(address())))
    assert data["source-short"] == field_digest(the(MINE).text("short", "fi"))
    save(the(MINE), "ar", {}, status="reviewed", by=NOBODY, compared=Compared(the(MINE).digests()))
    assert status(MINE, "ar") == "reviewed"
