"""What integration tests share."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def published_faq(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Import the reviewed files once for all tests of a module: with many languages, each import takes its time.

    What a test changes is rolled back after it; what is imported goes when the module has ended.
    """
    from portal.faq.models import Entry

    with django_db_blocker.unblock():
        call_command("import_faq", stdout=StringIO())
    yield
    with django_db_blocker.unblock():
        Entry.objects.all().delete()
