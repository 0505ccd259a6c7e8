"""What may be prepared and what never, and what is kept of an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from portal.prepared.middleware import answer
from portal.prepared.preparing import NotPrepared, PageRequest, PreparedPage, prepare

PUBLIC = {"Cache-Control": "public, max-age=300"}


def page(text: str = "Hello. " * 99, **headers: str) -> HttpResponse:
    return HttpResponse(text, headers={**PUBLIC, **headers})


def with_cookie() -> HttpResponse:
    response = page()
    response.set_cookie("session", "x")
    return response


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (lambda: HttpResponse(status=404, headers=PUBLIC), "answers 404"),
        (lambda: HttpResponse(status=500), "answers 500"),
        (lambda: HttpResponse(status=302, headers={**PUBLIC, "Location": "/"}), "answers 302"),
        (with_cookie, "sets a cookie"),
        (lambda: HttpResponse("x"), "does not say Cache-Control: public"),
        (lambda: page(**{"Cache-Control": "no-store, private"}), "does not say Cache-Control: public"),
        (lambda: page(Vary="Cookie"), "varies by Cookie"),
        (lambda: page(Vary="Accept-Encoding, Accept-Language"), "varies by Accept-Encoding, Accept-Language"),
        (lambda: page(**{"Content-Encoding": "gzip"}), "is encoded already"),
        (
            lambda: page(**{"Content-Security-Policy": "script-src 'self' 'nonce-abc'"}),
            "carries a nonce, which is for one answer",
        ),
        (lambda: StreamingHttpResponse([b"x"], headers=PUBLIC), "streams"),
    ],
)
def test_what_is_not_for_everybody_is_refused(response: Callable[[], HttpResponse], reason: str) -> None:
    with pytest.raises(NotPrepared, match=f"^/fi/: {reason}$"):
        prepare("/fi/", ask=lambda _: response())


@pytest.mark.parametrize(
    ("base", "host", "is_secure"),
    [
        ("https://tietoni.example", "tietoni.example", True),
        ("http://127.0.0.1:8123", "127.0.0.1:8123", False),
    ],
)
def test_the_page_is_asked_for_as_nobody_in_particular(
    settings: Settings, base: str, host: str, is_secure: bool
) -> None:
    settings.BASE_URL = base
    settings.ALLOWED_HOSTS = ["tietoni.example", "127.0.0.1"]
    asked: list[HttpRequest] = []

    def ask(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        return page()

    prepare("/fi/faq/", ask=ask)

    request = asked[0]
    assert isinstance(request, PageRequest)
    assert (request.method, request.path, request.get_host()) == ("GET", "/fi/faq/", host)
    assert request.is_secure() == is_secure
    assert not request.COOKIES
    assert not request.GET
    assert set(request.headers) <= {"Host"}


def test_every_header_of_the_page_is_kept_and_how_it_is_kept_is_ours() -> None:
    prepared = prepare(
        "/fi/",
        ask=lambda _: page(**{"X-Frame-Options": "DENY", "ETag": '"old"', "Vary": "accept-encoding"}),
    )

    plain = prepared.for_reader("")
    assert plain.headers == {
        "Content-Type": "text/html; charset=utf-8",
        "X-Frame-Options": "DENY",
        "Cache-Control": "public, max-age=300, stale-while-revalidate=3600",
        "Vary": "Accept-Encoding",
        "ETag": plain.etag,
        "Content-Length": str(len(plain.body)),
    }
    assert prepared.for_reader("br").headers["Content-Encoding"] == "br"


@pytest.fixture
def prepared() -> PreparedPage:
    return prepare("/fi/", ask=lambda _: page(**{"X-Frame-Options": "DENY"}))


def test_each_representation_has_a_strong_etag_of_its_own(prepared: PreparedPage) -> None:
    etags = {representation.etag for representation in prepared.by_encoding.values()}
    assert len(etags) == len(prepared.by_encoding) == 3
    assert all(etag[0] == etag[-1] == '"' for etag in etags)


def test_an_encoding_that_is_no_smaller_is_not_offered() -> None:
    tiny = prepare("/fi/", ask=lambda _: page("x"))
    assert tiny.for_reader("br, gzip").body == tiny.content == b"x"


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_gets_304_with_all_but_the_content(
    prepared: PreparedPage, method: str, encoding: str, form: str
) -> None:
    own = prepared.for_reader(encoding)
    headers = {"Accept-Encoding": encoding, "If-None-Match": form.format(own.etag)}
    response = answer(getattr(RequestFactory(), method)("/fi/", headers=headers), prepared)

    assert response.status_code == 304
    assert response.content == b""
    kept = {
        name: value
        for name, value in own.headers.items()
        if name not in ("Content-Type", "Content-Encoding", "Content-Length")
    }
    assert {**response.headers} == kept


def test_who_has_another_encoding_or_revision_gets_the_page(prepared: PreparedPage) -> None:
    for etag in (prepared.for_reader("gzip").etag, '"0"', "nonsense", ""):
        request = RequestFactory().get("/fi/", headers={"Accept-Encoding": "br", "If-None-Match": etag})
        response = answer(request, prepared)
        assert response.status_code == 200
        assert response.content == prepared.for_reader("br").body


@pytest.mark.filterwarnings("ignore:Precondition Failed")
def test_a_condition_that_fails_is_told(prepared: PreparedPage) -> None:
    own = RequestFactory().get("/fi/", headers={"If-Match": prepared.for_reader("").etag})
    other = RequestFactory().get("/fi/", headers={"If-Match": '"other"'})
    assert answer(own, prepared).status_code == 200
    refused = answer(other, prepared)
    assert refused.status_code == 412
    assert refused.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_head_has_the_headers_of_get(prepared: PreparedPage, encoding: str) -> None:
    factory = RequestFactory()
    got = answer(factory.get("/fi/", headers={"Accept-Encoding": encoding}), prepared)
    head = answer(factory.head("/fi/", headers={"Accept-Encoding": encoding}), prepared)
    assert head.headers == got.headers
    assert head.headers["Content-Length"] == str(len(got.content))
    assert head.content == b""
