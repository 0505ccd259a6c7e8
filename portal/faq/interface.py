"""How far the words of the interface have come in each language, read from the message files (gettext).

gettext knows no review.  A message file counts as reviewed where its first comment has a line `Reviewed: 2027-01-31`
(docs/translations.md); a `fuzzy` message is one whose source changed after its translation was made.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import polib
from django.conf import settings

from portal.faq.progress import Tally
from portal.languages import LANGUAGES

SOURCE_MESSAGES: Final = "en"
"""English is the language of the sources of the code, so its file has every message."""

_REVIEWED: Final = re.compile(r"^\W*Reviewed: \d{4}-\d{2}-\d{2}", re.MULTILINE)
_Key = tuple[str | None, str]


def interface_tallies() -> dict[str, Tally]:
    """Return the sums of messages for each language; nothing is complete where there is no file."""
    files = {language.code: _read(language.locale) for language in LANGUAGES}
    source = files.get(SOURCE_MESSAGES)
    wanted = {_key(entry) for entry in source if not entry.obsolete} if source is not None else set()
    return {code: _tally(file, wanted) for code, file in files.items()}


def _tally(file: polib.POFile | None, wanted: set[_Key]) -> Tally:
    if file is None:
        return Tally(total=len(wanted))
    own = {_key(entry): entry for entry in file if not entry.obsolete}
    complete = sum(own[key].translated() for key in wanted if key in own)
    stale = [key for key, entry in own.items() if entry.fuzzy or key not in wanted]
    reviewed = bool(_REVIEWED.search(file.header))
    return Tally(
        total=len(wanted), complete=complete, unreviewed=0 if reviewed else complete, outdated=len(stale)
    )


def _read(locale: str) -> polib.POFile | None:
    path = Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.po"
    return polib.pofile(str(path)) if path.exists() else None


def _key(entry: polib.POEntry) -> _Key:
    return entry.msgctxt, entry.msgid
