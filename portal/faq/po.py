"""A language as a PO file for translators outside: one entry per field, its Finnish text and its translation.

The context of an entry is `<slug>.<field>`; its comment holds the digests of the Finnish text and of the translation
that went out.  What comes back is checked whole before anything is stored: a text that is another one here by now, a
field that is not there, or markup that the reviewed files could not have either refuses the file, with the line and
the reason of everything that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polib
from django.db import transaction
from django.utils.translation import gettext as _

from portal.faq.checking import cleaned, fault_in, in_words, strange_to
from portal.faq.content import field_digest, unseen_fault
from portal.faq.models import Revision
from portal.faq.revisions import Author, Compared, beginning, made_from, save, source_texts
from portal.faq.units import SOURCE, Field, Unit, all_units, outdated
from portal.languages import BY_CODE

MAX_BYTES: Final = 1_000_000
"""The largest file that is read: many times the FAQ and the glossary in any language."""

_SHOWN: Final = 16
_NONE: Final = "none"
_COMMENT: Final = re.compile(r"^source revision: (\w+)\ntranslation revision: (\w+)$", re.MULTILINE)
_LINE: Final = re.compile(r"\(line (\d+)\)")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong in a file: its line, and what in words."""

    line: int
    reason: str


class RefusedFile(Exception):
    """A file of which nothing was imported, because of `faults`."""

    def __init__(self, faults: list[Wrong]) -> None:
        super().__init__("\n".join(f"line {fault.line}: {fault.reason}" for fault in faults))
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did: the keys of the texts that were saved, and of those that were the same already."""

    saved: tuple[str, ...]
    same: tuple[str, ...]


# --------------------------------------------------------------------------------------------------------- export
def export(language: str) -> str:
    """Return the PO file of a language; raises KeyError for one that nothing is translated into."""
    _refuse_source(language)
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Project-Id-Version": "Tietoni FAQ",
        "Language": BY_CODE[language].locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for unit in all_units():
        file.extend(_entries(unit, language))
    return f"{file}\n"


def _entries(unit: Unit, language: str) -> Iterator[polib.POEntry]:
    """Yield an entry for each field that the source has; what is out of date is fuzzy, beside its former source."""
    texts, _waiting = beginning(unit, language)
    origins = made_from(unit, language)
    old = set(outdated(origins, unit.digests()))
    former = source_texts(unit) if old else {}
    for field in unit.fields:
        source = unit.text(field.key, SOURCE)
        if not source:
            continue
        revisions = f"source revision: {_short(source)}\ntranslation revision: {_short(texts[field.key])}"
        yield polib.POEntry(
            msgctxt=f"{unit.key}.{field.key}",
            msgid=source,
            msgstr=texts[field.key],
            comment=f"{field.label}\n{revisions}",
            flags=["fuzzy"] if field.key in old and texts[field.key] else [],
            previous_msgid=former.get(origins[field.key]) if field.key in old else None,
        )


# --------------------------------------------------------------------------------------------------------- import
@transaction.atomic
def take(content: bytes, language: str, *, status: str, by: Author) -> Taken:
    """Import a PO file whole, or raise RefusedFile and import nothing.

    Entries that are empty or still fuzzy are passed over: their translator left them for later.  A text that comes
    back unchanged and no longer fuzzy counts as compared with today's source.
    """
    _refuse_source(language)
    units = {unit.key: unit for unit in all_units()}
    texts = _checked(_parsed(content, language), units, language)
    saved: list[str] = []
    same: list[str] = []
    for key, fields in texts.items():
        unit = units[key]
        compared = Compared(sources=unit.digests(), confirmed=tuple(fields))
        revision = save(
            unit, language, fields, status=status, by=by, compared=compared, origin=Revision.Origin.PO
        )
        (same if revision is None else saved).append(key)
    return Taken(tuple(saved), tuple(same))


def _parsed(content: bytes, language: str) -> polib.POFile:
    """Return the file; raises RefusedFile for what is no PO file of this language."""
    if len(content) > MAX_BYTES:
        raise RefusedFile([Wrong(1, _("The file is larger than 1 megabyte."))])
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RefusedFile([Wrong(line, _("The file is not UTF-8."))]) from error
    if fault := unseen_fault(text):
        raise RefusedFile([Wrong(fault.line + 1, in_words(fault))])
    try:
        # polib takes a text that is the path of a file for that file; none has a path that ends like this.
        file = polib.pofile(f"{text}\n\n#\n")
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        line = int(found[1]) if (found := _LINE.search(str(error))) else 1
        raise RefusedFile([Wrong(line, _("This is no PO file."))]) from error
    if file.metadata.get("Language", "") not in _names(language):
        wanted = BY_CODE[language].locale
        raise RefusedFile([Wrong(1, _("The file must say “Language: %(language)s”.") % {"language": wanted})])
    return file


def _checked(file: polib.POFile, units: dict[str, Unit], language: str) -> dict[str, dict[str, str]]:
    """Return the texts by unit and field; raises RefusedFile with everything that is wrong."""
    faults: list[Wrong] = []
    texts: dict[str, dict[str, str]] = {}
    here = {key: beginning(unit, language)[0] for key, unit in units.items()}
    seen: set[str] = set()
    for entry in file:
        if entry.obsolete:
            continue
        try:
            unit, field = _place(entry, units, seen)
            text = _text(entry, unit, field, here[unit.key][field.key])
        except _Refused as refused:
            faults.append(Wrong(entry.linenum or 1, str(refused)))
            continue
        if text:
            texts.setdefault(unit.key, {})[field.key] = text
    if not seen and not faults:
        faults.append(Wrong(1, _("There is no entry in the file.")))
    if faults:
        raise RefusedFile(faults)
    return texts


class _Refused(Exception):
    """Why one entry refuses the file, in words."""


def _place(entry: polib.POEntry, units: dict[str, Unit], seen: set[str]) -> tuple[Unit, Field]:
    """Return where an entry belongs; raises _Refused."""
    context = entry.msgctxt or ""
    key, _dot, name = context.partition(".")
    try:
        place = units[key], units[key].field(name)
    except KeyError:
        raise _Refused(_("There is no such text here: %(context)s.") % {"context": context or "–"}) from None
    if context in seen:
        raise _Refused(_("%(context)s stands there twice.") % {"context": context})
    seen.add(context)
    return place


def _text(entry: polib.POEntry, unit: Unit, field: Field, here: str) -> str:
    """Return the translation in an entry, "" for none; raises _Refused."""
    source = unit.text(field.key, SOURCE)
    revisions = _COMMENT.search(entry.comment)
    if entry.msgid_plural or not revisions:
        raise _Refused(_("This is no entry of a file that was exported here."))
    if entry.msgid != source or revisions[1] != _short(source):
        raise _Refused(_("The Finnish text is another one today. Export the file again."))
    if entry.fuzzy or not entry.msgstr.strip():
        return ""
    text = cleaned(field, entry.msgstr)
    if revisions[2] != _short(here) and text != here:
        raise _Refused(_("The translation was changed here after the file was exported. Export it again."))
    fault = fault_in(field, text) or strange_to(source, text, field=field)
    if fault is not None:
        raise _Refused(in_words(fault))
    return text


def _short(text: str) -> str:
    return field_digest(text)[:_SHOWN] or _NONE


def _names(language: str) -> set[str]:
    known = BY_CODE[language]
    return {known.code, known.html, known.locale}


def _refuse_source(language: str) -> None:
    if language == SOURCE or language not in BY_CODE:
        raise KeyError(language)
