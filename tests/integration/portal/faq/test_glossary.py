"""The glossary from its files to its readers: import beside editors' work, fallbacks, and who gets what."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from portal.faq import revisions
from portal.faq.content import CONTENT, field_digest
from portal.faq.glossary import terms
from portal.faq.glossary_files import KEYS, read_glossaries
from portal.faq.importing import Imported
from portal.faq.importing_terms import import_glossaries
from portal.faq.models import FieldState, Revision, Term, Translation
from portal.faq.revisions import save, withdraw
from portal.faq.stored import column
from portal.faq.units import GLOSSARY
from portal.languages import LANGUAGES
from tests.small_faq import NOBODY, state, status, the

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reviewed files that a test may change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def run(folder: Path = CONTENT) -> Imported:
    return import_glossaries(read_glossaries(folder))


def change(folder: Path, language: str, old: str, new: str) -> None:
    place = folder / language / "glossary.toml"
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")


def write(key: str, language: str, **texts: str) -> None:
    Term.objects.filter(key=key).update(**{column(name, language): text for name, text in texts.items()})


# -------------------------------------------------------------------------------------------------------------- import


def test_the_files_are_imported_whole() -> None:
    done = run()

    assert Term.objects.count() == len(KEYS)
    assert len(done.made) == len(KEYS) * len(read_glossaries())
    assert [term.key for term in Term.objects.all()] == list(KEYS)
    assert Term.objects.get(key="registry").finnish == "kirjaamo"
    assert status(GLOSSARY, "ar") == "unreviewed"
    assert state(GLOSSARY, "ar", "registry.text").source_digest == field_digest(
        the(GLOSSARY).text("registry.text", "fi")
    )
    assert state(GLOSSARY, "fi", "registry.text").source_digest == ""


def test_a_second_import_writes_nothing() -> None:
    run()

    def everything() -> list[object]:
        rows = (
            Term.objects.all(),
            Translation.objects.all(),
            FieldState.objects.all(),
            Revision.objects.all(),
        )
        return [list(one.order_by("pk").values()) for one in rows] + [revisions.content_revision()]

    before = everything()

    done = run()

    assert (done.made, done.changed, done.kept) == ([], [], [])
    assert everything() == before


def test_a_changed_file_changes_its_term_alone(folder: Path) -> None:
    run(folder)
    save(the(GLOSSARY), "en", {}, status="reviewed", by=NOBODY)
    change(folder, "en", 'term = "registry"', 'term = "record office"')

    done = run(folder)

    assert done.changed == ["en/glossary.registry"]
    assert the(GLOSSARY).text("registry.term", "en") == "record office"
    assert state(GLOSSARY, "en", "registry.term").status == "unreviewed"
    assert state(GLOSSARY, "en", "registry.text").status == "reviewed"
    assert status(GLOSSARY, "en") == "unreviewed"


def test_an_editor_s_term_is_kept_and_the_others_change(folder: Path) -> None:
    run(folder)
    save(the(GLOSSARY), "en", {"registry.text": "An editor's words."}, status="unreviewed", by=NOBODY)
    change(folder, "en", 'term = "registry"', 'term = "record office"')
    change(folder, "en", 'term = "encrypted"', 'term = "in cipher"')

    done = run(folder)

    assert (done.changed, done.kept) == (["en/glossary.encrypted"], ["en/glossary.registry"])
    assert the(GLOSSARY).text("registry.term", "en") == "registry"
    assert the(GLOSSARY).text("registry.text", "en") == "An editor's words."
    assert run(folder).kept == ["en/glossary.registry"]


def test_a_file_that_takes_over_the_editor_s_words_ends_the_difference(folder: Path) -> None:
    run(folder)
    save(the(GLOSSARY), "en", {"registry.term": "record office"}, status="unreviewed", by=NOBODY)
    change(folder, "en", 'term = "registry"', 'term = "record office"')
    assert run(folder).kept == []

    change(folder, "en", 'term = "record office"', 'term = "registry"')
    assert run(folder).changed == ["en/glossary.registry"]
    assert the(GLOSSARY).text("registry.term", "en") == "registry"


def test_a_glossary_taken_away_from_readers_stays_away(folder: Path) -> None:
    run(folder)
    withdraw(the(GLOSSARY), "en", by=NOBODY)
    change(folder, "en", 'term = "registry"', 'term = "record office"')

    run(folder)

    assert status(GLOSSARY, "en") == "draft"


def test_a_translation_is_out_of_date_when_the_finnish_file_goes_on_alone(folder: Path) -> None:
    run(folder)
    change(folder, "fi", "Voit lähettää tai viedä pyyntösi sinne.", "Voit lähettää pyyntösi sinne.")

    run(folder)

    made = revisions.made_from(the(GLOSSARY), "sv")
    assert made["registry.text"] != the(GLOSSARY).digests()["registry.text"]
    assert made["registry.term"] == the(GLOSSARY).digests()["registry.term"]


def test_a_broken_glossary_refuses_the_whole_import(folder: Path) -> None:
    change(folder, "sv", "[registry]", "[registrar]")

    with pytest.raises(CommandError, match=r"Nothing was imported. sv/glossary.toml, line 6: \[registrar\]"):
        call_command("import_faq", folder=folder, stdout=StringIO())

    assert not Term.objects.exists()
    assert not Translation.objects.exists()


# -------------------------------------------------------------------------------------------------------------- readers


def test_every_language_gets_every_term_in_its_words(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    run()
    for language in LANGUAGES:
        with django_assert_num_queries(2):
            found = terms(language.code)
        assert [term.key for term in found] == list(KEYS)
        assert not [term.key for term in found if term.is_fallback or term.language != language]
        assert found[1].finnish == "kirjaamo"


@pytest.mark.parametrize("how", ["no term", "no text", "withdrawn"])
def test_what_is_missing_falls_back_and_says_so(how: str) -> None:
    run()
    if how == "withdrawn":
        withdraw(the(GLOSSARY), "ar", by=NOBODY)
    else:
        write("registry", "ar", **{how.removeprefix("no "): ""})

    found = {term.key: term for term in terms("ar")}

    assert (found["registry"].is_fallback, found["registry"].language.code) == (True, "fi")
    assert found["registry"].term == "kirjaamo"
    assert found["encrypted"].is_fallback == (how == "withdrawn")


@pytest.mark.parametrize("official", ["fi", "sv"])
def test_a_term_is_public_only_with_both_official_languages(official: str) -> None:
    run()
    write("registry", official, text="")

    assert "registry" not in [term.key for term in terms("ar")]
    assert len(terms("ar")) == len(KEYS) - 1
    withdraw(the(GLOSSARY), official, by=NOBODY)
    assert terms("ar") == ()


def test_hostile_words_do_no_harm_and_numbers_stay_in_order() -> None:
    run()
    write("registry", "ar", text="<script>alert(1)</script> +358 40 123 4567")

    text = next(term.text for term in terms("ar") if term.key == "registry")

    assert "<script" not in text
    assert '<bdi dir="ltr" translate="no">+358 40 123 4567</bdi>' in text


def test_without_a_glossary_there_are_no_terms() -> None:
    assert terms("fi") == ()
    assert import_glossaries([]).made == []
