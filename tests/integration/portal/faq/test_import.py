"""The import of the FAQ's reviewed files, beside editors' work."""

from __future__ import annotations

import re
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation

from portal.faq import publishing
from portal.faq.content import CONTENT, SLUGS
from portal.faq.glossary_files import KEYS
from portal.faq.models import ChangeNote, Entry, FieldState, Revision, Translation
from portal.faq.revisions import Author, content_revision, history, save
from portal.faq.stored import FIELDS, column
from portal.faq.units import unit_of
from portal.languages import DEFAULT, LANGUAGES

pytestmark = pytest.mark.django_db


CODES = [language.code for language in LANGUAGES]
MINE = SLUGS[7]
ASK = SLUGS[10]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reviewed files that a test may change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


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


def test_an_empty_faq_has_a_page(client: Client) -> None:
    assert "There are no answers here yet." in client.get("/en/faq/").content.decode()
