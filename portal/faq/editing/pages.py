"""What the editors' pages show: each field beside its source, what changed in the source, and the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from portal.faq.content import field_digest
from portal.faq.differences import changes
from portal.faq.editing.forms import TextForm
from portal.faq.models import FieldState, Revision
from portal.faq.revisions import history, source_texts
from portal.faq.units import SOURCE, Unit


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One field: what is typed, its source, and, where that changed since, how; `fits` is the box that confirms."""

    bound: BoundField
    source_digest: BoundField
    source: str
    is_markdown: bool
    is_outdated: bool
    source_changes: SafeString
    fits: BoundField | None
    state: FieldState | None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a revision that is not what it was before."""

    label: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One line of the history: a revision, and the names of the fields that it changed."""

    revision: Revision
    labels: str


def fields_of(
    unit: Unit, language: str, form: TextForm, origins: Mapping[str, str], outdated: list[str]
) -> list[FieldPage]:
    """Return every field of a text for its page; `origins` are the digests that each was made from."""
    states = {
        state.field: state
        for state in FieldState.objects.filter(translation__in=unit.translations().filter(language=language))
    }
    former = source_texts(unit) if outdated else {}
    found = []
    for field in unit.fields:
        source = unit.text(field.key, SOURCE)
        before = former.get(origins.get(field.key, ""), "") if field.key in outdated else ""
        found.append(
            FieldPage(
                bound=form[field.key],
                source_digest=form[f"source-{field.key}"],
                source=source,
                is_markdown=field.form == "markdown",
                is_outdated=field.key in outdated,
                source_changes=changes(before, source) if before else SafeString(),
                fits=form[f"fits-{field.key}"] if field.key in outdated else None,
                state=states.get(field.key),
            )
        )
    return found


def history_lines(unit: Unit, language: str, *, most: int) -> list[RevisionLine]:
    """Return the newest revisions of a text, each with what it changed compared with the one before it."""
    rows = list(history(unit, language)[: most + 1])
    befores = [*rows[1:], None]
    return [
        RevisionLine(row, ", ".join(label for _key, label in _changed(unit, row, before)))
        for row, before in list(zip(rows, befores, strict=True))[:most]
    ]


def changes_of(unit: Unit, language: str, revision: Revision) -> list[Change]:
    """Return what a revision changed, compared with the one before it."""
    before = history(unit, language).filter(pk__lt=revision.pk).first()
    old = before.texts if before else {}
    return [
        Change(label, changes(old.get(key, ""), revision.texts.get(key, "")))
        for key, label in _changed(unit, revision, before)
    ]


def _changed(unit: Unit, revision: Revision, before: Revision | None) -> list[tuple[str, str]]:
    """Return key and name of each field that a revision changed; a field gone since is named by its key."""
    labels = {field.key: field.label for field in unit.fields}
    old = before.texts if before else {}
    keys = [*labels, *(key for key in {**old, **revision.texts} if key not in labels)]
    return [
        (key, labels.get(key, key))
        for key in keys
        if field_digest(old.get(key, "")) != field_digest(revision.texts.get(key, ""))
    ]
