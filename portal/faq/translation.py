"""Which fields of the FAQ have a column per language (django-modeltranslation)."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from portal.faq.models import ChangeNote, Entry, Term


@register(Entry)
class EntryTranslation(TranslationOptions):
    """Everything of an entry that is read."""

    fields = ("question", "short", "body")


@register(ChangeNote)
class ChangeNoteTranslation(TranslationOptions):
    """The text of a note."""

    fields = ("text",)


@register(Term)
class TermTranslation(TranslationOptions):
    """A term of the glossary and its explanation."""

    fields = ("term", "text")
