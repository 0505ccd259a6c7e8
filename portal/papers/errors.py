"""What can go wrong with papers, in one family, so that a caller can wait and try again with one `except`."""

from __future__ import annotations


class PaperError(RuntimeError):
    """Anything that keeps a letter from being made; the message is for the operator, never for the public."""


class FontsMissing(PaperError):
    """The fonts have not been built, or cannot be; the message says what to install and run."""


class EngineMissing(PaperError):
    """The PDF engine or a library of it is not installed; the message names the Debian packages."""


class ForbiddenResource(PaperError):
    """The HTML asked for a file, an address, a font or an image that was not handed over with it."""


class MissingGlyphs(PaperError):
    """No installed font has some characters; both standards forbid to print boxes for them."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        """Keep the characters; the message names them by number only, as they may be part of a person's name."""
        self.characters = characters
        super().__init__("No font for " + ", ".join(f"U+{ord(character):04X}" for character in characters))


class LimitExceeded(PaperError):
    """Rendering took more time or memory than allowed, or the HTML is too long; `limit` says which."""

    def __init__(self, limit: str, message: str) -> None:
        """`limit` is `seconds`, `megabytes` or `characters`."""
        self.limit = limit
        super().__init__(message)


class RenderFailed(PaperError):
    """The engine reported an error, such as an image without alternate text, or gave nothing."""


class SealError(PaperError):
    """The seal's key, certificate or time-stamp server cannot be used; the message says why."""
