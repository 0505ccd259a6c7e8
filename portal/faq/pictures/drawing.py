"""A sheet to draw on: a column as narrow as the narrowest phone, from the top down, mirrored from right to left.

Whatever is drawn has a class of the stylesheet and no style of its own, as the CSP wants it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.faq.pictures.measure import wrapped
from portal.languages import Language

WIDTH: Final = 288
"""Units of a picture's width: CSS pixels on a phone of 320, whose page has 16 on either side."""

FONT: Final = 16
_BOLD: Final = 1.07
"""How much wider bold letters are."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page shows it: its title, itself, and the same in words."""

    title: str
    svg: SafeString
    words: tuple[str, ...]


@dataclass(slots=True)
class Sheet:
    """What has been drawn so far; `y` is where there is room again."""

    language: Language
    y: float = 0
    _parts: list[SafeString] = field(default_factory=list)

    @property
    def line(self) -> float:
        """The height of a line; Arabic script needs more (look.md, "Type")."""
        return FONT * (1.7 if self.language.direction == "rtl" else 1.4)

    def text(self, text: str, *, x: float = 0, room: float = WIDTH, bold: bool = False) -> None:
        """Write `text` from `x` on in lines of at most `room`, and go below it."""
        for line in wrapped(text, room / FONT / (_BOLD if bold else 1)):
            baseline = self.y + self.line * 0.75
            mark = SafeString(' class="strong"') if bold else ""
            self._add('<text{} x="{}" y="{}">{}</text>', mark, _short(self._start(x)), _short(baseline), line)
            self.y += self.line

    def box(self, kind: str, *, y: float, height: float, x: float = 0, width: float = WIDTH) -> None:
        """Draw a rectangle of a kind: a class of the stylesheet."""
        edge = x if self.language.direction == "ltr" else WIDTH - x - width
        self._add(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>',
            kind, *map(_short, (edge + 1, y + 1, width - 2, height - 2)),
        )  # fmt: skip

    def dot(self, kind: str, *, x: float, y: float, radius: float) -> None:
        """Draw a circle around a point."""
        self._add(
            '<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, *map(_short, (self._start(x), y, radius))
        )

    def stroke(self, kind: str, *, x: float, y: float, to_x: float, to_y: float) -> None:
        """Draw a line between two points."""
        ends = (self._start(x), y, self._start(to_x), to_y)
        self._add('<path class="{}" d="M{} {}L{} {}"/>', kind, *map(_short, ends))

    def arrow(self, length: float = 28) -> None:
        """Draw an arrow down the middle, and go below it."""
        middle, tip = WIDTH / 2, self.y + length - 4
        self.stroke("line", x=middle, y=self.y + 4, to_x=middle, to_y=tip)
        for side in (-7, 7):
            self.stroke("line", x=middle + side, y=tip - 7, to_x=middle, to_y=tip)
        self.y += length

    def panel(self, kind: str, title: str, text: str, *, inset: float = 12) -> None:
        """Write a title and a text in a box as high as they need, and go below it."""
        top = self.y
        place = len(self._parts)
        self.y += inset * 0.75
        self.text(title, x=inset, room=WIDTH - 2 * inset, bold=True)
        self.text(text, x=inset, room=WIDTH - 2 * inset)
        self.y += inset * 0.75
        self.box(kind, y=top, height=self.y - top)
        # The box belongs under its words.
        self._parts.insert(place, self._parts.pop())

    def picture(self, name: str, *, title: str, words: tuple[str, ...]) -> Picture:
        """Return what was drawn as a picture with a name for screen readers (WAI-ARIA, role img)."""
        svg = format_html(
            '<svg role="img" aria-labelledby="{0}-title" aria-describedby="{0}-desc" viewBox="0 0 {1} {2}">'
            '<title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>{5}</svg>',
            f"picture-{name}", WIDTH, _short(self.y), title, _("The same is in words below the picture."),
            format_html_join("", "{}", ((part,) for part in self._parts)),
        )  # fmt: skip
        return Picture(title, svg, words)

    def _start(self, x: float) -> float:
        """Return a place on the sheet: counted from the side where the language begins."""
        return x if self.language.direction == "ltr" else WIDTH - x

    def _add(self, form: str, *values: object) -> None:
        self._parts.append(format_html(form, *values))


def _short(number: float) -> str:
    """Return a number for an attribute: a tenth of a unit is fine enough, and a locale has no say."""
    return f"{number:.1f}".removesuffix(".0")
