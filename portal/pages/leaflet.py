"""The leaflet's address: a PDF that is the same for everybody, kept and made by `portal.faq.leaflet_shelf`."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.faq import leaflet_shelf
from portal.languages import DEFAULT
from portal.pages import errors


@require_safe
def leaflet(request: HttpRequest) -> HttpResponse:
    """Give the leaflet in the language of the path; 503 with a page in it where the leaflet can't be made."""
    language = translation.get_language() or DEFAULT
    try:
        kept = leaflet_shelf.kept(language)
    except leaflet_shelf.NotReady:
        return errors.not_ready(request, wait=leaflet_shelf.PAUSE_SECONDS)
    if kept is None:
        raise Http404
    response = HttpResponse(kept.pdf, content_type="application/pdf")
    # By hand and not by decorator, which would let proxies keep the 503 as well.
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["ETag"] = kept.etag
    response.headers["Content-Disposition"] = f"inline; filename=tietoni-{language}.pdf"
    return get_conditional_response(request, etag=kept.etag, response=response) or response
