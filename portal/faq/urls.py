"""Addresses of the FAQ, below `/<lang>/faq/`: the 11 answers and nothing else (design.md, "Public contract")."""

from __future__ import annotations

from django.urls import path

from portal.faq import views

app_name = "faq"
urlpatterns = [
    path("", views.all_questions, name="list"),
    path("<slug:slug>/", views.one_question, name="entry"),
]
