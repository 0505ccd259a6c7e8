"""Words for the kinds of letters."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "request": _("the person's request"),
    "reading_copy": _("reading copy for the person"),
    "bundle": _("All letters to print, each with a sheet on what to do"),
    "reminder": _("reminder"),
    "reminder_copy": _("reading copy of the reminder"),
    "complaint": _("complaint to the Data Protection Ombudsman"),
    "complaint_copy": _("reading copy of the complaint"),
    "acknowledgement": _("acknowledgement of receipt"),
    "identity_request": _("question about identity"),
    "extension": _("notice of extension"),
    "answer": _("notice of answer"),
    "refusal": _("refusal"),
    "transfer": _("notice of transfer"),
}


def kind_text(kind: str) -> str:
    """Return the name of a kind of letter in the active language."""
    return str(KINDS[kind])
