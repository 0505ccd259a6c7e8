"""The register of holders: who they are, how they are reached, and which data they hold from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Holder(models.Model):
    """A register holder (GDPR: controller, Art. 4(7)), or the study's service desk."""

    key = models.SlugField(primary_key=True, max_length=32)
    controller = models.SlugField(max_length=32)
    name = models.CharField(max_length=120)
    asked_how = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    takes_part = models.BooleanField(default=False)
    is_desk = models.BooleanField(default=False)
    municipal_or_county = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    # A digest of each text as last loaded, by its column: where a stored text differs, an editor has changed it.
    loaded_texts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["is_desk"], condition=Q(is_desk=True), name="one_desk"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class HolderText(Holder):
    """The words about a holder alone, so that an editor may change them and nothing else of the register."""

    class Meta:
        proxy = True
        verbose_name = _("texts of an authority")
        verbose_name_plural = _("texts of the authorities")


class Contact(models.Model):
    """One contact detail of a holder, with where it was read, when, and whether it is confirmed."""

    class Kind(models.TextChoices):
        """What the detail is."""

        POSTAL = "postal"
        VISITING = "visiting"
        EMAIL = "email"
        PHONE = "phone"
        PRIVACY_EMAIL = "privacy_email"
        PAGE = "page"
        E_SERVICE = "e_service"
        FORM = "form"

    class Status(models.TextChoices):
        """How well the detail is known."""

        CONFIRMED = "confirmed"
        UNCONFIRMED = "unconfirmed"

    holder = models.ForeignKey(Holder, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    lang = models.CharField(max_length=2, blank=True)
    value = models.CharField(max_length=300)
    source_url = models.URLField(max_length=300, blank=True)
    checked_on = models.DateField()
    status = models.CharField(max_length=12, choices=Status.choices)
    review_on = models.DateField()

    class Meta:
        ordering = ["holder", "kind", "lang", "id"]
        constraints = [
            models.UniqueConstraint(fields=["holder", "kind", "lang", "value"], name="contact_once"),
            models.CheckConstraint(
                condition=Q(review_on__gte=F("checked_on")), name="contact_review_after_check"
            ),
        ]


class Responsibility(models.Model):
    """A dated rule: this category, from these years, is held by this holder for who asks in this span of days."""

    class Role(models.TextChoices):
        """What the row does with its holder."""

        LETTER = "letter"
        FALLBACK = "fallback"
        POINTER = "pointer"
        JOINT = "joint"
        EXPLAIN = "explain"

    rule = models.SlugField(max_length=64)
    category = models.SlugField(max_length=32)
    service = models.SlugField(max_length=32, blank=True)
    data_from = models.IntegerField(null=True, blank=True)
    data_to = models.IntegerField(null=True, blank=True)
    asked_from = models.DateField(null=True, blank=True)
    asked_to = models.DateField(null=True, blank=True)
    role = models.CharField(max_length=8, choices=Role.choices)
    holder = models.CharField(max_length=32, blank=True)
    also_with = models.CharField(max_length=32, blank=True)
    reason = models.SlugField(max_length=64)
    source = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=Contact.Status.choices, default=Contact.Status.CONFIRMED)
    loaded_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "responsibilities"
        ordering = ["category", "rule", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(data_from__isnull=True)
                | Q(data_to__isnull=True)
                | Q(data_to__gte=F("data_from")),
                name="responsibility_years_in_order",
            ),
            models.CheckConstraint(
                condition=Q(asked_from__isnull=True)
                | Q(asked_to__isnull=True)
                | Q(asked_to__gte=F("asked_from")),
                name="responsibility_days_in_order",
            ),
        ]


class Membership(models.Model):
    """A member of staff of one holder; what they may do there follows from the role."""

    class Role(models.TextChoices):
        """Roles within a holder."""

        VIEWER = "viewer"
        HANDLER = "handler"
        LEAD = "lead"

    user = models.ForeignKey("auth.User", models.CASCADE, related_name="memberships")
    holder = models.ForeignKey(Holder, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.HANDLER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "holder"], name="member_once_per_holder")]
