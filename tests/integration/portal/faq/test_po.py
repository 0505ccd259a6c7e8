"""A language out to a translator and back: what goes out, what comes in, and that a refused file changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import polib
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.faq import po, publishing, revisions
from portal.faq.models import FieldState, Revision
from portal.faq.revisions import Compared, save
from portal.faq.units import all_units
from tests.factories import log_in
from tests.small_faq import MINE, NOBODY, OTHER, import_small_faq, make_editor, status, the

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def _faq() -> None:
    import_small_faq(glossary=True)


def exported(language: str = "ar") -> polib.POFile:
    return polib.pofile(po.export(language))


def entry(file: polib.POFile, context: str) -> polib.POEntry:
    return next(one for one in file if one.msgctxt == context)


def take(file: object, language: str = "ar", *, state: str = "unreviewed") -> po.Taken:
    return po.take(str(file).encode(), language, status=state, by=NOBODY)


def everything() -> list[Any]:
    return [
        [{code: unit.texts(code) for code in ("fi", "sv", "en", "ar")} for unit in all_units()],
        list(Revision.objects.values()),
        list(FieldState.objects.values()),
        revisions.content_revision(),
    ]


# ---------------------------------------------------------------------------------------------------------------- out


def test_every_field_goes_out_with_its_source_and_its_translation() -> None:
    file = exported()

    wanted = {
        f"{unit.key}.{field.key}": (unit.text(field.key, "fi"), unit.text(field.key, "ar"))
        for unit in all_units()
        for field in unit.fields
    }
    assert {one.msgctxt: (one.msgid, one.msgstr) for one in file} == wanted
    assert file.metadata["Language"] == "ar"
    assert not [one for one in file if one.fuzzy]


def test_what_is_missing_goes_out_empty_and_what_is_old_fuzzy_beside_its_former_source() -> None:
    former = the(MINE).text("short", "fi")
    save(the(MINE), "fi", {"short": "Uusi."}, status="unreviewed", by=NOBODY)
    save(the(MINE), "ar", {"question": ""}, status="draft", by=NOBODY)

    file = exported()

    old = entry(file, f"{MINE}.short")
    assert (old.fuzzy, old.msgid, old.previous_msgid) == (True, "Uusi.", former)
    assert entry(file, f"{MINE}.question").msgstr == ""
    assert not entry(file, f"{MINE}.body").fuzzy


@pytest.mark.parametrize("language", ["fi", "xx"])
def test_the_source_and_unknown_languages_have_no_file(language: str) -> None:
    with pytest.raises(KeyError):
        po.export(language)
    with pytest.raises(KeyError):
        po.take(b"", language, status="draft", by=NOBODY)


# ----------------------------------------------------------------------------------------------------------- and back


def test_a_file_that_comes_back_as_it_went_changes_nothing() -> None:
    before = everything()

    taken = take(exported())

    assert taken.saved == ()
    assert set(taken.same) == {MINE, OTHER, "glossary"}
    assert everything() == before


def test_translations_come_in() -> None:
    file = exported()
    entry(file, f"{MINE}.short").msgstr = "جواب قصير جديد."
    entry(file, "glossary.registry.term").msgstr = "مكتب جديد"

    taken = take(file)

    assert set(taken.saved) == {MINE, "glossary"}
    assert str(publishing.entry(MINE, "ar").short) == "جواب قصير جديد."  # type: ignore[union-attr]
    assert the("glossary").text("registry.term", "ar") == "مكتب جديد"
    assert status(MINE, "ar") == "unreviewed"
    assert revisions.history(the(MINE), "ar")[0].origin == "po"


def test_drafts_wait_for_an_editor() -> None:
    file = exported()
    entry(file, f"{MINE}.short").msgstr = "جواب قصير جديد."
    before = publishing.entry(MINE, "ar")

    take(file, state="draft")

    assert publishing.entry(MINE, "ar") == before
    assert revisions.beginning(the(MINE), "ar")[0]["short"] == "جواب قصير جديد."


def test_a_part_of_a_file_is_enough_and_empty_or_fuzzy_entries_are_passed_over() -> None:
    file = exported()
    keep = entry(file, f"{MINE}.short")
    keep.msgstr = "جديد."
    fuzzy = entry(file, f"{MINE}.body")
    fuzzy.msgstr, fuzzy.flags = "نصف", ["fuzzy"]
    empty = entry(file, f"{OTHER}.short")
    empty.msgstr = ""
    part = polib.POFile()
    part.metadata = file.metadata
    part.extend([keep, fuzzy, empty])

    assert take(part).saved == (MINE,)

    assert the(MINE).text("short", "ar") == "جديد."
    assert the(MINE).text("body", "ar") != "نصف"
    assert the(OTHER).text("short", "ar")


def test_a_translation_that_is_no_longer_fuzzy_counts_as_compared() -> None:
    save(the(MINE), "fi", {"short": "Uusi."}, status="unreviewed", by=NOBODY)
    file = exported()
    entry(file, f"{MINE}.short").flags = []

    take(file)

    assert publishing.entry(MINE, "ar").source_changed_on is None  # type: ignore[union-attr]


def test_lines_may_end_as_on_windows_and_a_file_may_begin_with_a_mark() -> None:
    file = exported()
    entry(file, f"{MINE}.short").msgstr = "جديد."
    content = b"\xef\xbb\xbf" + str(file).replace("\n", "\r\n").encode()

    assert po.take(content, "ar", status="unreviewed", by=NOBODY).saved == (MINE,)


# ------------------------------------------------------------------------------------------------------------- refused


def change(context: str, **values: Any) -> Callable[[polib.POFile], None]:
    def changed(file: polib.POFile) -> None:
        for name, value in values.items():
            setattr(entry(file, context), name, value)

    return changed


def twice(file: polib.POFile) -> None:
    file.append(entry(file, f"{MINE}.short"))


def source_changes(_file: polib.POFile) -> None:
    save(the(MINE), "fi", {"short": "Uusi."}, status="unreviewed", by=NOBODY)


def source_goes_and_comes_back_longer(file: polib.POFile) -> None:
    entry(file, f"{MINE}.short").msgid += " Ja lisää."


def translation_changes(file: polib.POFile) -> None:
    entry(file, f"{MINE}.short").msgstr = "من المترجم."
    save(the(MINE), "ar", {"short": "من المحرر."}, status="unreviewed", by=NOBODY, compared=Compared())


SHORT, BODY = f"{MINE}.short", f"{MINE}.body"
REFUSED: dict[str, tuple[Callable[[polib.POFile], None], str]] = {
    "the source changed here": (source_changes, "The Finnish text is another one today."),
    "the source was changed in the file": (
        source_goes_and_comes_back_longer,
        "The Finnish text is another one",
    ),
    "the translation changed here": (translation_changes, "The translation was changed here"),
    "an unknown field": (change(SHORT, msgctxt=f"{MINE}.title"), "There is no such text here"),
    "an unknown entry": (change(SHORT, msgctxt="12-more.short"), "There is no such text here"),
    "no context": (change(SHORT, msgctxt=None), "There is no such text here"),
    "a context twice": (twice, "stands there twice"),
    "no comment": (change(SHORT, comment=""), "no entry of a file that was exported here"),
    "a forged revision": (
        change(SHORT, comment=f"source revision: {'0' * 16}\ntranslation revision: none"),
        "The Finnish text is another one",
    ),
    "plural forms": (change(SHORT, msgid_plural="x", msgstr_plural={0: "a", 1: "b"}), "no entry of a file"),
    "a script": (change(BODY, msgstr="<script>alert(1)</script>"), "HTML is not allowed"),
    "an event handler": (change(SHORT, msgstr='<img src=x onerror="alert(1)">'), "HTML is not allowed"),
    "a script as a link": (change(BODY, msgstr="[x](javascript:alert(1))"), "A link begins with"),
    "a link of its own": (change(BODY, msgstr="[Kela](https://evil.example)"), "no link to this address"),
    "a picture": (change(BODY, msgstr="![x](https://evil.example/x.png)"), "no form for this: image"),
    "a sign to fill in": (change(SHORT, msgstr="{{ settings.SECRET_KEY }}"), "something to be filled in"),
    "two paragraphs": (change(SHORT, msgstr="a\n\nb"), "one paragraph"),
    "an endless question": (change(f"{MINE}.question", msgstr="x" * 301), "at most 300"),
    "a mark of direction": (change(SHORT, msgstr="\u202ex"), "U+202E"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_does_not_fit_is_refused_whole(name: str) -> None:
    make, reason = REFUSED[name]
    file = exported()
    # Another entry is fine: it must not come in either.
    entry(file, f"{OTHER}.short").msgstr = "هذا جيد."
    make(file)
    before = everything()

    with pytest.raises(po.RefusedFile, match="line") as refused:
        take(file)

    (fault,) = refused.value.faults
    assert reason in fault.reason
    lines = str(file).split("\n")
    assert 1 <= fault.line <= len(lines) + 1
    assert everything() == before


def test_the_line_is_that_of_the_entry_and_every_fault_is_told() -> None:
    file = exported()
    entry(file, SHORT).msgstr = "<b>"
    entry(file, BODY).msgstr = "<i>"
    text = str(file)

    with pytest.raises(po.RefusedFile) as refused:
        take(text)

    lines = text.split("\n")
    assert len(refused.value.faults) == 2
    for fault, context in zip(refused.value.faults, (SHORT, BODY), strict=True):
        start = next(n for n, line in enumerate(lines, start=1) if line == f'msgctxt "{context}"')
        assert start - 8 <= fault.line <= start


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "Language"),
        (b"nonsense\n", 1, "no line of a PO file"),
        (b"\xff\xfe", 1, "not UTF-8"),
        (b'msgid ""\nmsgstr ""\n\xff', 3, "not UTF-8"),
        (b'msgid ""\nmsgstr "Language: sv\\n"\n', 1, "Language: ar"),
        (b'msgid ""\nmsgstr "Language: ar\\n"\n', 1, "no entry in the file"),
        (b'msgid ""\nmsgstr "Language: ar\\n"\n\nmsgid "x\nmsgstr ""\n', 4, "no line of a PO file"),
        (b'msgid ""\nmsgstr "Language: ar\\n"\n\nmsgid "x"\nmsgstr "y"z"\n', 5, "no line of a PO file"),
        (b'msgid ""\nmsgstr "Language: ar\\n"\n\nmsgstr "x"\n', 4, "no PO file"),
        (b'msgid "\x00"\n', 1, "U+0000"),
        (b"/etc/passwd", 1, "no line of a PO file"),
        (b"#" * (po.MAX_BYTES + 1), 1, "larger than 1 megabyte"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(content: bytes, line: int, reason: str) -> None:
    before = everything()

    with pytest.raises(po.RefusedFile) as refused:
        po.take(content, "ar", status="unreviewed", by=NOBODY)

    assert reason in refused.value.faults[0].reason
    assert refused.value.faults[0].line == line
    assert everything() == before


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_a_file_is_an_error_of_ours(data: st.DataObject) -> None:
    """A file with a piece cut out or put in is taken or refused, never half taken and never an exception."""
    text = po.export("sv")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 200)))
    piece = data.draw(
        st.sampled_from(["", '"', "\\", "\n", "msgid", "#~ ", "#, fuzzy\n", "[0]", 'msgctxt ""\n', "\t"])
    )
    before = everything()
    with transaction.atomic():
        try:
            po.take((text[:start] + piece + text[end:]).encode(), "sv", status="draft", by=NOBODY)
        except po.RefusedFile:
            assert everything() == before
        transaction.set_rollback(True)


# ----------------------------------------------------------------------------------------------------------- commands


def run(*arguments: str, **options: str) -> str:
    out = StringIO()
    call_command("faq_po", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_goes_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "ar.po"
    assert run("export", "ar", str(path)) == f"ar: written to {path}\n"
    file = polib.pofile(str(path))
    entry(file, SHORT).msgstr = "جديد."
    file.save()

    assert run("import", "ar", str(path)) == "ar: 1 texts saved, 2 were the same\n"
    assert the(MINE).text("short", "ar") != "جديد."
    assert run("import", "ar", str(path), status="unreviewed").startswith("ar: 1 texts saved")
    assert the(MINE).text("short", "ar") == "جديد."


def test_the_command_refuses_with_line_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "ar.po"
    file = exported()
    entry(file, SHORT).msgstr = "<b>x</b>"
    file.save(str(path))

    with pytest.raises(
        CommandError, match=rf"Nothing was imported.\n{path}, line \d+: HTML is not allowed here."
    ):
        run("import", "ar", str(path))
    path.write_bytes(b"#" * (po.MAX_BYTES + 1))
    with pytest.raises(CommandError, match="larger than"):
        run("import", "ar", str(path))
    with pytest.raises(CommandError, match="No such file"):
        run("import", "ar", str(tmp_path / "nothing.po"))


# --------------------------------------------------------------------------------------------------------------- page

PAGE = "/staff/admin/faq/entry/po/ar/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.cookies["staff_language"] = "en"
    return log_in(client, make_editor())


def upload(desk: Client, content: bytes, state: str = "draft") -> Any:
    file = SimpleUploadedFile("../../etc/ar.po", content, content_type="text/html")
    return desk.post(PAGE, {"file": file, "status": state})


def test_the_file_is_downloaded_and_brought_back(desk: Client) -> None:
    sent = desk.get(f"{PAGE}file/")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="tietoni-faq-ar.po"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    file = polib.pofile(sent.content.decode())
    entry(file, SHORT).msgstr = "جديد."

    answer = upload(desk, str(file).encode(), "unreviewed")

    assert answer.status_code == 303
    assert "1 text was imported." in desk.get(answer["Location"]).content.decode()
    newest = revisions.history(the(MINE), "ar")[0]
    assert (newest.origin, newest.user) == ("po", User.objects.get(username="maija"))


def test_a_refused_upload_tells_line_and_reason_and_escapes_them(desk: Client) -> None:
    file = exported()
    entry(file, SHORT).msgctxt = "<script>alert(1)</script>"
    before = everything()

    answer = upload(desk, str(file).encode())

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was imported" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert everything() == before


def test_uploads_are_limited(desk: Client) -> None:
    for content, state in (
        (b"", "draft"),
        (b"#" * (po.MAX_BYTES + 1), "draft"),
        (b"x", "reviewed"),
        (b"x", ""),
    ):
        assert upload(desk, content, state).status_code == 422
    assert desk.post(PAGE, {"status": "draft"}).status_code == 422
    too_much = desk.post(PAGE, {"file": SimpleUploadedFile("a.po", b"#" * 6_500_000), "status": "draft"})
    assert too_much.status_code == 413
