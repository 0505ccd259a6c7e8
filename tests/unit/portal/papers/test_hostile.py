"""Hostile HTML: no file, no address, no font, no image by content; refused aloud and never passed over."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from portal.papers.errors import ForbiddenResource, LimitExceeded, PaperError
from portal.papers.limits import Limits
from tests.unit.portal.papers import samples

SVG = 'svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>t</title'
FORBIDDEN = [
    '<img alt="x" src="file:///etc/passwd">',
    '<img alt="x" src="{web}">',
    '<img alt="x" src="picture.png">',
    '<img alt="x" src="/etc/passwd">',
    '<img alt="x" src="//127.0.0.1/x">',
    '<img alt="x" srcset="{web} 2x">',
    '<img alt="x" src="data:image/png;base64,iVBORw0KGgo=">',
    '<img alt="x" src="data:text/plain,hello">',
    '<link rel="stylesheet" href="{web}">',
    '<link rel="stylesheet" href="letter.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="somewhere">x</a>',
    '<base href="{web}"><p>x</p>',
    "<style>@import url(file:///etc/passwd);</style><p>x</p>",
    "<style>@import 'other.css';</style><p>x</p>",
    "<style>@font-face {{font-family: x; src: url({web})}}</style><p>x</p>",
    "<style>@font-face {{font-family: x; src: url(file:///usr/share/fonts/x.ttf)}}</style><p>x</p>",
    "<style>@font-face {{font-family: x; src: local('DejaVu Sans')}}</style><p>x</p>",
    "<style>@color-profile --x {{src: url(file:///etc/passwd)}}</style><p>x</p>",
    "<style>@page {{background: url({web})}}</style><p>x</p>",
    "<style>p::before {{content: url(file:///etc/passwd)}}</style><p>x</p>",
    '<p style="background: url({web})">x</p>',
    '<p style="list-style-image: url(x.png); display: list-item">x</p>',
    '<p style="border: 1px solid; border-image-source: url({web})">x</p>',
    '<object data="file:///etc/passwd"></object>',
    '<embed src="file:///etc/passwd">',
    '<iframe src="file:///etc/passwd"></iframe>',
    '<input type="image" src="{web}">',
    '<video poster="{web}"></video>',
    f'<{SVG}><image href="file:///etc/passwd" width="5" height="5"/></svg>',
    f'<{SVG}><image xlink:href="{{web}}" width="5" height="5"/></svg>',
    f'<{SVG}><use href="{{web}}#x"/></svg>',
]


@pytest.fixture(scope="module")
def web() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes what is asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/x.png", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("html", FORBIDDEN)
def test_what_points_outside_is_refused_and_not_fetched(html: str, web: tuple[str, list[str]]) -> None:
    address, asked = web
    with pytest.raises(ForbiddenResource):
        samples.make(html.format(web=address))
    assert asked == []


@pytest.mark.parametrize("style", ["@import url({web});", "rect {{fill: url({web})}}"])
def test_an_svg_style_fetches_nothing(style: str, web: tuple[str, list[str]]) -> None:
    address, asked = web
    drawing = f"<{SVG}><style>{style.format(web=address)}</style><rect width='5' height='5'/></svg>"
    try:
        made = samples.make(drawing).pdf
    except PaperError:
        made = b""
    assert asked == []
    assert b"127.0.0.1" not in made


def test_an_allowed_drawing_may_not_reach_out_either(web: tuple[str, list[str]]) -> None:
    address, asked = web
    drawing = f"<{SVG}><image href='{address}' width='5' height='5'/></svg>"
    address_of_drawing = "data:image/svg+xml," + quote(drawing)
    with pytest.raises(ForbiddenResource):
        samples.make(f'<img alt="x" src="{address_of_drawing}">', images=[address_of_drawing])
    assert asked == []


def test_the_next_letter_is_not_harmed() -> None:
    before = samples.make(samples.letter("fi")).pdf
    with pytest.raises(ForbiddenResource):
        samples.make(
            "<style>@font-face {font-family: 'Tietoni Sans'; src: url(file:///etc/passwd)}</style><p>x</p>"
        )
    assert samples.make(samples.letter("fi")).pdf == before


def test_links_of_the_letter_itself_are_allowed() -> None:
    links = ("https://tietoni.example/fi/verify/", "mailto:a@b.fi", "tel:+358401234567", "#x")
    html = '<p id="x">x</p>' + "".join(f'<p><a href="{link}">there</a></p>' for link in links)
    assert samples.failures(samples.make(html).pdf) == []


def test_scripts_and_escaped_markup_are_only_text() -> None:
    made = samples.make("<script>alert(1)</script><p>&lt;img src=x&gt; &amp; {{ name }}</p>")
    assert "<img src=x> & {{ name }}" in samples.text(made.pdf)
    assert "alert" not in samples.text(made.pdf)
    assert b"/JavaScript" not in made.pdf


def test_too_much_html_is_refused_before_it_is_read() -> None:
    with pytest.raises(LimitExceeded) as caught:
        samples.make("x" * 1001, bounds=Limits(characters=1000))
    assert caught.value.limit == "characters"


# Hypothesis has a callback in the garbage collector; stopped inside it, Python prints and goes on to the next stop.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*gc_callback:pytest.PytestUnraisableExceptionWarning"
)
# The stop may fall into a callback of the collector, where Python reports an exception and goes on; the watcher then
# stops the work at its next tick.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_endless_layout_is_stopped_and_the_next_letter_is_whole() -> None:
    before = samples.make(samples.letter("ar"), "ar").pdf
    with pytest.raises(LimitExceeded) as caught:
        samples.make("<p>aaa bbb</p>" * 40_000, bounds=Limits(seconds=0.5))
    assert caught.value.limit == "seconds"
    assert samples.make(samples.letter("ar"), "ar").pdf == before


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    with pytest.raises(PaperError):
        samples.make("<div>" * 3000 + "x", bounds=Limits(seconds=20))
