"""Reads the letters of a filing for its person: those to the holder, those from it, and the copies to keep."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.languages import BY_CODE, DEFAULT, Language
from requests_app.doors import places, vault
from requests_app.models import Case, Letter
from requests_app.rules.dates import today_in_finland
from requests_app.wording.papers import kind_text

AT_FILING: Final = (Letter.Kind.REQUEST, Letter.Kind.READING_COPY, Letter.Kind.BUNDLE)
LATER: Final = (
    Letter.Kind.REMINDER,
    Letter.Kind.REMINDER_COPY,
    Letter.Kind.COMPLAINT,
    Letter.Kind.COMPLAINT_COPY,
)
"""What the person had written when nobody answered, or when the answer was not right."""


@dataclass(frozen=True, slots=True)
class LetterLink:
    """A letter of a case; `state` is `wanted`, `ready` or `failed`."""

    id: uuid.UUID
    kind: str
    name: str
    language: Language
    made_on: date
    state: str


def of_cases(cases: Sequence[Case]) -> dict[uuid.UUID, list[Letter]]:
    """Return the letters of `cases` that were not purged, by case, the oldest first, in one query, unopened."""
    found: dict[uuid.UUID, list[Letter]] = {case.id: [] for case in cases}
    rows = (
        Letter.objects.filter(case__in=list(found))
        .exclude(state=Letter.State.PURGED)
        .only("id", "case_id", "kind", "language", "number", "state", "created_at")
    )
    for row in rows.order_by("created_at", "number", "id"):
        found[row.case_id].append(row)
    return found


def link(letter: Letter) -> LetterLink:
    """Return what a page shows of a letter, in the active language."""
    return LetterLink(
        id=letter.id,
        kind=letter.kind,
        name=kind_text(letter.kind),
        language=BY_CODE.get(letter.language, BY_CODE[DEFAULT]),
        made_on=today_in_finland(letter.created_at),
        state=letter.state,
    )


@dataclass(frozen=True, slots=True)
class LetterHead:
    """What is known of a letter without opening it."""

    id: uuid.UUID
    filing_id: uuid.UUID
    case_id: uuid.UUID
    holder: str
    kind: str
    number: int
    state: str

    @property
    def file_name(self) -> str:
        """A name that tells neither the reference nor the person, for computers that others use too."""
        name = {"request": "letter"}.get(self.kind, self.kind.replace("_", "-"))
        again = f"-{self.number}" if self.number > 1 else ""
        return f"{name}-{self.holder.replace('_', '-')}{again}.pdf"


def head(filing_id: uuid.UUID, letter_id: uuid.UUID) -> LetterHead | None:
    """Return what is known of a letter of this filing, or None."""
    row = (
        Letter.objects.filter(id=letter_id, case__filing_id=filing_id, case__filing__purged_at=None)
        .select_related("case")
        .defer("pdf_sealed", "facts_sealed")
        .first()
    )
    if row is None:
        return None
    return LetterHead(row.id, filing_id, row.case_id, row.case.holder_id, row.kind, row.number, row.state)


def pdf(head: LetterHead) -> bytes:
    """Return the PDF of a letter that is ready; raises `vault.Unreadable`."""
    sealed = Letter.objects.filter(id=head.id).values_list("pdf_sealed", flat=True).first()
    return vault.key_of(head.filing_id).open(places.letter_pdf(head.id), sealed)
