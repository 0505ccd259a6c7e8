"""Files for a web server: whole, twice the same, within their folder, and nothing else's."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import brotli
import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from portal.prepared import folder as published
from portal.prepared.folder import LIST, NotOurs, Published, file_name, is_published, publish
from portal.prepared.preparing import PreparedPage, prepare


def page(text: str) -> PreparedPage:
    response = HttpResponse(text * 50, headers={"Cache-Control": "public"})
    return prepare("/x/", ask=lambda _: response)


HOME, LIST_OF_ALL, ROBOTS = page("Home. "), page("Questions. "), page("User-agent: * ")
PAGES = {"/fi/": HOME, "/fi/faq/": LIST_OF_ALL, "/robots.txt": ROBOTS}


def state(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return content, mode and moment of every file, by name."""
    return {
        str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mode, file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "srv" / "public"


def test_each_page_is_there_plain_and_encoded(folder: Path) -> None:
    assert publish(folder, revision="1", pages=PAGES) == Published(9, 0, 0)

    assert state(folder).keys() == {
        *(f"{name}{ending}" for name in ("fi/index.html", "fi/faq/index.html", "robots.txt")
          for ending in ("", ".gz", ".br")),
        LIST,
    }  # fmt: skip
    assert (folder / "fi/index.html").read_bytes() == HOME.content
    assert gzip.decompress((folder / "fi/index.html.gz").read_bytes()) == HOME.content
    assert brotli.decompress((folder / "fi/index.html.br").read_bytes()) == HOME.content


def test_a_web_server_may_read_it_whatever_the_umask(folder: Path) -> None:
    before = os.umask(0o077)
    try:
        publish(folder, revision="1", pages=PAGES)
    finally:
        os.umask(before)
    assert (folder / "fi/faq/index.html").stat().st_mode & 0o777 == 0o644
    assert {(folder / name).stat().st_mode & 0o777 for name in ("", "fi", "fi/faq")} == {0o755}


def test_a_second_publishing_touches_nothing(folder: Path) -> None:
    publish(folder, revision="1", pages=PAGES)
    before = state(folder)

    assert is_published(folder, revision="1")
    assert publish(folder, revision="1", pages=PAGES) == Published(0, 9, 0)

    before.pop(LIST)
    after = state(folder)
    after.pop(LIST)
    assert after == before


def test_what_changed_is_written_and_what_is_no_more_goes_with_its_folder(folder: Path) -> None:
    publish(folder, revision="1", pages=PAGES)
    before = state(folder)

    assert not is_published(folder, revision="2")
    done = publish(folder, revision="2", pages={"/fi/": page("New. "), "/robots.txt": ROBOTS})

    assert done == Published(3, 3, 3)
    assert not (folder / "fi/faq").exists()
    assert (folder / "fi/index.html").read_bytes() == b"New. " * 50
    assert state(folder)["robots.txt"] == before["robots.txt"]


def test_files_of_others_stay(folder: Path) -> None:
    publish(folder, revision="1", pages=PAGES)
    (folder / "fi/faq/mine.txt").write_text("mine")

    publish(folder, revision="2", pages={})

    assert state(folder).keys() == {"fi/faq/mine.txt", LIST}


def test_a_folder_in_use_for_something_else_is_refused(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(NotOurs, match="is not empty"):
        publish(folder, revision="1", pages=PAGES)
    assert state(folder).keys() == {"letter.txt"}


@pytest.mark.parametrize("damage", ["lost", "cut", "emptied"])
def test_what_was_damaged_is_not_taken_for_published_and_mended(folder: Path, damage: str) -> None:
    publish(folder, revision="1", pages=PAGES)
    file = folder / "fi/index.html.br"
    if damage == "lost":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:9] if damage == "cut" else b"")

    assert not is_published(folder, revision="1")
    assert publish(folder, revision="1", pages=PAGES) == Published(1, 8, 0)
    assert is_published(folder, revision="1")


def test_a_publishing_that_was_cut_off_is_ended_by_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(folder, revision="1", pages={"/sv/": HOME, "/fi/": page("Old. ")})
    real, left = published._write, [3]

    def write(folder: Path, name: str, body: bytes) -> bool:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(folder, name, body)

    monkeypatch.setattr(published, "_write", write)
    with pytest.raises(KeyboardInterrupt):
        publish(folder, revision="2", pages=PAGES)
    monkeypatch.undo()
    (folder / "fi" / ".published-draft-1").write_text("half a p")

    # Each file is the old one or the new one, and it is known that the whole is neither.
    for revision in ("1", "2"):
        assert not is_published(folder, revision=revision)
    publish(folder, revision="2", pages=PAGES)
    assert is_published(folder, revision="2")
    assert len(state(folder)) == 10
    assert not (folder / "sv").exists()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "index.html"),
        ("/fi/", "fi/index.html"),
        ("/zh-hans/faq/05-what-information/", "zh-hans/faq/05-what-information/index.html"),
        ("/sitemap.xml", "sitemap.xml"),
    ],
)
def test_the_file_of_a_path(path: str, name: str) -> None:
    assert str(file_name(path)) == name


@pytest.mark.parametrize(
    "path",
    [
        *("", "fi/", "//", "//etc/", "/../", "/fi/../../etc/passwd", "/./", "/fi//faq/", "/.published.json"),
        *("/fi/.htaccess", "/fi/%2e%2e/", "/fi/\\..\\", "/fi/..", "/fi/a\0b/", "/fi/a b/", "/FI/", "/fi/ä/"),
        *("/fi/\n/", "/fi/..;/", "/~root/", "/-rf/"),
    ],
)
def test_no_path_leads_out_of_the_folder_or_to_a_hidden_file(path: str, folder: Path) -> None:
    with pytest.raises(ValueError, match="is no path of a page"):
        file_name(path)
    with pytest.raises(ValueError, match="is no path of a page"):
        publish(folder, revision="1", pages={"/fi/": HOME, path: HOME})
    assert not folder.exists()


@given(st.lists(st.sampled_from([".", "..", "", "fi", "a.b", "~", "\0", "/", "\\", " "]), max_size=6))
def test_whatever_the_path_its_file_is_inside(parts: list[str]) -> None:
    try:
        name = file_name("/" + "/".join(parts))
    except ValueError:
        return
    root = Path("/srv/public")
    assert Path(os.path.normpath(root / name)) == root / name
    assert (root / name).is_relative_to(root)
    assert not any(part.startswith(".") for part in name.parts)


@pytest.mark.parametrize("name", ["../victim", "/etc/victim", "fi/../../victim", ".hidden"])
def test_a_list_that_somebody_tampered_with_removes_nothing(folder: Path, name: str) -> None:
    publish(folder, revision="1", pages=PAGES)
    victim = folder.parent / "victim"
    victim.write_text("still here")
    found = json.loads((folder / LIST).read_text())
    (folder / LIST).write_text(json.dumps({**found, "files": {**found["files"], name: 3}}))

    with pytest.raises(NotOurs, match="is not as a publishing writes it"):
        publish(folder, revision="2", pages={})
    assert victim.exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"revision": "1"}', '{"revision": "1", "files": [1]}'])
def test_a_list_that_is_none_is_refused(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / LIST).write_text(text)
    with pytest.raises(NotOurs):
        publish(folder, revision="1", pages=PAGES)


def test_a_symbolic_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    publish(folder, revision="1", pages={"/robots.txt": ROBOTS})
    (folder / "fi").symlink_to(elsewhere)
    with pytest.raises(NotOurs, match="is a symbolic link"):
        publish(folder, revision="2", pages=PAGES)
    assert not list(elsewhere.iterdir())

    (folder / "fi").unlink()
    (elsewhere / "target").write_text("still here")
    (folder / "fi").mkdir()
    (folder / "fi/index.html").symlink_to(elsewhere / "target")
    publish(folder, revision="2", pages=PAGES)
    assert (elsewhere / "target").read_text() == "still here"
    assert not (folder / "fi/index.html").is_symlink()
