"""The WSGI application; it refuses to start where a secret is missing."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from portal.checks import refuse_without_secrets  # noqa: E402 - Django's settings must be loaded first.

refuse_without_secrets()
