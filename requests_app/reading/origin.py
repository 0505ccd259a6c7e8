"""Tells of a PDF or of a letter's code whether we made it: when, what kind, for which holder; never for whom."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from requests_app.doors import letters
from requests_app.models import Letter
from requests_app.rules import references
from requests_app.wording.papers import kind_text


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known: `verdict` is `unchanged`, `added`, `changed`, `not_ours`, `unreadable` or `unknown_code`."""

    verdict: str
    made_on: date | None = None
    kind: str = ""
    holder: str = ""

    @property
    def is_ours_unchanged(self) -> bool:
        """Whether the file is a letter of this portal exactly as it was made."""
        return self.verdict == "unchanged"

    def lines(self) -> list[str]:
        """Return what is known as sentences in the active language."""
        told = [_VERDICTS[self.verdict]()]
        if self.made_on:
            told.append(_("Made on: %(day)s") % {"day": date_format(self.made_on, "DATE_FORMAT")})
        if self.kind:
            told.append(_("Kind of letter: %(kind)s") % {"kind": kind_text(self.kind)})
        if self.holder:
            told.append(_("Register holder: %(holder)s") % {"holder": self.holder})
        return told


_VERDICTS = {
    "unchanged": lambda: _("Tietoni made this letter, and it has not been changed."),
    "known_code": lambda: _(
        "Tietoni made a letter with this code. To see whether your copy is unchanged, give us the file."
    ),
    "added": lambda: _("Tietoni made this letter, and something was added to it afterwards."),
    "changed": lambda: _("This file carries the seal of Tietoni, but it has been changed."),
    "not_ours": lambda: _("Tietoni did not make this file, or its seal has been removed."),
    "unreadable": lambda: _("This is not a PDF file that can be read."),
    "unknown_code": lambda: _(
        "Tietoni has no letter with this code. It may have been deleted when its time was over."
    ),
}


# What the problems that `portal.papers.seal.check` finds mean for a reader; all others mean that it is not ours.
_ADDED = ("appended", "broken-signature")
_CHANGED = ("altered", "changed")
_UNREADABLE = ("not-pdf", "damaged", "too-heavy", "encrypted")


def of_pdf(pdf: bytes) -> Origin:
    """Return what is known of a PDF file; any bytes may be given."""
    letter = Letter.objects.filter(sha256=hashlib.sha256(pdf).digest()).select_related("case__holder").first()
    report = letters.check_pdf(pdf)
    sealed_on = timezone.localdate(report.sealed_at) if report.sealed_at else None
    if report.ours and report.unchanged:
        return _known("unchanged", letter, sealed_on)
    if report.problem in _ADDED:
        return _known("added", letter, sealed_on)
    if report.problem in _CHANGED:
        return Origin("changed")
    return Origin("unreadable" if report.problem in _UNREADABLE else "not_ours")


def of_code(text: str) -> Origin:
    """Return what is known of the code that a letter prints; raises references.BadReference for no such form."""
    code = references.parse_code(text)
    letter = Letter.objects.filter(code=code, state=Letter.State.READY).select_related("case__holder").first()
    return _known("known_code", letter, None) if letter else Origin("unknown_code")


def _known(verdict: str, letter: Letter | None, sealed_on: date | None) -> Origin:
    if letter is None:
        return Origin(verdict, sealed_on)
    return Origin(verdict, timezone.localdate(letter.created_at), letter.kind, str(letter.case.holder))
