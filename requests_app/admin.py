"""The register and the staff for operators; filings, cases, letters and events are never registered here.

What the reviewed files of the register say is shown and not changed: the next loading would undo it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest

from requests_app.models import Contact, Holder, HolderText, Membership, Responsibility
from requests_app.web.staff.holder_texts import HolderTextAdmin

for unused in (EmailAddress, EmailConfirmation, Group, Authenticator):
    if admin.site.is_registered(unused):
        admin.site.unregister(unused)


admin.site.register(HolderText, HolderTextAdmin)

HTTPS: Mapping[type[models.Field[Any, Any]], Mapping[str, Any]] = {
    models.URLField: {"assume_scheme": "https"}
}


class ContactInline(admin.TabularInline[Contact, Holder]):
    """How a holder is reached: whoever checks a detail notes the day and whether it is confirmed."""

    model = Contact
    extra = 0
    formfield_overrides = HTTPS


class MembershipInline(admin.TabularInline[Membership, Holder]):
    """Who works for a holder, and in which role."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Holder)
class HolderAdmin(admin.ModelAdmin[Holder]):
    """A register holder: whether it takes part is the operator's decision, the rest is reviewed data."""

    list_display = ("key", "__str__", "takes_part", "is_desk", "retired_on")
    list_filter = ("takes_part",)
    search_fields = ("key",)
    fields = ("key", "name", "takes_part", "is_desk", "controller", "source", "retired_on")
    readonly_fields = ("key", "name", "is_desk", "controller", "source", "retired_on")
    inlines = (ContactInline, MembershipInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a holder comes with the reviewed register."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Holder | None = None) -> bool:
        """Refuse: a holder is retired and never deleted."""
        return False


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin[Contact]):
    """Contact details over all holders, those to be reviewed first."""

    list_display = ("holder", "kind", "lang", "value", "status", "checked_on", "review_on")
    list_filter = ("status", "kind", "holder")
    ordering = ("review_on",)
    formfield_overrides = HTTPS


@admin.register(Responsibility)
class ResponsibilityAdmin(admin.ModelAdmin[Responsibility]):
    """The dated rules of routing, to be read: they are changed in the reviewed file and loaded."""

    list_display = ("rule", "category", "role", "holder", "data_from", "data_to", "status", "retired_on")
    list_filter = ("category", "role", "status")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: rules are loaded."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Responsibility | None = None) -> bool:
        """Refuse: rules are loaded."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Responsibility | None = None) -> bool:
        """Refuse: what a decision was made by stays to be read."""
        return False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    """Who works for which holder, and in which role."""

    list_display = ("user", "holder", "role", "created_at")
    list_filter = ("holder", "role")
    list_select_related = ("user", "holder")
    autocomplete_fields = ("user",)


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin[Any]):
    """Second factors: an operator takes a lost one away and sees nothing of its secret."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: its owner sets it up."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: it is used or taken away."""
        return False
