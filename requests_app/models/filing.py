"""A filing and its cases: what a resident sent once, and one record per holder with its own clock and queue.

Fields named `*_sealed` hold ciphertext of `doors.vault` under the filing's own key; actions seal and reading opens.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from requests_app.models.register import Holder
from requests_app.rules.states import CLOCK_RUNS, CLOCK_STANDS, STATES
from requests_app.rules.vocabulary import KINDS, LETTER_LANGUAGES


class Filing(models.Model):
    """What a resident sent once; found again by its reference and secret, of which only a salted hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    secret_salt = models.BinaryField(max_length=16)
    secret_hash = models.BinaryField(max_length=32)
    idempotency_hash = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=16)
    letter_language = models.CharField(max_length=2)
    created_at = models.DateTimeField()
    answers_sealed = models.BinaryField()
    drawing_sealed = models.BinaryField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="filing_kind_known"),
            models.CheckConstraint(
                condition=Q(letter_language__in=LETTER_LANGUAGES), name="filing_letter_official"
            ),
        ]
        indexes = [models.Index(fields=["created_at"])]


class Case(models.Model):
    """One filing × one holder. `state`, dates and head are written by `actions.lifecycle` alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="cases")
    holder = models.ForeignKey(Holder, models.PROTECT, related_name="cases")
    state = models.CharField(max_length=20, default="preparing")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    posted_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    receipt_basis = models.CharField(max_length=12, blank=True)
    due_on = models.DateField(null=True)
    latest_on = models.DateField(null=True)
    extended_told_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    assignee = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")
    holder_reference = models.CharField(max_length=40, blank=True)
    decision_sealed = models.BinaryField()
    transferred_from = models.OneToOneField("self", models.PROTECT, null=True, related_name="transferred_to")
    head_number = models.PositiveIntegerField(default=0)
    head_mac = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        constraints = [
            # A transfer opens a new case in the same filing; a holder has at most one that is not transferred on.
            models.UniqueConstraint(
                fields=["filing", "holder"],
                condition=~Q(state="transferred"),
                name="one_open_case_per_holder",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(CLOCK_RUNS | CLOCK_STANDS))
                | Q(received_on__isnull=False, due_on__isnull=False, latest_on__isnull=False),
                name="case_clock_runs_from_receipt",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(latest_on__gte=F("due_on")),
                name="case_due_before_latest",
            ),
            models.CheckConstraint(
                condition=Q(extended_told_on__isnull=True) | Q(received_on__isnull=False),
                name="case_extended_only_if_received",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "due_on", "id"]),
            models.Index(fields=["holder", "state", "due_on"]),
            models.Index(fields=["closed_on"]),
        ]


class Pause(models.Model):
    """A time in which the clock stood still because the holder asked who the person is (Art. 12(6), EDPB 01/2022)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    asked_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["asked_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("asked_on")),
                name="pause_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_on__isnull=True), name="one_running_pause_per_case"
            ),
        ]


class Letter(models.Model):
    """One PDF of a case. A row in state `wanted` is the queue; whoever holds its lease renders it."""

    class Kind(models.TextChoices):
        """What the letter is: made at filing, by the person when nobody answers, or by steps of the holder.

        The bundle holds all requests of a filing, to print in one go; it hangs on the filing's first case.
        """

        REQUEST = "request"
        READING_COPY = "reading_copy"
        BUNDLE = "bundle"
        REMINDER = "reminder"
        REMINDER_COPY = "reminder_copy"
        COMPLAINT = "complaint"
        COMPLAINT_COPY = "complaint_copy"
        ACKNOWLEDGEMENT = "acknowledgement"
        IDENTITY_REQUEST = "identity_request"
        EXTENSION = "extension"
        ANSWER = "answer"
        REFUSAL = "refusal"
        TRANSFER = "transfer"

    SEEN_BY_STAFF = (
        Kind.REQUEST,
        Kind.REMINDER,
        Kind.ACKNOWLEDGEMENT,
        Kind.IDENTITY_REQUEST,
        Kind.EXTENSION,
        Kind.ANSWER,
        Kind.REFUSAL,
        Kind.TRANSFER,
    )
    """The letters to or from the holder. A person's own copies, and a complaint about it, are not its business."""

    class State(models.TextChoices):
        """Where the making of the PDF stands."""

        WANTED = "wanted"
        READY = "ready"
        FAILED = "failed"
        PURGED = "purged"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    language = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WANTED)
    created_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True)
    template_version = models.CharField(max_length=16, blank=True)
    facts_sealed = models.BinaryField()
    pdf_sealed = models.BinaryField(null=True)
    sha256 = models.BinaryField(max_length=32, null=True)
    signed_sealed = models.BinaryField(null=True)
    signed_form = models.CharField(max_length=10, blank=True)
    signed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "number"], name="letter_once"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(pdf_sealed__isnull=False, sha256__isnull=False),
                name="ready_letter_has_pdf",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"])]


class Notice(models.Model):
    """An e-mail that is to be sent; it carries the reference at most. The address stays sealed in the filing."""

    class State(models.TextChoices):
        """Where the sending stands."""

        WANTED = "wanted"
        SENT = "sent"
        FAILED = "failed"

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="notices")
    message = models.CharField(max_length=32)
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WANTED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "message", "number"], name="notice_once")]
        indexes = [models.Index(fields=["state", "lease_until"])]
