"""What every request passes first: bodies that are too large or say nonsense of their size."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.middleware import BodyLimit


def answer(rf: RequestFactory, length: str, kind: str = "application/x-www-form-urlencoded") -> int:
    def handler(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("taken")

    return BodyLimit(handler)(rf.post("/fi/", data=b"", content_type=kind, CONTENT_LENGTH=length)).status_code


@pytest.mark.parametrize(("length", "status"), [("", 200), ("0", 200), ("1000000", 200), ("1000001", 413)])
def test_the_limit_is_that_of_the_settings(rf: RequestFactory, length: str, status: int) -> None:
    assert answer(rf, length) == status


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "²", "٣", "1 000", "0x10"])
def test_a_size_that_is_no_number_is_refused(rf: RequestFactory, length: str) -> None:
    assert answer(rf, length) == 413
