"""The mail door: sends one prepared message to one address, and says nothing personal in it."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


class NotSent(Exception):
    """The mail server did not take the message; it will be tried again."""


def can_send() -> bool:
    """Return whether a mail server is configured."""
    return bool(settings.EMAIL_URL)


def send(message: str, *, to: str, language: str, reference: str) -> None:
    """Send `message` (a folder under templates/emails/) in `language`; it carries the reference and no name."""
    with translation.override(language):
        context = {"reference": reference, "url": f"{settings.BASE_URL}/{language}/track/"}
        subject = render_to_string(f"emails/{message}/subject.txt", context).strip()
        body = render_to_string(f"emails/{message}/body.txt", context)
    mail = EmailMessage(
        subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        raise NotSent from error
