"""The reader of the glossary's files: what a file means, and that whatever is not right is refused by file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.faq.content import CONTENT, read_content
from portal.faq.glossary_files import KEYS, LONGEST, Glossary, parse_glossary, read_glossaries
from portal.languages import LANGUAGES, OFFICIAL

GOOD = "\n".join(
    f'[{key}]\nterm = "{key} in English"\nfinnish = "{key}"\ntext = "What {key} means."\n' for key in KEYS
)
EACH = len('[key]\nterm = ""\nfinnish = ""\ntext = ""\n'.splitlines()) + 1
"""The lines of one term, with the empty one after it."""


def parse(text: str) -> Glossary:
    return parse_glossary(text, language="en", file="en/glossary.toml")


def test_a_file_is_read() -> None:
    glossary = parse("# A comment.\n" + GOOD)

    assert [word.key for word in glossary.words] == list(KEYS)
    first = glossary.words[0]
    assert (first.term, first.finnish) == ("register_holder in English", "register_holder")
    assert first.text == "What register_holder means."


def test_the_reviewed_files_are_whole_and_right() -> None:
    found = {glossary.language: glossary for glossary in read_glossaries()}

    assert set(found) >= set(OFFICIAL)
    assert set(found) <= {language.code for language in LANGUAGES}
    for glossary in found.values():
        terms = [word.term.casefold() for word in glossary.words]
        assert len(set(terms)) == len(terms), glossary.language
        assert not [word.key for word in glossary.words if "anonym" in (word.term + word.text).casefold()]
    assert all(word.term == word.finnish for word in found["fi"].words)


def put(old: str, new: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed


BROKEN: dict[str, tuple[Callable[[str], str], int, str]] = {
    "an empty file": (lambda text: "", 1, "[register_holder] is missing"),
    "a line before the first table": (lambda text: 'term = "x"\n' + text, 1, "must begin with a table"),
    "a term too few": (put("[objection]", "# "), 20 * EACH - 3, "term stands there twice"),
    "the last term missing": (lambda text: text[: text.index("[objection]")], 19 * EACH, "is missing"),
    "an unknown term": (put("[registry]", "[registrar]"), EACH + 1, "[registrar] is no term"),
    "a term twice": (put("[registry]", "[register_holder]"), EACH + 1, "does not belong here"),
    "terms out of order": (put("[registry]", "[objection]"), EACH + 1, "[registry] is expected"),
    "a term too many": (lambda text: text + "[objection]\n", 20 * EACH, "nothing more is expected"),
    "a missing line": (put('finnish = "registry"\n', ""), EACH + 1, "finnish of [registry] is missing"),
    "an unknown line": (put("text =", "note ="), 4, "note is not a line of a term"),
    "a line twice": (put('finnish = "register_holder"', 'term = "x"'), 3, "term stands there twice"),
    "no quotes": (put('term = "register_holder in English"', "term = word"), 2, "no TOML of one line"),
    "a number": (put('term = "register_holder in English"', "term = 7"), 2, "must be a text in quotes"),
    "a table in a table": (put("term =", "term.a ="), 2, "must be a text in quotes"),
    "a text over several lines": (put('"What register_holder means."', '"""What'), 4, "no TOML of one line"),
    "an array of tables": (put("[registry]", "[[registry]]"), EACH + 1, "registry is not a line of a term"),
    "an empty text": (put('"What register_holder means."', '" "'), 4, "text: the answer is empty"),
    "two paragraphs": (put("What register_holder means.", "a\\n\\nb"), 4, "one paragraph"),
    "HTML": (put("What register_holder means.", "<b>b</b>"), 4, "no HTML"),
    "a script": (put("What register_holder means.", "<script>alert(1)</script>"), 4, "no HTML"),
    "a mark of direction": (put("What", "\u202eWhat"), 4, "U+202E"),
    "a mark of direction by escape": (put("What", "\\u202EWhat"), 4, "U+202E"),
    "an endless term": (put("register_holder in English", "x" * 121), 2, "longer than 120"),
    "an endless text": (put("What register_holder means.", "x" * 241), 4, "longer than 240"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_right_is_refused_by_line(name: str) -> None:
    change, line, reason = BROKEN[name]

    with pytest.raises(ValueError, match=r"en/glossary\.toml, line") as refused:
        parse(change(GOOD))

    assert str(refused.value).startswith(f"en/glossary.toml, line {line}: "), refused.value
    assert reason in str(refused.value)


def test_the_bounds_are_those_of_the_columns() -> None:
    text = put("What register_holder means.", "x" * LONGEST["text"])(GOOD)
    assert len(parse(text).words[0].text) == LONGEST["text"]


def test_languages_agree_on_the_finnish_word(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    file = folder / "sv" / "glossary.toml"
    file.write_text(file.read_text().replace('finnish = "kirjaamo"', 'finnish = "toimisto"'))

    with pytest.raises(ValueError, match=r"sv/glossary\.toml, line 1: finnish of registry differs from fi/"):
        read_glossaries(folder)


def test_a_language_may_lack_its_glossary_and_the_answers_are_read_all_the_same(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    (folder / "ar" / "glossary.toml").unlink()

    assert "ar" not in {glossary.language for glossary in read_glossaries(folder)}
    assert len(read_content(folder)) == len(read_content())


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    (folder / "en" / "glossary.toml").write_bytes(b'[register_holder]\nterm = "\xff"\n')

    with pytest.raises(ValueError, match=r"en/glossary\.toml, line 1: the file is not UTF-8"):
        read_glossaries(folder)
