"""Which fields of the register have a column per language (django-modeltranslation)."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from requests_app.models import Holder


@register(Holder)
class HolderTranslation(TranslationOptions):
    """A holder's name and how it wants to be asked."""

    fields = ("name", "asked_how")
