"""Optional e-mails over a real SMTP server on loopback: sent once, nothing personal in them, tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from requests_app.actions import notices
from requests_app.models import Notice
from tests.factories import ANSWERS, make_filing
from tests.services import free_port

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


class Post:
    """What the server received; it refuses the first `refusals` messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refusals = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusals:
            self.refusals -= 1
            return "451 Try again later"
        assert isinstance(envelope.content, bytes)
        self.messages.append(BytesParser().parsebytes(envelope.content))
        return "250 OK"


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_URL = f"smtp://127.0.0.1:{settings.EMAIL_PORT}"
    yield handler
    controller.stop()


def wanted(language: str = "en") -> str:
    _, receipt = make_filing("kela", answers=replace(ANSWERS, wants_notices=True, language=language))
    return receipt.reference


@pytest.mark.parametrize("language", ["fi", "sv", "en", "ar"])
def test_a_notice_goes_out_once_with_the_reference_and_no_name(post: Post, language: str) -> None:
    reference = wanted(language)
    assert notices.send_waiting() == 1
    assert notices.send_waiting() == 0
    (message,) = post.messages
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    body = payload.decode()
    assert reference in body
    assert f"/{language}/track/" in body
    for personal in ("Amina", "Kela", "kela", "Testikatu", "1990"):
        assert personal not in body
        assert personal not in str(message["Subject"])
    assert message["To"] == ANSWERS.email


def test_a_refusing_server_is_tried_again_and_then_given_up(post: Post) -> None:
    wanted()
    post.refusals = 1
    assert notices.send_waiting() == 0
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts) == ("wanted", 1)
    assert notice.lease_until is not None
    Notice.objects.update(lease_until=None)
    assert notices.send_waiting() == 1
    assert len(post.messages) == 1


def test_it_is_given_up_after_six_tries(post: Post) -> None:
    wanted()
    post.refusals = 99
    for _ in range(notices.MAX_ATTEMPTS):
        Notice.objects.update(lease_until=None)
        notices.send_waiting()
    assert Notice.objects.get().state == "failed"


def test_without_a_mail_server_nothing_is_sent(settings: Settings) -> None:
    settings.EMAIL_URL = ""
    wanted()
    assert notices.send_waiting() == 0
    assert Notice.objects.get().state == "wanted"
