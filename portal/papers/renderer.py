"""HTML in, PDF out: tagged PDF/A-3a and PDF/UA-1 in one file.

What holds for every file made here: the bytes depend on the input alone; nothing is fetched, by the HTML, its styles or
its images, but what the caller handed over; a missing font, image or alternate text is an error and never an empty or
half a page.  One font configuration and one parsed copy of each stylesheet are kept per process, behind a lock: the
engine's C libraries may not be used from two threads at once.  After a fork the child makes its own.

`<bdi>` and `unicode-bidi` do nothing in this engine: put `<span dir="ltr">` around codes and phone numbers, or
U+2066 … U+2069.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, Literal

from portal.papers import fonts, libraries, limits
from portal.papers.engine import Attachment, Engine, Job, Place, Rendered, Sheet, language_tag
from portal.papers.errors import (
    EngineMissing,
    LimitExceeded,
)
from portal.papers.limits import Limits

__all__ = [
    "Attachment",
    "Place",
    "Rendered",
    "Sheet",
    "engine_ready",
    "language_tag",
    "render",
    "render_together",
    "render_with_places",
]

HERE: Final = Path(__file__).resolve().parent
"""Where stylesheets are looked up that are named without a folder."""


def render(
    html: str,
    *,
    stylesheet: str | Path,
    language: str,
    title: str,
    made_at: datetime,
    attachments: Sequence[Attachment] = (),
    images: Collection[str] = (),
    bounds: Limits | None = None,
) -> bytes:
    """The PDF alone; see `render_with_places`."""
    return render_with_places(
        html,
        stylesheet=stylesheet,
        language=language,
        title=title,
        made_at=made_at,
        attachments=attachments,
        images=images,
        bounds=bounds,
    ).pdf


def render_with_places(
    html: str,
    *,
    stylesheet: str | Path,
    language: str,
    title: str,
    made_at: datetime,
    attachments: Sequence[Attachment] = (),
    images: Collection[str] = (),
    bounds: Limits | None = None,
    fold: Literal["ltr", "rtl"] | None = None,
) -> Rendered:
    """Turn `html` into a tagged PDF/A-3a and PDF/UA-1 file.

    `stylesheet` is a file name beside this module (`letter.css`) or a path.  `language` is Django's code or a BCP 47
    tag; parts in another language carry `lang` in the HTML.  `title` is shown by readers and read out first.
    `made_at`, with its time zone, is the only date in the file.  `images` lists the data addresses (PNG or SVG, as
    `portal.papers.codes` makes them) that the HTML may show; all other references are refused.  `bounds` limits time
    and memory, by default those of `Limits()`.  With `fold`, the pages are moved to sheets twice as wide that make a
    booklet read in that direction (`portal.papers.folding`).

    Raises, all of them `PaperError`: `EngineMissing`, `FontsMissing`, `ForbiddenResource`, `MissingGlyphs`,
    `LimitExceeded`, `RenderFailed`; and `ValueError` for a date without a time zone or an empty title.
    """
    return _run(
        _job(
            html,
            stylesheet=stylesheet,
            language=language,
            title=title,
            made_at=made_at,
            attachments=attachments,
            images=images,
            fold=fold,
        ),
        bounds,
    )


def _job(
    html: str,
    *,
    stylesheet: str | Path,
    language: str,
    title: str,
    made_at: datetime,
    images: Collection[str],
    attachments: Sequence[Attachment] = (),
    fold: Literal["ltr", "rtl"] | None = None,
    first_language: str = "",
    others: Sequence[Sheet] = (),
) -> Job:
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    if not (title := " ".join(title.split())):
        raise ValueError("A PDF/UA file needs a title")
    return Job(
        sheets=(Sheet(html, first_language or language, tuple(images)), *others),
        stylesheet=HERE / stylesheet,
        language=language_tag(language),
        title=title,
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
        attachments=tuple(attachments),
        fold=fold,
    )


def _run(job: Job, bounds: Limits | None) -> Rendered:
    bounds = bounds or Limits()
    if sum(len(sheet.html) for sheet in job.sheets) > bounds.characters:
        raise LimitExceeded("characters", f"Refused: more than {bounds.characters} characters of HTML.")
    with _lock:
        engine = _ready_engine()
        try:
            made: Rendered = limits.run(partial(engine.make, job), bounds)
        except LimitExceeded:
            # Stopped in the middle of anything: what is shared may be in disorder.
            _forget_engine()
            raise
    return made


def render_together(
    sheets: Sequence[Sheet],
    *,
    stylesheet: str | Path,
    language: str,
    title: str,
    made_at: datetime,
    bounds: Limits | None = None,
) -> bytes:
    """Print several documents one after the other into one file, each with pages numbered for itself.

    Arguments and errors are those of `render_with_places`; `language` and `title` are the whole file's.
    """
    if not sheets:
        raise ValueError("There is nothing to print")
    first, *rest = sheets
    return _run(
        _job(
            first.html,
            stylesheet=stylesheet,
            language=language,
            title=title,
            made_at=made_at,
            images=first.images,
            first_language=first.language,
            others=rest,
        ),
        bounds,
    ).pdf


def engine_ready() -> str | None:
    """None when letters can be rendered, else one sentence for the operator; cheap, for a system check."""
    return libraries.problem() or fonts.problem()


_lock = threading.RLock()
_engine: Engine | None = None
_abandoned: list[Engine] = []


def _ready_engine() -> Engine:
    global _engine  # noqa: PLW0603  (one engine a process is the point)
    if _engine is None:
        if reason := libraries.problem():
            raise EngineMissing(reason)
        _engine = Engine()
    return _engine


def _forget_engine() -> None:
    """Make a new engine next time; the old one is kept, as freeing it may wait for a thread that is gone."""
    global _engine  # noqa: PLW0603
    if _engine is not None:
        _abandoned.append(_engine)
    _engine = None


def _before_fork() -> None:
    _lock.acquire()


def _after_fork_in_parent() -> None:
    _lock.release()


def _after_fork_in_child() -> None:
    """Pango's helper threads did not come along: the child must not touch what was made with them."""
    global _lock  # noqa: PLW0603
    _lock = threading.RLock()
    _forget_engine()


os.register_at_fork(
    before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
)
