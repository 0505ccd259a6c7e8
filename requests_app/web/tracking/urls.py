"""Addresses of tracking, under /<lang>/track/."""

from __future__ import annotations

from django.urls import path

from requests_app.web.tracking import steps, views

app_name = "tracking"
urlpatterns = [
    path("", views.sign_in, name="sign-in"),
    path("filing/<uuid:filing_id>/", views.filing, name="filing"),
    path("filing/<uuid:filing_id>/letter/<uuid:letter_id>.pdf", views.letter, name="letter"),
    path("case/<uuid:case_id>/day.ics", views.calendar, name="calendar"),
    path("case/<uuid:case_id>/posted/", steps.posted, name="posted"),
    path("case/<uuid:case_id>/answered/", steps.answered, name="answered"),
    path("case/<uuid:case_id>/withdraw/", steps.withdraw, name="withdraw"),
    path("case/<uuid:case_id>/signed/", steps.signed, name="signed"),
    path("case/<uuid:case_id>/remind/", steps.remind, name="remind"),
    path("case/<uuid:case_id>/complain/", steps.complain, name="complain"),
    path("leave/", views.leave, name="leave"),
]
