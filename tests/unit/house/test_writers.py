"""The house: state has one writer, personal fields are listed, and every letter kind has what it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from requests_app.actions.retention import NOT_PERSONAL, PERSONAL_FIELDS

ROOT = Path(__file__).parents[3]
OWNED_BY_LIFECYCLE = frozenset(
    {
        "state", "due_on", "latest_on", "received_on", "receipt_basis", "posted_on",
        "extended_told_on", "closed_on", "head_number", "head_mac",
    }
)  # fmt: skip
WRITERS = {"requests_app/actions/lifecycle.py", "requests_app/actions/chain.py"}
# Purging empties rows after the case's last event, and says in its own words why it may.
MAY_UPDATE_STATE = {"requests_app/actions/retention.py"}


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("requests_app", "portal"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name:
                yield name, ast.parse(path.read_text())


def _writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield assignments to attributes of a case that lifecycle owns, and updates of case rows."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                if (
                    isinstance(part, ast.Attribute)
                    and part.attr in OWNED_BY_LIFECYCLE
                    and isinstance(part.value, ast.Name)
                    and part.value.id in {"case", "new", "moved"}
                ):
                    yield part.lineno, part.attr
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "update"
            and "Case.objects" in ast.unparse(node.func.value)
        ):
            for keyword in node.keywords:
                if keyword.arg in OWNED_BY_LIFECYCLE:
                    yield node.lineno, keyword.arg


def test_only_lifecycle_writes_the_state_of_a_case() -> None:
    found = {
        f"{name}:{line} {field}"
        for name, tree in _sources()
        if name not in WRITERS | MAY_UPDATE_STATE
        for line, field in _writes(tree)
    }
    assert not found


def test_the_rule_sees_a_planted_write() -> None:
    planted = ast.parse("case.state = 'answered'\nCase.objects.filter(id=1).update(due_on=None)\n")
    assert [field for _, field in _writes(planted)] == ["state", "due_on"]


def _stored_texts() -> Iterator[str]:
    kinds = (models.BinaryField, models.CharField, models.TextField, models.EmailField, models.JSONField)
    for model in apps.get_app_config("requests_app").get_models():
        if model._meta.proxy:
            continue  # Its fields are those of the model that it stands for.
        for field in model._meta.get_fields():
            if isinstance(field, kinds):
                # A column per language (django-modeltranslation) holds what its field holds.
                original = getattr(field, "translated_field", field)
                yield f"{model._meta.model_name}.{original.name}"


def test_every_field_that_could_be_personal_is_sorted() -> None:
    unsorted_fields = set(_stored_texts()) - set(PERSONAL_FIELDS) - NOT_PERSONAL
    assert not unsorted_fields


def test_the_lists_name_only_fields_that_exist() -> None:
    for name in {*PERSONAL_FIELDS, *NOT_PERSONAL}:
        model, _, field = name.partition(".")
        apps.get_model("requests_app", model)._meta.get_field(field)


def test_no_field_is_on_both_lists() -> None:
    assert not set(PERSONAL_FIELDS) & NOT_PERSONAL


@pytest.mark.parametrize("app", ["requests_app", "portal"])
def test_nobody_connects_signals(app: str) -> None:
    for path in (ROOT / app).rglob("*.py"):
        source = path.read_text()
        assert "django.dispatch" not in source, path
        assert "db.models.signals" not in source, path
