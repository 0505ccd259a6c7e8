"""`manage.py translations`: how far each language has come, for people and for scripts."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from portal.faq.revisions import Compared, save, withdraw
from portal.faq.units import GLOSSARY
from portal.languages import LANGUAGES
from tests.small_faq import MINE, NOBODY, OTHER, import_small_faq, the

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _faq() -> None:
    import_small_faq(glossary=True)


def run(**options: bool) -> str:
    out = StringIO()
    call_command("translations", stdout=out, **options)
    return out.getvalue()


def found() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(run(json=True))
    return parsed


def tally(total: int, complete: int, unreviewed: int, outdated: int) -> dict[str, int]:
    return {"total": total, "complete": complete, "unreviewed": unreviewed, "outdated": outdated}


def test_it_has_every_language_with_faq_glossary_and_interface() -> None:
    answer = found()

    assert list(answer) == [language.code for language in LANGUAGES]
    assert all(set(parts) == {"faq", "glossary", "interface"} for parts in answer.values())
    assert answer["ar"]["faq"] == tally(2, 2, 2, 0)
    assert answer["ar"]["glossary"] == tally(20, 20, 20, 0)
    assert answer["en"]["interface"]["total"] > 500


def test_it_follows_what_editors_do() -> None:
    save(the(MINE), "fi", {"short": "Uusi."}, status="reviewed", by=NOBODY)
    save(the(OTHER), "sv", {}, status="reviewed", by=NOBODY, compared=Compared(the(OTHER).digests()))
    withdraw(the(OTHER), "en", by=NOBODY)
    save(the(GLOSSARY), "fi", {"registry.text": "Uusi."}, status="unreviewed", by=NOBODY)
    save(the(GLOSSARY), "ar", {"registry.text": ""}, status="unreviewed", by=NOBODY)

    answer = found()

    assert answer["fi"]["faq"] == tally(2, 2, 1, 0)
    assert answer["sv"]["faq"] == tally(2, 2, 1, 1)
    assert answer["en"]["faq"] == tally(2, 1, 1, 1)
    assert answer["sv"]["glossary"] == tally(20, 20, 20, 1)
    assert answer["ar"]["glossary"] == tally(20, 19, 19, 0)


def test_people_get_a_table() -> None:
    lines = run().splitlines()

    assert lines[0] == "complete · unreviewed · out of date"
    assert lines[1].split() == ["faq", "glossary", "interface"]
    assert [line.split()[0] for line in lines[2:]] == [language.code for language in LANGUAGES]
    assert lines[2].startswith("fi        2/2 · 2 · 0           20/20 · 20 · 0")
