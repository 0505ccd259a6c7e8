"""What public pages are made from, as one name: where it is the same, so is every page."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

_MADE_FROM: Final = ("portal", "requests_app", "templates", "locale")
_NOT_READ: Final = (".pyc", ".po")


def revision() -> str:
    """Return the name of the present state of all public pages.

    It takes in the code, the settings that pages show, the day in Finland (pages say how old a check is), and what
    each function of the setting PUBLIC_REVISIONS returns: those read the databases, a few small queries in all.
    """
    parts = (
        _code(),
        settings.BASE_URL,
        settings.OPERATOR,
        settings.OPERATOR_EMAIL,
        timezone.localdate().isoformat(),
        *(import_string(name)() for name in settings.PUBLIC_REVISIONS),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@cache
def _code() -> str:
    """Return a digest of the sources, templates, messages and static files, which a process reads once as well."""
    base: Path = settings.BASE_DIR
    files = [path for name in _MADE_FROM for path in (base / name).rglob("*") if path.suffix not in _NOT_READ]
    files += [Path(settings.STATIC_ROOT) / "staticfiles.json", base / "requirements" / "run.lock"]
    total = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).digest()
            total.update(str(path.relative_to(base)).encode() + b"\0" + content)
    return total.hexdigest()
