"""Where made leaflets are kept: one file per language, made once per revision, whoever asks first.

`VAR_DIR/leaflets/<language>/<digest>.pdf`; a file appears whole or not at all, and older revisions go.  A lock on a
file lets all threads and processes of a machine make each revision once; other machines make the same bytes.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from portal.faq.leaflet import Leaflet, leaflet
from portal.papers.errors import PaperError

WAIT_SECONDS: Final = 60.0
"""How long a request waits while another one makes the same leaflet."""

PAUSE_SECONDS: Final = 60
"""After a failure nobody tries again for so long: a broken engine must not keep the servers busy."""

_TICK: Final = 0.05

log = logging.getLogger(__name__)


class NotReady(RuntimeError):
    """The leaflet could not be made now; it may be in PAUSE_SECONDS."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished leaflet, and its strong validator: the same only for the same bytes (RFC 9110, 8.8.1)."""

    pdf: bytes

    @property
    def etag(self) -> str:
        """The entity tag, with its quotation marks."""
        return f'"{hashlib.sha256(self.pdf).hexdigest()[:32]}"'


def kept(language: str) -> Kept | None:
    """Return the leaflet of today's words, and make it where it is not kept yet; None where there are no answers.

    Raises NotReady where it can't be made, or is still being made.
    """
    wanted = leaflet(language)
    if wanted is None:
        return None
    folder = settings.VAR_DIR / "leaflets" / language
    file = folder / f"{wanted.digest}.pdf"
    try:
        pdf = _read(file) or _make(wanted, file)
    except OSError as error:
        log.exception("a leaflet cannot be kept")
        raise NotReady from error
    return Kept(pdf)


def _make(wanted: Leaflet, file: Path) -> bytes:
    """Make the leaflet under the lock of its language, unless somebody else just has; raises NotReady, OSError."""
    folder = file.parent
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "lock"):
        if pdf := _read(file):
            return pdf
        failed = folder / "failed"
        if failed.exists() and time.time() - failed.stat().st_mtime < PAUSE_SECONDS:
            raise NotReady
        try:
            pdf = wanted.pdf()
        except PaperError as error:
            failed.touch()
            log.exception("a leaflet cannot be made")
            raise NotReady from error
        draft = folder / "draft"
        draft.write_bytes(pdf)
        draft.replace(file)
        failed.unlink(missing_ok=True)
        for old in folder.glob("*.pdf"):
            if old != file:
                old.unlink(missing_ok=True)
        return pdf


def _read(file: Path) -> bytes | None:
    """Return a kept file; None where there is none, or where a crash of the machine has left a part of it."""
    try:
        pdf = file.read_bytes()
    except FileNotFoundError:
        return None
    return pdf if pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") else None


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock on `path`; raises NotReady where somebody else holds it for longer than WAIT_SECONDS."""
    end = time.monotonic() + WAIT_SECONDS
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise NotReady from None
                time.sleep(_TICK)
        yield
    finally:
        os.close(lock)
