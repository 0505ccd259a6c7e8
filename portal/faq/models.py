"""The FAQ and the glossary: a column per language, the state of each translation, and every text that was saved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.languages import LANGUAGES


class Entry(models.Model):
    """One question of the study's FAQ, retold; question, short answer and body have a column per language."""

    class Group(models.TextChoices):
        """The plain groups of the list."""

        STUDY = "study"
        PROTECTION = "protection"
        MINE = "mine"
        TIME = "time"
        RIGHTS = "rights"

    slug = models.SlugField(max_length=60, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    group = models.CharField(max_length=12, choices=Group.choices)
    written = models.CharField(max_length=10)
    question = models.CharField(max_length=300)
    short = models.TextField()
    body = models.TextField()
    related = models.ManyToManyField("self", blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = _("texts and translations")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.slug


class ChangeNote(models.Model):
    """What has changed since an answer was written: dated, beside the answer and never inside it."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="notes")
    position = models.PositiveSmallIntegerField(default=1)
    date = models.DateField()
    text = models.TextField()

    class Meta:
        ordering = ["entry", "position"]
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="note_position_once")]


class Term(models.Model):
    """A word of the glossary and what it means, each with a column per language; `finnish` is what an office says."""

    key = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)
    finnish = models.CharField(max_length=80)
    term = models.CharField(max_length=120)
    text = models.TextField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.key


class Translation(models.Model):
    """The state of one text in one language: an entry with its notes, or, without an entry, the glossary.

    `status` is the lowest of its fields' (`FieldState`); whoever writes one writes both (`portal.faq.revisions`).
    """

    class Status(models.TextChoices):
        """How far a text has come; a draft is not public."""

        DRAFT = "draft", _("Draft")
        UNREVIEWED = "unreviewed", _("Not reviewed")
        REVIEWED = "reviewed", _("Reviewed")

    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="translations")
    language = models.CharField(
        max_length=12, choices=[(language.code, language.own_name) for language in LANGUAGES]
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNREVIEWED)
    # A digest of the text as last imported: where the stored text differs, an editor has changed it since.
    imported_digest = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "language"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "language"], name="translation_once"),
            models.UniqueConstraint(
                fields=["language"], condition=models.Q(entry=None), name="glossary_once_per_language"
            ),
        ]


class Signed(models.Model):
    """Who did it: the name stays when the account goes."""

    user = models.ForeignKey("auth.User", models.SET_NULL, null=True, blank=True, related_name="+")
    user_name = models.CharField(max_length=150, blank=True)

    class Meta:
        abstract = True


class FieldState(Signed):
    """The state of one field of a text in one language, as readers have it."""

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="fields")
    field = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Translation.Status.choices)
    # The digest of the source text that this one was made from; empty in the source language.
    source_digest = models.CharField(max_length=64, blank=True)
    # Of the glossary alone, whose terms are imported one by one: see Translation.imported_digest.
    imported_digest = models.CharField(max_length=64, blank=True)
    text_at = models.DateTimeField()
    """When the text of the field last became another one."""
    at = models.DateTimeField()
    """When `user` last decided on it: wrote it, compared it with its source, or reviewed it."""

    class Meta:
        ordering = ["translation", "field"]
        constraints = [models.UniqueConstraint(fields=["translation", "field"], name="field_state_once")]


class Revision(Signed):
    """One text in one language as somebody saved it, whole; it is never changed, and restoring it makes a new one."""

    class Origin(models.TextChoices):
        """Where a revision comes from."""

        EDITOR = "editor", _("Written here")
        FILES = "files", _("Read from the reviewed files")
        PO = "po", _("Read from a PO file")
        RESTORED = "restored", _("Restored from the history")
        WITHDRAWN = "withdrawn", _("Taken away from readers")
        NOTES = "notes", _("Notes were added or removed")
        FOUND = "found", _("Found as it was, before the next change")

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="revisions")
    texts = models.JSONField()
    """The text of each field by its key."""
    sources = models.JSONField(default=dict)
    """The digest of the source text that each field was made from."""
    status = models.CharField(max_length=10, choices=Translation.Status.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    made_at = models.DateTimeField()
    # A draft, or what goes to readers at `publish_at`: what the next editor goes on from.
    is_waiting = models.BooleanField(default=False)
    publish_at = models.DateTimeField(null=True, blank=True)
    # When its text took the place that pages read from; None for what was never more than a draft.
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["publish_at"], condition=models.Q(is_waiting=True), name="revision_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["translation"], condition=models.Q(is_waiting=True), name="one_revision_waits"
            )
        ]


class ContentRevision(models.Model):
    """One row: a token that is another one after every change of what readers get of the FAQ and the glossary."""

    token = models.CharField(max_length=32)
    changed_at = models.DateTimeField()
