"""Sends optional e-mails: claimed under a lease, sent, marked; at most a few tries, and never the cause of a delay."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from requests_app.doors import mail, places, vault
from requests_app.models import Notice
from requests_app.rules import references
from requests_app.rules.answers import Answers

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 6


def _claim() -> Notice | None:
    with transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lte=timezone.now())
        notice = (
            Notice.objects.select_for_update(skip_locked=True)
            .filter(free, state=Notice.State.WANTED)
            .order_by("id")
            .first()
        )
        if notice is None:
            return None
        notice.lease_until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
        notice.lease_token = uuid.uuid4()
        notice.attempts = F("attempts") + 1
        notice.save(update_fields=["lease_until", "lease_token", "attempts"])
    notice.refresh_from_db()
    return notice


def send_waiting() -> int:
    """Send every notice that waits; returns how many were sent. Does nothing without a mail server."""
    sent = 0
    while mail.can_send() and (notice := _claim()) is not None:
        sent += _send(notice)
    return sent


def _send(notice: Notice) -> bool:
    filing = notice.filing
    mine = Notice.objects.filter(id=notice.id, lease_token=notice.lease_token)
    try:
        key = vault.key_of(filing.id)
        answers = Answers.from_json(key.open_json(places.answers(filing.id), filing.answers_sealed))
        mail.send(
            notice.message,
            to=answers.email,
            language=answers.language,
            reference=references.show(filing.reference),
        )
    except (mail.NotSent, vault.Unreadable) as error:
        log.warning("a notice was not sent: %s", type(error).__name__)
        over = notice.attempts >= MAX_ATTEMPTS or isinstance(error, vault.Unreadable)
        wait = min(settings.LEASE_SECONDS * 2**notice.attempts, 6 * 3600)
        mine.update(
            state=Notice.State.FAILED if over else Notice.State.WANTED,
            lease_until=timezone.now() + timedelta(seconds=wait),
            lease_token=None,
        )
        return False
    return bool(
        mine.update(state=Notice.State.SENT, sent_at=timezone.now(), lease_until=None, lease_token=None)
    )
