"""Writes prepared pages as files for a web server: each with its `.gz` and `.br`, whole or not at all.

Only files that an earlier publishing made are ever removed: they are on its list, `.published.json`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from portal.prepared.encodings import IDENTITY
from portal.prepared.preparing import PreparedPage

LIST: Final = ".published.json"
"""Revision and files of the last publishing; a web server shows no file whose name begins with a dot."""

_ENDINGS: Final[Mapping[str, str]] = {"br": ".br", "gzip": ".gz", IDENTITY: ""}
_SEGMENT: Final = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*", re.ASCII)
# For a web server that runs as somebody else, whatever the umask: these pages are public.
_FOLDER_MODE: Final = 0o755
_FILE_MODE: Final = 0o644
_DRAFT: Final = ".published-draft-"


@dataclass(frozen=True, slots=True)
class Published:
    """How many files a publishing wrote, left as they were, and removed."""

    written: int
    unchanged: int
    removed: int


class NotOurs(Exception):
    """The folder holds what no publishing made; the text says what."""


def file_name(path: str) -> PurePosixPath:
    """Return the file for the path of a page, relative to the folder: `/fi/faq/` is `fi/faq/index.html`.

    Raises ValueError for a path that could lead out of the folder, or to a hidden file.
    """
    inner = f"{path}index.html" if path.endswith("/") else path
    first, *segments = inner.split("/")
    if first or not segments or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        raise ValueError(f"{path!r} is no path of a page.")
    return PurePosixPath(*segments)


def is_published(folder: Path, *, revision: str) -> bool:
    """Say whether the folder holds exactly what a publishing of this revision wrote."""
    listed = _listed(folder)
    sizes = {name: (folder / name).stat().st_size for name in listed.files if (folder / name).is_file()}
    return listed.revision == revision and sizes == listed.files


def publish(folder: Path, *, revision: str, pages: Mapping[str, PreparedPage]) -> Published:
    """Write the pages (by path) below `folder`, and remove what an earlier publishing wrote and is no more.

    Each file appears whole: it is written beside its place and renamed.  A file that is right already is not
    touched, so that its date, and a web server's ETag with it, stays.  Two publishings take turns.
    Raises NotOurs where the folder is in use for something else, ValueError for a path that is none.
    """
    files = {
        f"{file_name(path)}{_ENDINGS[encoding]}": representation.body
        for path, page in pages.items()
        for encoding, representation in page.by_encoding.items()
    }
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(_FOLDER_MODE)
    with _alone(folder):
        for abandoned in folder.rglob(f"{_DRAFT}*"):
            abandoned.unlink()
        before = _listed(folder)
        if not before.revision and any(folder.iterdir()):
            raise NotOurs(f"{folder} is not empty, and no publishing made it.")
        # Listed before it is written: what a publishing that was cut off left behind is known to the next one.
        _write(folder, LIST, _list("unfinished", {**before.files, **dict.fromkeys(files, -1)}))
        written = sum(_write(folder, name, body) for name, body in files.items())
        stale = before.files.keys() - files.keys()
        for name in stale:
            _remove(folder, name)
        _write(folder, LIST, _list(revision, {name: len(body) for name, body in files.items()}))
    return Published(written, len(files) - written, len(stale))


@dataclass(frozen=True, slots=True)
class _Listed:
    revision: str
    files: dict[str, int]


def _listed(folder: Path) -> _Listed:
    """Return the list of the last publishing; raises NotOurs where no publishing can have written it."""
    try:
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))
        files = {str(name): int(size) for name, size in found["files"].items()}
        is_ours = all(str(file_name(f"/{name}")) == name for name in files)
        revision = str(found["revision"])
    except FileNotFoundError:
        return _Listed("", {})
    except (ValueError, KeyError, TypeError, AttributeError):
        is_ours = False
    if not is_ours:
        raise NotOurs(f"{folder / LIST} is not as a publishing writes it.")
    return _Listed(revision, files)


def _list(revision: str, files: Mapping[str, int]) -> bytes:
    return json.dumps({"revision": revision, "files": files}, indent=0, sort_keys=True).encode()


def _write(folder: Path, name: str, body: bytes) -> bool:
    """Bring one file in line; say whether it was written."""
    target = folder / name
    _make_way(folder, target)
    if target.is_file() and not target.is_symlink() and target.read_bytes() == body:
        return False
    draft = target.with_name(f"{_DRAFT}{secrets.token_hex(8)}")
    try:
        draft.write_bytes(body)
        draft.chmod(_FILE_MODE)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _remove(folder: Path, name: str) -> None:
    """Remove one file and the folders that it leaves empty."""
    target = folder / name
    _make_way(folder, target)
    target.unlink(missing_ok=True)
    for parent in _between(folder, target):
        with contextlib.suppress(OSError):  # Not empty.
            parent.rmdir()


def _make_way(folder: Path, target: Path) -> None:
    """Make the folders above a file; raises NotOurs where a symbolic link leads elsewhere."""
    for parent in reversed(_between(folder, target)):
        if parent.is_symlink():
            raise NotOurs(f"{parent} is a symbolic link.")
        if not parent.exists():
            parent.mkdir()
            parent.chmod(_FOLDER_MODE)


def _between(folder: Path, target: Path) -> list[Path]:
    """Return the folders below `folder` that a file lies in, the innermost first."""
    return [parent for parent in target.parents if parent != folder and folder in parent.parents]


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
