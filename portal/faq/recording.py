"""What an import records of the texts that it wrote: a revision for each language, and the state of each field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.faq.models import FieldState, Revision, Translation
from portal.faq.revisions import found
from portal.faq.units import SOURCE, Unit

_RECORDED = ("status", "source_digest", "imported_digest", "text_at", "at", "user", "user_name")


@dataclass(frozen=True, slots=True)
class FromFile:
    """What an import did to one language of a text.

    `before` are the texts as they were, `changed` the fields that are others now, `sources` the digests of what the
    file was translated from, `imported` those of what the file says, where fields are imported one by one.
    `restates` says that the file gives the whole text another status.
    """

    row: Translation
    before: Mapping[str, str]
    changed: Collection[str]
    status: str
    sources: Mapping[str, str]
    restates: bool = False
    imported: Mapping[str, str] = field(default_factory=dict)


def record_import(unit: Unit, brought: Iterable[FromFile], now: datetime) -> None:
    """Record what an import has written to the columns of a text; what is as it was is not written again.

    A field without a state, of a database older than these records, is taken for made from today's source.
    """
    brought = list(brought)
    rows = [one.row for one in brought]
    known = set(Revision.objects.filter(translation__in=rows).values_list("translation", flat=True))
    states: dict[int, dict[str, FieldState]] = {row.pk: {} for row in rows}
    for state in FieldState.objects.filter(translation__in=rows):
        states[state.translation_id][state.field] = state
    revisions: list[Revision] = []
    made: list[FieldState] = []
    updated: list[FieldState] = []
    gone: list[int] = []
    for one in brought:
        old = states[one.row.pk]
        texts = unit.texts(one.row.language)
        gone += [old[key].pk for key in old if not texts.get(key)]
        for key in (key for key, text in texts.items() if text):
            is_new = key not in old
            state = old.setdefault(
                key, FieldState(translation=one.row, field=key, text_at=one.row.updated_at)
            )
            if _set(state, one, now, is_new=is_new):
                (made if is_new else updated).append(state)
        if one.row.pk not in known and any(one.before.values()):
            revisions.append(found(one.row, one.before))
        if one.changed:
            revisions.append(_revision(one, texts, old, now))
    if gone:
        FieldState.objects.filter(pk__in=gone).delete()
    FieldState.objects.bulk_create(made)
    FieldState.objects.bulk_update(updated, _RECORDED)
    Revision.objects.bulk_create(revisions)


def _set(state: FieldState, one: FromFile, now: datetime, *, is_new: bool) -> bool:
    """Bring the state of a field in line with what was imported, and say whether it is another one now."""
    imported = one.imported.get(state.field, state.imported_digest)
    is_news = is_new or state.field in one.changed or one.restates
    if not is_news and imported == state.imported_digest:
        return False
    state.imported_digest = imported
    if is_news:
        state.status = one.status
        state.source_digest = "" if one.row.language == SOURCE else one.sources.get(state.field, "")
        state.text_at = now if state.field in one.changed else state.text_at
        state.at, state.user, state.user_name = now, None, ""
    return True


def _revision(
    one: FromFile, texts: Mapping[str, str], states: Mapping[str, FieldState], now: datetime
) -> Revision:
    return Revision(
        translation=one.row,
        texts=dict(texts),
        sources={
            key: states[key].source_digest for key in texts if key in states and states[key].source_digest
        },
        status=one.status,
        origin=Revision.Origin.FILES,
        made_at=now,
        applied_at=now,
    )
