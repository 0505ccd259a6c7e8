"""The reviewed files of the FAQ in the database, imported once per worker and copied from then on.

An import of 17 languages compares and saves some hundred texts; tests that only need them to be there can't wait for
that each time.  Tests of the import itself call `import_faq`.
"""

from __future__ import annotations

from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models
from django.utils import translation

from portal.languages import DEFAULT

_rows: list[tuple[type[models.Model], list[models.Model]]] = []


def import_all() -> None:
    """Bring every answer and term into the database, which has none yet."""
    if not _rows:
        call_command("import_faq", stdout=StringIO())
        _rows.extend((model, list(model._base_manager.all())) for model in _tables())
        return
    # The first language's texts stand in the untranslated columns as well, as a save puts them there.
    with translation.override(DEFAULT):
        for model, rows in _rows:
            model._base_manager.bulk_create(rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _ in _rows]):
            cursor.execute(statement)


def forget_all() -> None:
    """Take everything of the FAQ out of the database again, for fixtures that outlive a test's transaction."""
    for model in reversed(_tables()):
        model._base_manager.all().delete()


def _tables() -> list[type[models.Model]]:
    """Return the FAQ's tables so that each comes after those it points to."""
    waiting = list(apps.get_app_config("faq").get_models(include_auto_created=True))
    ordered: list[type[models.Model]] = []
    while waiting:
        model = next(one for one in waiting if _needs(one) <= {*ordered, one} | _elsewhere(one))
        waiting.remove(model)
        ordered.append(model)
    return ordered


def _needs(model: type[models.Model]) -> set[type[models.Model]]:
    return {
        field.related_model
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type)
    }


def _elsewhere(model: type[models.Model]) -> set[type[models.Model]]:
    return {one for one in _needs(model) if one._meta.app_label != "faq"}
