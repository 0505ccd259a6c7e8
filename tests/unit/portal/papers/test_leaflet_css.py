"""The leaflet's stylesheet: understood by the engine, free of left and right, on half a sheet of A4."""

from __future__ import annotations

import re

from portal.papers import fonts, renderer
from tests.unit.portal.papers import samples

SHEET = renderer.HERE / "leaflet.css"
RULES = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_every_rule_is_understood() -> None:
    assert samples.complaints(SHEET) == []


def test_directions_are_logical() -> None:
    assert not re.search(r"\b(left|right)\b", RULES)


def test_every_family_is_one_that_is_built() -> None:
    assert set(re.findall(r'"(Tietoni [A-Z][a-z]+)"', RULES)) == set(fonts.FAMILIES)
