"""Brings the stored glossary in line with its reviewed files, term by term, under the same rule as the answers:
what an editor has changed since the last import is left alone (`importing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation

from portal.faq.content import field_digest
from portal.faq.glossary_files import Glossary, Word
from portal.faq.importing import Imported
from portal.faq.models import FieldState, Term, Translation
from portal.faq.recording import FromFile, record_import
from portal.faq.revisions import published
from portal.faq.units import GLOSSARY, SOURCE, GlossaryUnit, glossary_unit
from portal.languages import DEFAULT

_FIELDS = ("term", "text")


@transaction.atomic
def import_glossaries(glossaries: Iterable[Glossary]) -> Imported:
    """Store the glossaries (`glossary_files.read_glossaries`); running it again changes nothing.

    A term that changes is unreviewed; a glossary that an editor has taken away from readers stays away.
    """
    done = Imported()
    glossaries = tuple(glossaries)
    if not glossaries:
        return done
    now = timezone.now()
    with translation.override(DEFAULT):
        _shape(glossaries[0].words, done)
        unit = glossary_unit()
        sources = _sources(unit, glossaries)
        rows = {row.language: row for row in Translation.objects.filter(entry=None)}
        brought = [_import_one(unit, one, rows.get(one.language), sources, done, now) for one in glossaries]
        if any(one.changed for one in brought):
            for term in unit.terms:
                term.save()
        record_import(unit, brought, now)
    if done.is_news:
        published()
    return done


def _shape(words: Sequence[Word], done: Imported) -> None:
    """Make the terms that are missing, in the order of the files, with the Finnish word of each."""
    rows = {row.key: row for row in Term.objects.select_for_update()}
    for place, word in enumerate(words, start=1):
        row = rows.get(word.key) or Term(key=word.key)
        if (row.position, row.finnish) != (place, word.finnish):
            row.position, row.finnish = place, word.finnish
            row.save()
            done.is_news = True


def _import_one(
    unit: GlossaryUnit,
    glossary: Glossary,
    row: Translation | None,
    sources: dict[str, str],
    done: Imported,
    now: datetime,
) -> FromFile:
    """Set what one language's file changes and no editor forbids; the terms are stored once for all languages."""
    language = glossary.language
    if row is None:
        row = Translation.objects.create(entry=None, language=language, updated_at=now)
    before = unit.texts(language)
    imported = dict(FieldState.objects.filter(translation=row).values_list("field", "imported_digest"))
    wanted: dict[str, str] = {}
    for word in glossary.words:
        texts = {f"{word.key}.{name}": str(getattr(word, name)) for name in _FIELDS}
        own = {key: before[key] for key in texts}
        edited = any(text and field_digest(text) != imported.get(key, "") for key, text in own.items())
        name = f"{language}/{GLOSSARY}.{word.key}"
        if edited and own != texts:
            done.kept.append(name)
            continue
        wanted |= texts
        (done.unchanged if own == texts else done.changed if any(own.values()) else done.made).append(name)
    changed = unit.assign(language, wanted)
    status = (
        Translation.Status.DRAFT if row.status == Translation.Status.DRAFT else Translation.Status.UNREVIEWED
    )
    if changed:
        row.status, row.updated_at = status, now
        row.save()
        done.is_news = True
    digests = {key: field_digest(text) for key, text in wanted.items()}
    return FromFile(row, before, changed, status, sources, imported=digests)


def _sources(unit: GlossaryUnit, glossaries: Sequence[Glossary]) -> dict[str, str]:
    """Return the digests of what the files were translated from: the Finnish file, else what is stored."""
    source = next((one for one in glossaries if one.language == SOURCE), None)
    if source is None:
        return unit.digests()
    return {
        f"{word.key}.{name}": field_digest(getattr(word, name)) for word in source.words for name in _FIELDS
    }
