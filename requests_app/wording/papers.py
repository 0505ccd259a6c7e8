"""Words for the kinds of letters."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "request": _("request to see one's own data"),
    "reading_copy": _("reading copy for the person"),
    "identity_request": _("question about identity"),
    "extension": _("notice of extension"),
    "answer": _("notice of answer"),
    "refusal": _("refusal"),
    "transfer": _("notice of transfer"),
}


def kind_text(kind: str) -> str:
    """Return the name of a kind of letter in the active language."""
    return str(KINDS[kind])
