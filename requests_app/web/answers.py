"""Answers that more than one part of the site gives: see another page, wait a little."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render


def see_other(address: str) -> HttpResponseRedirect:
    """Return 303 (RFC 9110, 15.4.4): what follows is to be read with GET."""
    return HttpResponseRedirect(address, status=303)


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """Return 429 (RFC 6585, 4) with the seconds to wait in `Retry-After`, and minutes in words."""
    response = render(request, "429.html", {"minutes": max(1, -(-wait // 60))}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
