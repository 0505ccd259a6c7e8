"""Public pages of the register and of the letters, below `/<lang>/`; their names are plain."""

from __future__ import annotations

from django.urls import path

from requests_app.web.public import views

urlpatterns = [
    path("who-holds-what/", views.who_holds_what, name="who-holds-what"),
    path("verify/", views.verify, name="verify"),
]
