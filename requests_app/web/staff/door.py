"""The door of the staff: a login, a second factor used in this very session, and a membership.

Refused attempts leave a line in the log `security`, with numbers and codes alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app import permissions

security = structlog.get_logger("security")

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts: an authenticator app or a passkey. A recovery code only lets its owner set one of them up again."""

View = Callable[..., HttpResponse]


def refused(
    request: HttpRequest, code: str, *, case_id: uuid.UUID | None = None, feedback_id: uuid.UUID | None = None
) -> None:
    """Write a refused attempt to the security log: who, what kind, which case or message; nothing personal."""
    named = {"n_case": case_id, "n_feedback": feedback_id}
    facts = {name: str(value) for name, value in named.items() if value}
    security.warning("a member of staff was refused", code=code, n_user=request.user.pk, **facts)


def staff_page(view: View) -> View:
    """Let only members pass who are logged in with a second factor.

    Others are sent to the login, or to the second factor; whoever belongs to no holder gets 404.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        elsewhere = way_to_second_factor(request)
        if elsewhere is not None:
            return elsewhere
        if not permissions.memberships_of(request.user).exists():
            if getattr(request.user, "is_staff", False) and request.path == reverse("staff:queue"):
                # An editor or operator has no queue; the login leads everybody here.
                return HttpResponseRedirect(_own_pages(request))
            refused(request, "no_membership")
            raise Http404
        return view(request, **kwargs)

    return guarded


def _own_pages(request: HttpRequest) -> str:
    """Return where somebody without a queue works: an editor on the texts, an operator in the administration."""
    is_editor = request.user.has_perm("faq.change_entry") and not request.user.is_superuser
    return reverse("admin:faq_entry_changelist" if is_editor else "admin:index")


def way_to_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Return where someone must go first: to the login or to a second factor; None when both are behind them."""
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return _redirect(resolve_url("account_login"), request)
    own = dict(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).values_list("pk", "type"))
    if not own:
        messages.info(request, _("Set up a second factor first: an authenticator app or a passkey."))
        return HttpResponseRedirect(reverse("mfa_index"))
    records = _factors_used(request)
    if any(record.get("id") in own and record.get("type") == own[record["id"]] for record in records):
        return None
    refused(request, "no_second_factor")
    if any(record.get("type") == Authenticator.Type.RECOVERY_CODES for record in records):
        text = _(
            "You used a recovery code. Set up your authenticator app or passkey again; then you can go on."
        )
        messages.info(request, text)
        return HttpResponseRedirect(reverse("mfa_index"))
    again = "mfa_reauthenticate" if Authenticator.Type.TOTP in own.values() else "mfa_reauthenticate_webauthn"
    return _redirect(reverse(again), request)


def _factors_used(request: HttpRequest) -> list[dict[str, object]]:
    """Return the second factors that this session was authenticated with, as allauth keeps them."""
    if isinstance(request.user, AnonymousUser):
        return []
    records = get_authentication_records(request, request.user)
    return [record for record in records if record.get("method") == "mfa"]


def _redirect(to: str, request: HttpRequest) -> HttpResponse:
    here = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("staff:queue")
    return HttpResponseRedirect(f"{to}?{urlencode({'next': here})}")
