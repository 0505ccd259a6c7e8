"""What keeps a document from reaching for anything outside it, and errors from passing in silence."""

from __future__ import annotations

import base64
import logging
import re
import threading
from collections.abc import Callable, Collection
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from portal.papers.errors import ForbiddenResource

_IMAGES: Final = ("data:image/png", "data:image/svg+xml")
_REFERENCES: Final = frozenset({"src", "srcset", "data", "poster", "background"})
_POINTERS: Final = frozenset({"href", "{http://www.w3.org/1999/xlink}href"})


class Fetcher:
    """Stands where the engine expects something that opens addresses, and opens none: it knows the allowed images."""

    _fail_on_errors = True  # Read by the engine: what goes wrong here must stop it.

    def __init__(
        self, images: Collection[str], *, refusal: type[BaseException], response: Callable[..., Any]
    ) -> None:
        """`refusal` is the exception that passes through the engine; `response` makes what it expects for an image."""
        self.refused: list[str] = []
        self._images = images
        self._refusal = refusal
        self._response = response

    def __call__(self, url: str) -> Any:
        """The image behind an allowed data address."""
        if url not in self._images or not url.startswith(_IMAGES):
            self.refused.append(url)
            raise self._refusal(f"Refused to fetch {url[:100]!r}")
        head, _, body = url.partition(",")
        content = unquote_to_bytes(body)
        if head.endswith(";base64"):
            content = base64.b64decode(content)
        return self._response(url, body=content, headers={"Content-Type": re.split("[:;]", head)[1]})


class Errors(logging.Handler):
    """Collects what the engine only logs: it drops a broken image, or forgives a missing alternate text."""

    def __init__(self) -> None:
        """For the thread that makes it."""
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        self._thread = threading.get_ident()

    def listen(self) -> None:
        """Begin.  Set each time, as whoever sets up logging resets both."""
        logger = logging.getLogger("weasyprint")
        logger.disabled = False
        # Its messages quote what they complain of: a name's characters, a drawn signature.  They come to us alone.
        logger.propagate = False
        logger.addHandler(self)

    def close(self) -> None:
        """End."""
        logging.getLogger("weasyprint").removeHandler(self)
        super().close()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message of our own thread."""
        if record.thread == self._thread:
            self.messages.append(record.getMessage())


def refuse_references(root: Any, images: Collection[str]) -> None:
    """Refuse what points outside, also where the engine would only ignore it; links are looked at after the layout.

    `root` is the root element of the parsed HTML.  Raises `ForbiddenResource`.
    """
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in {"a", "area"}:
            continue
        for name, value in element.items():
            inside = value.strip().startswith("#") if name in _POINTERS else value in images
            if (name in _REFERENCES or name in _POINTERS) and value and not inside:
                raise ForbiddenResource(f"The HTML refers to {value[:100]!r}")
