"""All addresses of the portal; those of `requests_app` come in by name, so that portal imports nothing of it."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("portal.pages.urls_root")),
    path("", include("requests_app.web.urls_operator")),
    path("staff/", include("requests_app.web.staff.urls")),
    *i18n_patterns(
        path("", include("portal.pages.urls")),
        path("faq/", include("portal.faq.urls")),
        path("request/", include("requests_app.web.wizard.urls")),
        path("track/", include("requests_app.web.tracking.urls")),
        path("feedback/", include("requests_app.web.feedback.urls")),
        path("", include("requests_app.web.public.urls")),
        prefix_default_language=True,
    ),
]

handler400 = "portal.pages.errors.bad_request"
handler403 = "portal.pages.errors.permission_denied"
handler404 = "portal.pages.errors.page_not_found"
handler500 = "portal.pages.errors.server_error"
