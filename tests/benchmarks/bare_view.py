"""A Django of its own with one view and no middleware, which sends the bytes of the file BARE_BODY.

BARE_BODY=page.br gunicorn tests.benchmarks.bare_view
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = Path(os.environ["BARE_BODY"]).read_bytes()
settings.configure(ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="-")


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the bytes, and what a client needs to understand them."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "br"}
    return HttpResponse(BODY, headers={**headers, "Content-Length": str(len(BODY))})


urlpatterns = [path("fi/faq/<slug:slug>/", page)]
application = get_wsgi_application()
