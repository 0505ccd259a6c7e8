"""The Django admin as the portal uses it."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """The Django admin, behind the same door as the pages of the staff."""

    default_site = "requests_app.web.staff.site.StaffSite"
