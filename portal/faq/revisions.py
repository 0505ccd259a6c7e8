"""What state the public FAQ is in, as one short text: whoever keeps pages of it compares that."""

from __future__ import annotations

import hashlib

from portal.faq.models import ChangeNote, Entry, Translation


def content_revision() -> str:
    """Return a digest that changes whenever anything public of the FAQ does; four small queries, no texts.

    The texts themselves are not read: an import or an edit that changes one writes the state of its translation.
    """
    rows = (
        *Entry.related.through.objects.order_by("pk").values_list("from_entry", "to_entry"),
        *Entry.objects.order_by("pk").values_list("pk", "slug", "number", "group", "written", "updated_at"),
        *ChangeNote.objects.order_by("pk").values_list("pk", "entry", "position", "date"),
        *Translation.objects.order_by("pk").values_list(
            "entry", "language", "status", "imported_digest", "updated_at"
        ),
    )
    return hashlib.sha256(repr(rows).encode()).hexdigest()
