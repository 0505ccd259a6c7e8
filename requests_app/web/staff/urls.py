"""Addresses of the staff, below `/staff/`: accounts and the admin under their own names, the rest as `staff:`.

Feedback, which the service desk alone can see, is `desk:`.
"""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from requests_app.web.staff import desk, views

cases = [
    path("", views.queue, name="queue"),
    path("search/", views.search, name="search"),
    path("case/<uuid:case_id>/", views.case, name="case"),
    path("case/<uuid:case_id>/letter/<uuid:letter_id>.pdf", views.letter, name="letter"),
    path("case/<uuid:case_id>/<slug:step>/", views.step, name="step"),
]

feedback = [
    path("", desk.feedback_list, name="feedback"),
    path("<uuid:feedback_id>/", desk.message, name="message"),
]

urlpatterns = [
    path("account/", include("requests_app.web.staff.account_urls")),
    path("admin/", admin.site.urls),
    path("feedback/", include((feedback, "desk"))),
    path("", include((cases, "staff"))),
]
