"""The FAQ from its files to its pages: import beside editors' work, publishing, and what a reader gets."""

from __future__ import annotations

import gzip
import re
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from portal.faq import publishing
from portal.faq.content import CONTENT, GROUPS, SLUGS
from portal.faq.glossary_files import KEYS
from portal.faq.models import ChangeNote, Entry, FieldState, Revision, Translation
from portal.faq.revisions import Author, content_revision, history, save
from portal.faq.stored import FIELDS, column
from portal.faq.units import unit_of
from portal.languages import BY_CODE, DEFAULT, LANGUAGES
from tests.imported_faq import import_all

pytestmark = pytest.mark.django_db

CODES = [language.code for language in LANGUAGES]
MINE = SLUGS[7]
ASK = SLUGS[10]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reviewed files that a test may change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
def faq() -> None:
    """The reviewed files, imported."""
    import_all()


def run(folder: Path = CONTENT) -> str:
    """Import a folder and return what the command said."""
    out = StringIO()
    call_command("import_faq", folder=folder, stdout=out)
    return out.getvalue()


def change(folder: Path, language: str, slug: str, old: str, new: str) -> None:
    place = folder / language / f"{slug}.md"
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")


def write(slug: str, language: str, **texts: str) -> None:
    """Store texts as an editor would."""
    Entry.objects.filter(slug=slug).update(**{column(name, language): text for name, text in texts.items()})


def stored(slug: str, name: str, language: str) -> str:
    return str(getattr(Entry.objects.get(slug=slug), column(name, language)) or "")


def state(slug: str, language: str) -> Translation:
    return Translation.objects.get(entry__slug=slug, language=language)


def everything() -> list[Any]:
    """Return every stored row of the FAQ, with the moments of its writing."""
    return [
        list(Entry.objects.order_by("pk").values()),
        list(ChangeNote.objects.order_by("pk").values()),
        list(Translation.objects.order_by("pk").values()),
    ]


# ------------------------------------------------------------------------------------------------------- import


def test_the_reviewed_files_are_imported_whole() -> None:
    said = run()

    assert Entry.objects.count() == len(SLUGS)
    number = sum(1 for _ in CONTENT.glob("*/*.md"))
    assert Translation.objects.filter(status="unreviewed").exclude(entry=None).count() == number
    none = "0 changed, 0 unchanged, 0 kept as an editor left them\n"
    words = len(KEYS) * sum(1 for _ in CONTENT.glob("*/glossary.toml"))
    assert said == f"faq: {number} made, {none}glossary: {words} made, {none}"
    entry = Entry.objects.get(slug=MINE)
    assert (entry.number, entry.group, entry.written) == (8, "mine", "2021")
    assert [other.number for other in entry.related.all()] == [4, 5]
    assert entry.notes.count() == 3


def test_a_second_import_writes_nothing() -> None:
    run()
    before = everything()

    assert " 0 made, 0 changed, " in run()
    assert everything() == before


@pytest.mark.parametrize("active", CODES)
def test_the_column_without_a_language_is_the_default_one_s(active: str) -> None:
    with translation.override(active):
        run()

    entry = Entry.objects.rewrite(False).values_list("question", column("question", DEFAULT)).get(slug=MINE)
    assert entry[0] == entry[1]


def test_a_changed_file_changes_its_language_alone(folder: Path) -> None:
    run(folder)
    before = everything()
    change(folder, "en", MINE, "question: Is my", "question: Really, is my")

    assert " 0 made, 1 changed, " in run(folder)
    assert stored(MINE, "question", "en").startswith("Really")
    after = everything()
    assert [row for row in after[2] if row not in before[2]] == [
        row for row in after[2] if row["id"] == state(MINE, "en").pk
    ]
    assert after[1] == before[1]


@pytest.mark.parametrize("name", FIELDS)
def test_an_editor_s_text_is_never_overwritten(folder: Path, name: str) -> None:
    run(folder)
    write(MINE, "fi", **{name: "Toimittajan teksti."})
    change(folder, "fi", MINE, "Espoossa", "Helsingissä")
    change(folder, "sv", MINE, "Esbo", "Helsingfors")

    said = run(folder)

    assert f"kept: fi/{MINE}\n" in said
    assert "1 changed" in said
    assert stored(MINE, name, "fi") == "Toimittajan teksti."
    assert "Helsingissä" not in stored(MINE, "short", "fi") + stored(MINE, "body", "fi")
    assert "Helsingfors" in stored(MINE, "short", "sv")


def test_an_editor_s_text_is_kept_where_the_file_has_not_changed(folder: Path) -> None:
    run(folder)
    write(MINE, "fi", short="Toimittajan teksti.")

    assert f"kept: fi/{MINE}\n" in run(folder)
    assert stored(MINE, "short", "fi") == "Toimittajan teksti."


def test_a_file_that_takes_over_the_editor_s_text_ends_the_difference(folder: Path) -> None:
    run(folder)
    write(MINE, "en", question="Am I in it?")
    change(
        folder, "en", MINE, "question: Is my information, or my client's, included?", "question: Am I in it?"
    )

    assert "0 kept" in run(folder)

    change(folder, "en", MINE, "question: Am I in it?", "question: And now?")
    assert "1 changed" in run(folder)
    assert stored(MINE, "question", "en") == "And now?"


def test_an_editor_s_note_is_never_overwritten(folder: Path) -> None:
    run(folder)
    ChangeNote.objects.filter(entry__slug=MINE, position=1).update(
        **{column("text", "en"): "An editor's note."}
    )
    change(folder, "en", MINE, "The period for which", "The time for which")

    assert f"kept: en/{MINE}\n" in run(folder)
    note = ChangeNote.objects.get(entry__slug=MINE, position=1)
    assert getattr(note, column("text", "en")) == "An editor's note."


def test_beside_an_editor_s_note_another_language_still_changes(folder: Path) -> None:
    run(folder)
    entry = Entry.objects.get(slug=MINE)
    with translation.override("fi"):
        ChangeNote.objects.create(entry=entry, position=9, date="2027-01-01", text_fi="Lisätty.")
    change(folder, "sv", MINE, "    text: >-\n      ", "    text: >-\n      Obs. ")

    said = run(folder)

    assert "1 changed" in said
    assert f"kept: fi/{MINE}\n" in said
    assert getattr(ChangeNote.objects.get(position=9), column("text", "fi")) == "Lisätty."
    assert entry.notes.count() == 4
    assert "0 made, 0 changed" in run(folder)


def test_files_add_and_take_away_notes_where_no_editor_has_been(folder: Path) -> None:
    run(folder)
    more = "changed:\n  - date: 2026-12-01\n    text: More.\n"
    for language in CODES:
        change(folder, language, MINE, "changed:\n", more)
    assert f"{len(CODES)} changed" in run(folder)
    notes = Entry.objects.get(slug=MINE).notes.all()
    assert [str(note.date) for note in notes] == ["2026-12-01", *["2026-11-24"] * 3]
    assert getattr(notes[0], column("text", "en")) == "More."

    shutil.rmtree(folder)
    shutil.copytree(CONTENT, folder)
    assert f"{len(CODES)} changed" in run(folder)
    assert [str(note.date) for note in Entry.objects.get(slug=MINE).notes.all()] == ["2026-11-24"] * 3


def test_files_that_change_the_number_of_notes_wait_for_the_editor(folder: Path) -> None:
    run(folder)
    write(MINE, "fi", short="Toimittajan teksti.")
    for language in CODES:
        change(folder, language, MINE, "changed:\n", "changed:\n  - date: 2026-12-01\n    text: More.\n")
    before = everything()

    said = run(folder)

    assert sorted(re.findall("kept: (.*)", said)) == sorted(f"{code}/{MINE}" for code in CODES)
    assert everything() == before


def test_reviewed_stays_while_the_text_stays(folder: Path) -> None:
    run(folder)
    Translation.objects.filter(entry__slug=MINE, language="en").update(status="reviewed")

    run(folder)
    assert state(MINE, "en").status == "reviewed"

    change(folder, "en", MINE, "question: Is my", "question: Really, is my")
    run(folder)
    assert state(MINE, "en").status == "unreviewed"


def test_what_a_person_withdrew_stays_withdrawn(folder: Path) -> None:
    run(folder)
    Translation.objects.filter(entry__slug=MINE, language="en").update(status="draft")

    run(folder)

    assert state(MINE, "en").status == "draft"


def test_a_file_may_say_reviewed(folder: Path) -> None:
    run(folder)
    change(folder, "en", MINE, "status: unreviewed", "status: reviewed")

    run(folder)

    assert state(MINE, "en").status == "reviewed"


def test_a_broken_file_is_refused_whole(folder: Path) -> None:
    change(folder, "sv", ASK, 'written: "2021"', "written: 2021")

    with pytest.raises(
        CommandError, match=rf"Nothing was imported. sv/{ASK}.md, line \d+: written must be a text"
    ):
        run(folder)

    assert not Entry.objects.exists()
    assert not Translation.objects.exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nothing was imported\."):
        run(tmp_path / "nowhere")


# -------------------------------------------------------------------------------------------------------- pages


def text_of(response: Any) -> str:
    return str(response.content.decode())


def get(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return text_of(response)


def without_data(html: str) -> str:
    """Leave out the block of data for search engines, a script element that nothing runs, if it is a whole one."""
    return re.sub(r'<script type="application/ld\+json">{[^<>]*}</script>', "", html, count=1)


def part(html: str, first: str, last: str) -> str:
    """Return what stands between two marks."""
    return html.split(first, 1)[1].split(last, 1)[0]


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_the_list_has_every_question_in_plain_groups(client: Client, code: str) -> None:
    html = part(get(client, f"/{code}/faq/"), "<main", "</main>")

    numbers = [number for group in GROUPS.values() for number in group]
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', html) == [SLUGS[number - 1] for number in numbers]
    assert "<details" not in html
    assert html.count("<h2") == len(GROUPS) + 1
    for slug in SLUGS:
        assert stored(slug, "question", code).replace("'", "&#x27;") in html


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_every_entry_in_every_language(client: Client, code: str) -> None:
    language = BY_CODE[code]
    for slug in SLUGS:
        response = client.get(f"/{code}/faq/{slug}/")
        html = text_of(response)

        assert response.status_code == 200
        assert f'<html lang="{language.html}" dir="{language.direction}">' in html
        assert response.headers["Content-Language"] == language.html
        main = part(html, "<main", "</main>")
        question = stored(slug, "question", code).replace("'", "&#x27;")
        assert re.search(rf"<h1[^>]*>{re.escape(question)}</h1>", main)
        # The short answer comes first, then the answer, then what has changed since, beside it.
        places = [main.index(mark) for mark in ("<h1", 'class="short-answer"', 'class="prose"', "<aside")]
        assert places == sorted(places)
        assert 'href="https://espooskillscentrestudy.fi/"' in main
        assert "Maahanmuuttajien osaamiskeskuksen analytiikka-/tekoälytutkimus" in main or code == "fi"
        assert "2021" in part(main, "</h1>", 'class="short-answer"')
        assert "<script" not in without_data(html)
        assert "style=" not in html


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_search_engines_find_the_other_languages(client: Client, code: str) -> None:
    from django.conf import settings

    for path in (f"faq/{MINE}/", "faq/"):
        head = part(get(client, f"/{code}/{path}"), "<head>", "</head>")
        found = dict(re.findall(r'rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', head))

        assert found == {
            **{language.html: f"{settings.BASE_URL}/{language.code}/{path}" for language in LANGUAGES},
            "x-default": f"{settings.BASE_URL}/{DEFAULT}/{path}",
        }
        assert re.search(r'rel="canonical"\s+href="([^"]+)"', head)[1] == f"{settings.BASE_URL}/{code}/{path}"  # type: ignore[index]


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("path", ["/ar/faq/", f"/ar/faq/{ASK}/"])
def test_pages_may_be_kept_and_are_sent_once(client: Client, path: str) -> None:
    first = client.get(path)

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in first.headers
    assert not first.cookies
    assert "Cookie" not in first.headers.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["Cache-Control"] == "public, max-age=300"

    Entry.objects.filter(slug=ASK).update(**{column("question", "ar"): "سؤال جديد؟"})
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("path", ["/fi/faq/", f"/fi/faq/{ASK}/"])
def test_a_session_is_neither_read_nor_made(client: Client, path: str) -> None:
    client.cookies["session"] = "a" * 32
    response = client.get(path)

    assert response.status_code == 200
    assert not response.wsgi_request.session.accessed
    assert not response.cookies


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_the_number_of_queries_is_constant(
    client: Client, code: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        client.get(f"/{code}/faq/")
    for slug in SLUGS:
        with django_assert_num_queries(8):
            client.get(f"/{code}/faq/{slug}/")
    write(MINE, "en", short="")
    with django_assert_num_queries(8):
        client.get(f"/en/faq/{MINE}/")


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_an_unknown_question_is_not_found_in_the_reader_s_language(client: Client, code: str) -> None:
    for path in (f"/{code}/faq/12-more/", f"/{code}/faq/{SLUGS[0]}x/", f"/{code}/faq/08/"):
        response = client.get(path)

        assert response.status_code == 404
        assert f'<html lang="{BY_CODE[code].html}" dir="{BY_CODE[code].direction}">' in text_of(response)
        assert f'href="/{code}/faq/"' in text_of(response)
        assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("path", ["/fi/faq/", f"/fi/faq/{ASK}/"])
def test_pages_take_nothing(client: Client, path: str) -> None:
    assert client.post(path, {"x": "1"}).status_code == 405
    assert client.head(path).status_code == 200


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_two_answers_lead_into_the_wizard_and_one_to_the_self_check(client: Client, code: str) -> None:
    wizard, self_check = f"/{code}/request/", f"/{code}/am-i-included/"
    ways_on = {MINE: {wizard, self_check}, ASK: {wizard}}
    for slug in SLUGS:
        main = part(get(client, f"/{code}/faq/{slug}/"), "<main", "</main>")
        buttons = re.findall(r'<a class="button"\s+href="([^"]+)"', main)
        assert set(buttons) == ways_on.get(slug, set())


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_related_and_neighbouring_questions(client: Client, code: str) -> None:
    main = part(get(client, f"/{code}/faq/{SLUGS[4]}/"), "<main", "</main>")
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', main) == [SLUGS[3], SLUGS[7], SLUGS[3], SLUGS[5]]

    first = part(get(client, f"/{code}/faq/{SLUGS[0]}/"), "<main", "</main>")
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', first) == [SLUGS[2], SLUGS[1]]
    last = part(get(client, f"/{code}/faq/{SLUGS[10]}/"), "<main", "</main>")
    assert re.findall(rf'href="/{code}/faq/([\w-]+)/"', last) == [SLUGS[8], SLUGS[9]]


@pytest.mark.usefixtures("faq")
def test_what_has_changed_since_stands_beside_the_answer(client: Client) -> None:
    main = part(get(client, f"/en/faq/{SLUGS[8]}/"), "<main", "</main>")
    aside = part(main, "<aside", "</aside>")

    assert "Article 21(6)" in aside
    assert 'datetime="2026-11-24"' in aside
    assert "Article 21(6)" not in main.replace(aside, "")


@pytest.mark.usefixtures("faq")
def test_an_unreviewed_text_says_so(client: Client) -> None:
    sentence = "No person has reviewed this text yet."
    assert sentence in get(client, f"/en/faq/{MINE}/")

    Translation.objects.filter(entry__slug=MINE, language="en").update(status="reviewed")

    assert sentence not in get(client, f"/en/faq/{MINE}/")
    assert sentence in get(client, f"/en/faq/{ASK}/")


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("missing", [*FIELDS, "everything", "published"])
def test_a_missing_translation_falls_back_and_says_so(client: Client, missing: str) -> None:
    if missing == "published":
        Translation.objects.filter(entry__slug=MINE, language="ar").update(status="draft")
    else:
        names = FIELDS if missing == "everything" else (missing,)
        Entry.objects.filter(slug=MINE).update(**{column(name, "ar"): None for name in names})

    others = [code for code in CODES if code != "ar"]
    response = client.get(f"/ar/faq/{MINE}/")
    html = text_of(response)

    assert response.status_code == 200
    assert response.headers["Content-Language"] == "ar, fi"
    assert '<html lang="ar" dir="rtl">' in html
    main = part(html, "<main", "</main>")
    assert f'<h1 lang="fi" dir="ltr">{stored(MINE, "question", "fi")}</h1>' in main
    assert stored(MINE, "short", "fi") in main
    notice = part(main, '<div class="notice info">', "</div>")
    assert re.findall(r'href="([^"]+)"', notice) == [f"/{code}/faq/{MINE}/" for code in others]
    head = part(html, "<head>", "</head>")
    assert re.findall(r'hreflang="([^"]+)"', head) == [*(BY_CODE[code].html for code in others), "x-default"]
    assert re.search(r'rel="canonical"\s+href="[^"]+/fi/faq/', head)
    listed = part(get(client, "/ar/faq/"), "<main", "</main>")
    assert re.search(rf'href="/ar/faq/{MINE}/"\s+lang="fi"\s+dir="ltr"', listed)
    home = get(client, "/ar/")
    assert re.search(rf'href="/ar/faq/{MINE}/"\s+lang="fi"\s+dir="ltr"', home)


@pytest.mark.usefixtures("faq")
def test_a_language_that_has_it_shows_no_notice(client: Client) -> None:
    assert 'class="notice info"' not in get(client, f"/ar/faq/{MINE}/")


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("official", ["fi", "sv"])
@pytest.mark.parametrize("how", ["missing", "draft"])
def test_an_entry_is_public_only_with_both_official_languages(
    client: Client, official: str, how: str
) -> None:
    if how == "missing":
        write(MINE, official, body="")
    else:
        Translation.objects.filter(entry__slug=MINE, language=official).update(status="draft")

    for code in CODES:
        assert client.get(f"/{code}/faq/{MINE}/").status_code == 404
        for path in (f"/{code}/faq/", f"/{code}/faq/{SLUGS[3]}/", f"/{code}/faq/{SLUGS[6]}/"):
            assert f"/faq/{MINE}/" not in part(get(client, path), "<main", "</main>")
    assert publishing.entry(MINE, "en") is None


def test_an_empty_faq_has_a_page(client: Client) -> None:
    assert "There are no answers here yet." in get(client, "/en/faq/")


@pytest.mark.usefixtures("faq")
def test_hostile_texts_of_an_editor_do_no_harm(client: Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3))"
    write(MINE, "en", question=evil[:90], short=evil, body=evil)
    ChangeNote.objects.filter(entry__slug=MINE).update(**{column("text", "en"): evil})

    for path in (f"/en/faq/{MINE}/", "/en/faq/", "/en/"):
        html = get(client, path)
        assert "<script" not in without_data(html)
        assert "<img src=x" not in html
        assert 'href="javascript' not in html


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_pages_are_light(client: Client, code: str) -> None:
    """The look allows 12 kB of compressed HTML."""
    for path in ("faq/", *(f"faq/{slug}/" for slug in SLUGS)):
        assert len(gzip.compress(client.get(f"/{code}/{path}").content)) <= 12_000


@pytest.mark.usefixtures("faq")
def test_pictures_stand_with_their_answers_and_in_words(client: Client) -> None:
    for number, slug in enumerate(SLUGS, start=1):
        main = part(get(client, f"/ar/faq/{slug}/"), "<main", "</main>")
        assert main.count("<svg role=") == main.count("<figcaption>") == (number in {1, 3, 4, 6, 7})
        if "<figure" in main:
            figure = part(main, "<figure", "</figure>")
            assert main.index('class="prose"') < main.index("<figure") < main.index("<aside")
            assert re.findall(r"<li>[^<]+</li>", part(figure, "<details>", "</details>"))


@pytest.mark.usefixtures("faq")
def test_digits_of_dates_are_western(client: Client) -> None:
    html = get(client, f"/ar/faq/{MINE}/")

    assert not re.search("[٠-٩۰-۹]", html)


# -------------------------------------------------------------------------------------------------- translation state


@pytest.mark.usefixtures("faq")
@pytest.mark.parametrize("code", CODES)
def test_readers_are_told_when_the_source_went_on(client: Client, code: str) -> None:
    sentence = "after this translation was made"
    with translation.override(code):
        shown = gettext("Read the Finnish text")
    unit = unit_of(MINE)
    assert unit is not None
    save(unit, "fi", {"short": "Uusi lyhyt vastaus."}, status="unreviewed", by=Author())

    main = part(get(client, f"/{code}/faq/{MINE}/"), "<main", "</main>")

    if code == "fi":
        assert shown not in main
        return
    place = part(main, "</h1>", 'class="short-answer"')
    today = timezone.localdate()
    assert f'<time datetime="{today.isoformat()}">' in place
    assert re.search(rf'<a href="/fi/faq/{MINE}/" hreflang="fi">{re.escape(shown)}</a>', place)
    assert code != "en" or sentence in place
    assert f'hreflang="fi">{shown}' not in get(client, f"/{code}/faq/{ASK}/")


def test_an_editor_s_text_and_a_file_s_keep_their_history(folder: Path) -> None:
    run(folder)
    change(folder, "en", MINE, "question: Is my", "question: Really, is my")
    run(folder)
    run(folder)

    unit = unit_of(MINE)
    assert unit is not None
    questions = [row.texts["question"] for row in history(unit, "en")]
    assert [question.startswith("Really") for question in questions] == [True, False]
    assert history(unit, "fi").count() == 1


def test_a_translation_is_made_from_the_finnish_file_beside_it(folder: Path) -> None:
    """An editor's Finnish text is kept by the import; the files' translations know that they are not made from it."""
    run(folder)
    unit = unit_of(MINE)
    assert unit is not None
    save(unit, "fi", {"short": "Toimittajan teksti."}, status="unreviewed", by=Author())
    change(folder, "ar", MINE, "question: ", "question: حقًا، ")

    run(folder)

    view = publishing.entry(MINE, "ar")
    assert view is not None
    assert view.question.startswith("حقًا")
    assert view.source_changed_on is not None


def test_what_changes_together_in_the_files_is_up_to_date(folder: Path) -> None:
    run(folder)
    change(folder, "fi", MINE, "question: ", "question: Todella, ")
    change(folder, "ar", MINE, "question: ", "question: حقًا، ")

    run(folder)

    ready, behind = publishing.entry(MINE, "ar"), publishing.entry(MINE, "sv")
    assert ready is not None
    assert behind is not None
    assert ready.source_changed_on is None
    assert behind.source_changed_on == timezone.localdate()


def test_a_database_older_than_the_history_is_taken_over(folder: Path) -> None:
    run(folder)
    Revision.objects.all().delete()
    FieldState.objects.all().delete()

    assert " 0 made, 0 changed, " in run(folder)

    unit = unit_of(MINE)
    assert unit is not None
    assert [row.origin for row in history(unit, "ar")] == ["found"]
    assert publishing.entry(MINE, "ar").source_changed_on is None  # type: ignore[union-attr]
    change(folder, "ar", MINE, "question: ", "question: حقًا، ")
    run(folder)
    assert [row.origin for row in history(unit, "ar")] == ["files", "found"]


def test_an_import_that_changes_something_public_changes_the_token(folder: Path) -> None:
    run(folder)
    tokens = [content_revision()]
    run(folder)
    assert content_revision() == tokens[0]
    change(folder, "en", MINE, "status: unreviewed", "status: reviewed")
    run(folder)
    tokens.append(content_revision())
    change(folder, "en", MINE, "question: Is my", "question: Really, is my")
    run(folder)
    tokens.append(content_revision())
    assert len(set(tokens)) == 3
