"""Bring the databases of a portal up to date: tables, FAQ, register and demo staff; every step can run twice.

One process for all of it, because starting Django six times takes longer than the work. What `demo` prints, the
logins, goes to standard output; the other commands speak only when something is wrong.
"""

from __future__ import annotations

import io
import os
import sys

import django
from django.core.management import CommandError, call_command


def main() -> int:
    """Prepare the portal of this environment; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("migrate", database="keys", interactive=False, verbosity=0, skip_checks=True)
        call_command("createcachetable", verbosity=0)
        call_command("import_faq", stdout=io.StringIO())
        call_command("load_register", stdout=io.StringIO())
        call_command("demo")
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
