"""Threads share one engine without harm; a forked child makes its own and gives the same bytes."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.unit.portal.papers import samples

ROOT = Path(__file__).resolve().parents[4]
LANGUAGES = ("fi", "ar", "zh-hans", "vi")


def test_threads_give_the_same_bytes_as_one() -> None:
    alone = {language: samples.make(samples.letter(language), language).pdf for language in LANGUAGES}
    work = list(LANGUAGES) * 6
    threshold = gc.get_threshold()
    gc.set_threshold(100)  # Cycles are freed in whichever thread comes by: the engine's objects among them.
    try:
        with ThreadPoolExecutor(max_workers=6) as pool:
            made = list(pool.map(lambda language: samples.make(samples.letter(language), language).pdf, work))
    finally:
        gc.set_threshold(*threshold)
    assert made == [alone[language] for language in work]


def test_waiting_for_another_letter_takes_nothing_of_ones_time() -> None:
    from portal.papers.limits import Limits

    errors: list[BaseException] = []

    def one() -> None:
        try:
            samples.make(samples.reading_copy("ar"), "ar", bounds=Limits(seconds=20))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


FORK = """
import hashlib, os, sys, threading, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forks beside threads; that is the point.
from tests.unit.portal.papers import samples

def digest():
    return hashlib.sha256(samples.make(samples.letter("ar"), "ar").pdf).hexdigest()

def in_child(levels):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = digest() if levels == 1 else in_child(levels - 1)
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return answer

here = digest()
assert in_child(1) == here, "a child of a process that has rendered"
assert in_child(2) == here, "a grandchild"
stop = threading.Event()
def busy():
    while not stop.is_set():
        digest()
worker = threading.Thread(target=busy)
worker.start()
for _ in range(4):
    assert in_child(1) == here, "a child forked while another thread renders"
stop.set()
worker.join()
assert digest() == here, "the parent, afterwards"
print("ok")
"""


def test_forked_children_render_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", FORK], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr


@pytest.mark.parametrize("where", ["portal.papers.renderer", "portal.papers.fonts", "portal.papers.codes"])
def test_importing_loads_no_engine(where: str) -> None:
    script = (
        f"import sys, {where}; print([m for m in ('weasyprint', 'pyhanko', 'fontTools') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
