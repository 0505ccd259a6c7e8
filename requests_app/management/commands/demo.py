"""Demo staff for a portal on a loopback address: one handler per holder, with a second factor."""

from __future__ import annotations

import ipaddress
import os
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from requests_app.models import Holder, Membership

NO_LETTERS = ("stat", "ombudsman")
"""Bodies that get no request letters, and so have no queue."""

DOES_NOT_TAKE_PART = ("migri",)
"""Left out in the demo, so that it also shows the way of a letter on paper to a holder without a queue here."""

EDITOR = "editor"


class Command(BaseCommand):
    """`manage.py demo [--codes]`: safe to run twice; refused unless BASE_URL is a loopback address."""

    help = (
        "Makes demo staff (password from DEMO_PASSWORD) and prints the logins; --codes prints second factors."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--codes`."""
        parser.add_argument(
            "--codes", action="store_true", help="print each login's six-digit code of the moment"
        )

    def handle(self, *args: Any, codes: bool, **options: Any) -> None:
        """Make what is missing and print the logins, or print the codes."""
        self._refuse_unless_loopback()
        if codes:
            self._print_codes()
            return
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(12)
        holders = list(
            Holder.objects.filter(retired_on=None).exclude(key__in=(*NO_LETTERS, *DOES_NOT_TAKE_PART))
        )
        if not holders:
            raise CommandError("There are no holders yet: run load_register first.")
        Holder.objects.filter(key__in=[holder.key for holder in holders], is_desk=False).update(
            takes_part=True
        )
        for holder in holders:
            user = _user(holder.key, password)
            Membership.objects.get_or_create(user=user, holder=holder)
        editor = _user(EDITOR, password)
        editor.is_staff = True
        editor.save(update_fields=["is_staff"])
        wanted = Q(content_type__app_label="faq") | Q(codename="change_holdertext")
        editor.user_permissions.set(Permission.objects.filter(wanted))
        self._print_logins(holders, password)

    @staticmethod
    def _refuse_unless_loopback() -> None:
        host = urlsplit(settings.BASE_URL).hostname or ""
        try:
            loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            loopback = False
        if not loopback:
            raise CommandError("Demo data are refused: BASE_URL is not a loopback address.")

    def _print_logins(self, holders: list[Holder], password: str) -> None:
        self.stdout.write("Demo logins (one handler per holder, and an editor of the FAQ):")
        for holder in holders:
            self.stdout.write(f"  {holder.key:<18} {password}   {holder}")
        self.stdout.write(f"  {EDITOR:<18} {password}   FAQ editor (/staff/admin/)")
        self.stdout.write("Second factor: `make codes` prints each login's code of the moment.")

    def _print_codes(self) -> None:
        period = 30
        counter = int(time.time()) // period
        left = period - int(time.time()) % period
        self.stdout.write(f"Codes of the next {left} seconds; each works once:")
        names = [*Holder.objects.values_list("key", flat=True), EDITOR]
        rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__username__in=names)
        for row in rows.select_related("user").order_by("user__username"):
            secret = get_adapter().decrypt(row.data["secret"])
            code = totp.format_hotp_value(totp.hotp_value(secret, counter))
            self.stdout.write(f"  {row.user.username:<18} {code}")


def _user(name: str, password: str) -> User:
    user, _ = User.objects.get_or_create(username=name)
    if not user.check_password(password):
        user.set_password(password)
        user.save()
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        totp.TOTP.activate(user, totp.generate_totp_secret())
    return user
