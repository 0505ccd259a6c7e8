"""The Django admin behind the door of the staff; cases, letters and events are never registered in it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from requests_app.web.staff import door


class StaffSite(AdminSite):
    """The admin for operators and editors: the staff's own login and second factor, no login page of its own."""

    site_title = site_header = _("Tietoni: administration")
    index_title = _("Administration")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether someone may enter: active, marked as staff, and logged in with a second factor."""
        return super().has_permission(request) and door.way_to_second_factor(request) is None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the staff's login, then to the second factor; 404 for whoever may not enter at all."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        elsewhere = door.way_to_second_factor(request)
        if elsewhere is not None:
            return elsewhere
        door.refused(request, "no_administrator")
        raise Http404
