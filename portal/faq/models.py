"""The FAQ: entries with a column per language, the state of each translation, and dated notes beside the answers."""

from __future__ import annotations

from django.db import models

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
        verbose_name_plural = "entries"
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


class Translation(models.Model):
    """The state of one entry in one language: what it was imported from, and whether a person has reviewed it."""

    class Status(models.TextChoices):
        """How far a translation has come."""

        DRAFT = "draft"
        UNREVIEWED = "unreviewed"
        REVIEWED = "reviewed"

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="translations")
    language = models.CharField(
        max_length=12, choices=[(language.code, language.own_name) for language in LANGUAGES]
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNREVIEWED)
    # A digest of the text as last imported: where the stored text differs, an editor has changed it since.
    imported_digest = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "language"]
        constraints = [models.UniqueConstraint(fields=["entry", "language"], name="translation_once")]
