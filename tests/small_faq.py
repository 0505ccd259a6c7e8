"""A small FAQ for tests of the editors' work: two answers and the glossary, in a few languages, quick to import."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Permission, User
from django.db.models import Q

from portal.faq.content import SLUGS, read_content
from portal.faq.glossary_files import read_glossaries
from portal.faq.importing import import_answers
from portal.faq.importing_terms import import_glossaries
from portal.faq.models import FieldState, Translation
from portal.faq.revisions import Author
from portal.faq.units import Unit, unit_of
from tests.factories import PASSWORD

MINE: Final = SLUGS[7]
OTHER: Final = SLUGS[3]
CODES: Final = ("fi", "sv", "en", "ar")


def import_small_faq(*, slugs: tuple[str, ...] = (OTHER, MINE), glossary: bool = False) -> None:
    """Import the reviewed files of a few answers in a few languages."""
    import_answers(answer for answer in read_content() if answer.slug in slugs and answer.language in CODES)
    if glossary:
        import_glossaries(one for one in read_glossaries() if one.language in CODES)


def the(key: str) -> Unit:
    """Return a text as it is stored now."""
    unit = unit_of(key)
    assert unit is not None
    return unit


def state(key: str, language: str, field: str) -> FieldState:
    """Return the state of a field that is there."""
    row = the(key).translations().get(language=language)
    return row.fields.get(field=field)


def status(key: str, language: str) -> str:
    """Return how far a text has come."""
    row: Translation = the(key).translations().get(language=language)
    return str(row.status)


def make_editor(name: str = "maija", *, second_factor: bool = True) -> User:
    """Return an editor as the demo makes one: all of the FAQ, the words about authorities, nothing else."""
    from allauth.mfa.totp.internal import auth as totp

    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, first_name="Maija", last_name="M")
    wanted = Q(content_type__app_label="faq") | Q(codename="change_holdertext")
    user.user_permissions.set(Permission.objects.filter(wanted))
    if second_factor:
        totp.TOTP.activate(user, totp.generate_totp_secret())
    return user


NOBODY: Final = Author()
