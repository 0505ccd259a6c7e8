"""Staff accounts: nobody signs up, second factors are sealed at rest, and attempts are counted by a hash."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped.
    """Accounts are made by invitation or by the operator; the sign-up page is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False always (allauth's default is open)."""
        return False


class SealedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped.
    """Keep the secrets of second factors encrypted in the database (allauth's hook for it)."""

    def encrypt(self, text: str) -> str:
        """Return `text` sealed under a key derived from SECRET_KEY."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text that `encrypt` sealed; raises InvalidToken where it was changed."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Return a keyed hash in the place of a cache key (Django's KEY_FUNCTION): allauth's hold network addresses."""
    text = f"{key_prefix}:{version}:{key}"
    return salted_hmac(
        "portal.accounts.cache", text, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def _fernet() -> Fernet:
    import base64

    key = salted_hmac("portal.accounts.mfa", "totp", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
