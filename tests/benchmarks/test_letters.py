"""The whole way of one letter against a bare engine, as peers use it; memory over many letters.

Both arms print the same words. The bare one has a fresh font configuration, its styles inline, no tags, no seal and
no vault; ours draws the QR code, prints PDF/A-3a and PDF/UA-1 at once, seals, encrypts and stores.
Ratios only: BENCHMARK_LETTERS sets how many of each (40 for docs/measurements.md, one here).
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from portal.papers import renderer
from requests_app.actions import pipeline
from requests_app.doors import letters
from requests_app.models import Letter
from tests.benchmarks.conftest import Figure
from tests.factories import ANSWERS, make_filing, make_register
from tests.unit.requests_app.doors.letter_samples import MADE_AT, facts

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LETTERS: Final = int(os.environ.get("BENCHMARK_LETTERS", "1"))
PEERS: Final = {"fi": ("request", "fi"), "ar": ("reading_copy", "ar"), "zh-hans": ("reading_copy", "zh-hans")}
MOST: Final = 6.0
"""Above this ratio something is broken; the figure itself is in docs/measurements.md."""


def bare(html: str) -> int:
    """Print as the manual of the engine begins; return the number of pages."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    style = (renderer.HERE / letters.STYLESHEET).read_text("utf-8")
    document = HTML(string=html).render(font_config=fonts, stylesheets=[CSS(string=style, font_config=fonts)])
    document.write_pdf()
    return len(document.pages)


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@pytest.mark.parametrize("arm", PEERS)
def test_one_letter_beside_a_bare_engine(arm: str, figure: Figure) -> None:
    kind, language = PEERS[arm]
    make_register()
    html = letters.html(kind, language=language, facts=facts(reader_language=language))
    ours, theirs = [], []
    for number in range(LETTERS + 1):
        make_filing("kela", answers=replace(ANSWERS, language=language if kind == "reading_copy" else "fi"))
        letter = Letter.objects.filter(kind=kind, state="wanted").latest("created_at")
        claimed = pipeline.claim(letter_id=letter.id)
        assert claimed is not None
        took, beside = seconds(lambda one=claimed: pipeline.render(one)), seconds(lambda: bare(html))  # type: ignore[misc]
        assert Letter.objects.get(id=letter.id).state == "ready"
        if number:
            # The first of each also loads fonts and styles.
            ours.append(took)
            theirs.append(beside)
    ratio = statistics.median(ours) / statistics.median(theirs)
    figure(f"{arm}: seconds of the whole way, median", statistics.median(ours))
    figure(f"{arm}: seconds of a bare engine, median", statistics.median(theirs))
    figure(f"{arm}: ratio", ratio)
    assert ratio < MOST


def test_memory_stays_flat(figure: Figure) -> None:
    """What the process holds grows with the first letters (fonts, caches) and not with the later ones."""
    whole = facts()

    def held() -> int:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096

    for _ in range(max(LETTERS, 3)):
        letters.make("request", language="fi", facts=whole, made_at=MADE_AT)
    before = held()
    for _ in range(LETTERS * 3):
        letters.make("request", language="fi", facts=whole, made_at=MADE_AT)
    growth = held() / before - 1
    figure(f"growth of memory after {LETTERS * 3} more letters", growth)
    assert growth < 0.25
