"""Which encoding a reader gets, and that encoding is lossless and always the same."""

from __future__ import annotations

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.prepared.encodings import ENCODINGS, IDENTITY, acceptable, encoded


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("", IDENTITY),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        # The weight decides before the portal's own order.
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=1.0, gzip;q=1.0", "br"),
        ("gzip ; q=0.2", "gzip"),
        ("identity, gzip;q=0.5", IDENTITY),
        ("gzip;q=0.001", "gzip"),
        # Nothing of it is to be had: then plain, rather than nothing (RFC 9110, 12.5.3).
        ("zstd", IDENTITY),
        ("br;q=0, gzip;q=0", IDENTITY),
        ("*;q=0", IDENTITY),
        ("identity;q=0", IDENTITY),
        # What can't be read is passed over.
        ("br;q=2x, gzip", "gzip"),
        ("br;q=, ;;, gzip", "gzip"),
        ("x" * 600 + ", br", IDENTITY),
    ],
)
def test_the_best_that_the_reader_takes(header: str, first: str) -> None:
    assert acceptable(header)[0] == first


def test_who_refuses_plain_gets_none_while_there_is_another() -> None:
    assert acceptable("gzip, identity;q=0") == ("gzip",)


@given(st.text(max_size=700))
def test_no_header_breaks_it(header: str) -> None:
    found = acceptable(header)
    assert found
    assert set(found) <= set(ENCODINGS)


@given(st.binary(max_size=3000))
def test_each_encoding_gives_the_content_back_and_is_smaller(content: bytes) -> None:
    found = encoded(content)
    assert found.pop(IDENTITY) == content
    decode = {"br": brotli.decompress, "gzip": gzip.decompress}
    for name, body in found.items():
        assert decode[name](body) == content
        assert len(body) < len(content)


def test_the_same_content_gives_the_same_bytes() -> None:
    content = b"Tietosuoja ja yksityisyys. " * 99
    assert encoded(content) == encoded(content)
    assert encoded(content).keys() == set(ENCODINGS)
    # A time in the head (RFC 1952, MTIME) would make every process's ETag another one.
    assert encoded(content)["gzip"][4:8] == b"\0\0\0\0"
