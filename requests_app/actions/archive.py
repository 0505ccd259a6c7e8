"""Backup and restore: data and keys in two archives that never lie in one, and a restore that forgets what was purged.

An archive of data holds ciphertext only. An archive of keys is kept at most KEY_BACKUP_DAYS; a restore refuses an
older one, so that what was purged before then is unreadable in every backup. A restore replays the purge ledger
before the portal opens.
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models, router, transaction
from django.utils import timezone

from requests_app.actions import retention
from requests_app.models import DataKey
from requests_app.models.keystore import ALIAS as KEYS

KEY_BACKUP_DAYS: Final = 7
BATCH: Final = 200
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"^tietoni-(data|keys)-(\d{8}T\d{6}Z)\.tar\.gz$")


class BadArchive(ValueError):
    """An archive that can't be restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Archives:
    """The two archives of one backup."""

    data: Path
    keys: Path


class _Exact(DjangoJSONEncoder):
    """Keeps microseconds, which Django's encoder cuts (ECMA-262): the event chain is over the exact time."""

    def default(self, o: object) -> object:
        """Return what JSON can hold."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _models(alias: str) -> list[type[models.Model]]:
    """Return the models whose rows lie in `alias`, those that others point to first."""
    wanted = [
        model
        for config in apps.get_app_configs()
        for model in config.get_models(include_auto_created=True)
        if router.allow_migrate_model(alias, model) and not model._meta.proxy and model._meta.managed
    ]
    # Sessions and counters are worth nothing after a restore, and the less a backup holds the better.
    return [model for model in wanted if model._meta.model_name not in ("sealedsession", "attempt")]


def _rows(alias: str) -> Iterator[tuple[str, str]]:
    for model in _models(alias):
        batch: list[models.Model] = []
        number = 0
        rows = model._default_manager.using(alias).order_by("pk").iterator(chunk_size=BATCH)
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield (
                    f"{model._meta.label_lower}/{number:08d}.json",
                    serializers.serialize("json", batch, cls=_Exact),
                )
                batch, number = [], number + 1
        if batch:
            yield (
                f"{model._meta.label_lower}/{number:08d}.json",
                serializers.serialize("json", batch, cls=_Exact),
            )


def _write(path: Path, rows: Iterable[tuple[str, str]], *, what: str, made_at: datetime) -> None:
    draft = path.with_suffix(".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as tar:
        head = json.dumps({"what": what, "made_at": made_at.isoformat()})
        for name, text in (("head.json", head), *rows):
            data = text.encode()
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(data), 0o600, int(made_at.timestamp())
            tar.addfile(info, io.BytesIO(data))
        raw.flush()
    draft.rename(path)


def backup(folder: Path, *, keys_folder: Path, now: datetime | None = None) -> Archives:
    """Write an archive of the data and one of the keys, and delete archives of keys that are too old.

    Raises ValueError where both folders are the same: whoever takes one archive must not find the other beside it.
    """
    if folder.resolve() == keys_folder.resolve():
        raise ValueError("Keys and data must not be backed up into one folder.")
    made_at = (now or timezone.now()).astimezone(UTC)
    for place in (folder, keys_folder):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = made_at.strftime(_STAMP)
    made = Archives(folder / f"tietoni-data-{stamp}.tar.gz", keys_folder / f"tietoni-keys-{stamp}.tar.gz")
    # One snapshot of each store; keys second, so that each filing of the data finds its key.
    with transaction.atomic():
        _write(made.data, _rows("default"), what="data", made_at=made_at)
    with transaction.atomic(using=KEYS):
        _write(made.keys, _rows(KEYS), what="keys", made_at=made_at)
    delete_old_keys(keys_folder, now=made_at)
    return made


def delete_old_keys(folder: Path, *, now: datetime) -> int:
    """Delete archives of keys older than KEY_BACKUP_DAYS; returns how many."""
    deleted = 0
    for path in folder.iterdir():
        match = _NAME.match(path.name)
        if match and match[1] == "keys" and now - _made_at(match[2]) > timedelta(days=KEY_BACKUP_DAYS):
            path.unlink()
            deleted += 1
    return deleted


def _made_at(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def _read(path: Path, *, what: str) -> tuple[datetime, list[str]]:
    try:
        with tarfile.open(path, mode="r:gz") as tar:
            texts = {item.name: _text(tar, item) for item in tar if item.isfile()}
        head = json.loads(texts.pop("head.json"))
        if head["what"] != what:
            raise BadArchive(f"{path.name} holds {head['what']}, not {what}.")
        return datetime.fromisoformat(head["made_at"]), list(texts.values())
    except (OSError, EOFError, tarfile.TarError, KeyError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadArchive(f"{path} is not a whole archive of {what} ({type(error).__name__}).") from error


def _text(tar: tarfile.TarFile, item: tarfile.TarInfo) -> str:
    file = tar.extractfile(item)
    return file.read().decode() if file else ""


def restore(data: Path, keys: Path, *, now: datetime | None = None) -> int:
    """Replace everything stored by the two archives, then purge again what the ledger names; returns how many.

    Raises BadArchive for a broken archive, or for keys older than KEY_BACKUP_DAYS; then nothing has been changed.
    """
    now = now or timezone.now()
    _, rows = _read(data, what="data")
    keys_made_at, key_rows = _read(keys, what="keys")
    if now - keys_made_at > timedelta(days=KEY_BACKUP_DAYS):
        raise BadArchive(
            f"{keys.name} is older than {KEY_BACKUP_DAYS} days: it could bring back what was purged."
        )
    # The ledger's keys are dropped while they are loaded: at no moment can the purged be opened.
    gone = retention.ledger() | retention.ledger("feedback")
    with transaction.atomic(using=KEYS):
        DataKey.objects.all().delete()
        for text in key_rows:
            for item in serializers.deserialize("json", text, using=KEYS):
                if item.object.pk not in gone:
                    item.save(using=KEYS)
    with transaction.atomic():
        _replace(rows)
    return retention.replay_ledger()


def _replace(rows: list[str]) -> None:
    connection = connections["default"]
    with connection.constraint_checks_disabled():
        for model in reversed(_models("default")):
            model._default_manager.using("default").all()._raw_delete("default")
        for text in rows:
            for item in serializers.deserialize("json", text, using="default"):
                models.Model.save_base(item.object, raw=True, using="default", force_insert=True)
                for name, values in (item.m2m_data or {}).items():
                    getattr(item.object, name).set(values)
    connection.check_constraints()
    _set_sequences()


def _set_sequences() -> None:
    """Let numbered rows go on after the highest restored number (PostgreSQL keeps sequences apart)."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models("default")):
            cursor.execute(statement)
