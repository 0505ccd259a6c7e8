"""What integration tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.imported_faq import forget_all, import_all


@pytest.fixture(scope="module")
def published_faq(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Import the reviewed files once for all tests of a module: with many languages, each import takes its time.

    What a test changes is rolled back after it; what is imported goes when the module has ended.
    """
    with django_db_blocker.unblock():
        import_all()
    yield
    with django_db_blocker.unblock():
        forget_all()
