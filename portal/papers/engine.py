"""WeasyPrint, hooked to what PDF/A-3a and PDF/UA-1 ask for; the only module that knows it.

`portal.papers.renderer` is the door to it: nothing else uses this module, and nothing here is called from two threads
at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

from portal.papers import folding, fonts, guards, standards
from portal.papers.errors import EngineMissing, ForbiddenResource, MissingGlyphs, PaperError, RenderFailed

_BASE: Final = "papers-nothing-may-be-fetched:///"
"""The address that relative references are joined to, so that they come before the fetcher instead of being dropped."""

_COLOURS: Final = "papers-srgb"
"""Our name for the one colour space of all papers (PDF/A's output intent)."""

_LINKS: Final = ("https://", "http://", "mailto:", "tel:")

# PDF/A forbids smoothed images (ISO 19005-3, 6.2.8); a QR code is sharper without as well.
_ALWAYS: Final = "html { image-rendering: crisp-edges }"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF (PDF/A-3): its name, bytes, media type, one sentence about it, and its relationship."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str = "Data"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element with `data-place` was printed: page from 0, and left, bottom, right, top in points."""

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF, its number of pages, and the places of its elements with `data-place`; both as before any folding."""

    pdf: bytes
    pages: int
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document among several that are printed together: its HTML, its language, the images that it may show."""

    html: str
    language: str
    images: tuple[str, ...] = ()


def language_tag(language: str) -> str:
    """The BCP 47 tag of a Django language code in its usual spelling (RFC 5646, 2.1.1): `zh-hans` gives `zh-Hans`."""
    first, *rest = language.replace("_", "-").split("-")
    spelled = [
        part.title() if len(part) == 4 else part.upper() if len(part) == 2 else part.lower() for part in rest
    ]
    return "-".join([first.lower(), *spelled])


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be printed: the sheets, and what holds for the whole file."""

    sheets: tuple[Sheet, ...]
    stylesheet: Path
    language: str
    title: str
    made_at: datetime
    attachments: tuple[Attachment, ...]
    fold: Literal["ltr", "rtl"] | None


class Engine:
    """WeasyPrint with what is shared by all documents of a process; used under the lock only."""

    def __init__(self) -> None:
        fonts.use()
        # Imported here and not above: it takes half a second and loads C libraries that a web process may never need.
        try:
            import weasyprint
            from weasyprint.css import ColorProfile
            from weasyprint.pdf.metadata import DocumentMetadata
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse
        except (ImportError, OSError) as error:
            raise EngineMissing(f"Letters cannot be rendered: {error}") from error
        _install_standards()

        class Refusal(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint has no types.
            """The engine lets this one kind of exception pass through to us."""

        self._weasyprint: Any = weasyprint
        self._metadata: Any = DocumentMetadata
        self._refusal: type[BaseException] = Refusal
        self._response: Any = URLFetcherResponse
        self._fonts: Any = FontConfiguration()
        self._profile: Any = ColorProfile
        self._profile_bytes = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
        self._always: Any = weasyprint.CSS(
            string=_ALWAYS, font_config=self._fonts, url_fetcher=self._fetcher(())
        )
        self._sheets: dict[tuple[Path, int], Any] = {}

    def _fetcher(self, images: Collection[str]) -> guards.Fetcher:
        return guards.Fetcher(images, refusal=self._refusal, response=self._response)

    def make(self, job: Job) -> Rendered:
        """Lay out each sheet, and write them as one document."""
        fetcher = self._fetcher([address for sheet in job.sheets for address in sheet.images])
        errors = guards.Errors()
        errors.listen()
        try:
            documents = [self._lay_out(sheet, job, fetcher) for sheet in job.sheets]
            # What is drawn on a page asks its own document for fonts; the pages keep that one.
            document = documents[0].copy([page for one in documents for page in one.pages])
            self._describe(document, job)
            pdf = self._write(job, document)
        except self._refusal as refusal:
            raise ForbiddenResource(str(refusal)) from None
        except PaperError:
            raise
        except Exception as error:
            raise RenderFailed(f"The engine failed: {type(error).__name__}") from error
        finally:
            errors.close()
        # An SVG swallows every exception: what was refused inside it shows here.
        if fetcher.refused:
            raise ForbiddenResource(f"Refused to fetch {fetcher.refused[0][:100]!r}")
        if missing := sorted({code for font in document.fonts.values() for code in font.missing}):
            raise MissingGlyphs(tuple(chr(code) for code in missing))
        if errors.messages:
            raise RenderFailed(re.sub(r"data:[^\s\"']{20,}", "data:…", errors.messages[0]))
        if not pdf.startswith(b"%PDF-"):
            raise RenderFailed("The engine gave no PDF.")
        return Rendered(pdf=pdf, pages=len(document.pages), places=_places(document))

    def _lay_out(self, sheet: Sheet, job: Job, fetcher: guards.Fetcher) -> Any:
        html = self._weasyprint.HTML(string=sheet.html, base_url=_BASE, url_fetcher=fetcher)
        guards.refuse_references(html.etree_element, frozenset(sheet.images))
        language = language_tag(sheet.language)
        html.etree_element.set("lang", language)
        if language != job.language and (body := html.etree_element.find("body")) is not None:
            # A reader that reads the whole file in its own language must change its voice here (PDF/UA-1, 7.2).
            body.set("lang", language)
        # The engine's own way to this profile leaves a file open; one profile for all would change after its first use.
        source = BytesIO(self._profile_bytes)
        profile = self._profile(source, "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
        document = html.render(
            font_config=self._fonts,
            stylesheets=[self._always, self._sheet(job.stylesheet)],
            color_profiles={_COLOURS: profile},
            output_intent=_COLOURS,
            pdf_variant=standards.NAME,
        )
        if document.metadata.attachments:
            raise ForbiddenResource("The HTML asks for an attachment by link.")
        links = [target for page in document.pages for kind, target, *_ in page.links if kind != "internal"]
        if strange := [target for target in links if not target.startswith(_LINKS)]:
            raise ForbiddenResource(f"The HTML links to {strange[0][:100]!r}")
        for page in document.pages:
            standards.mark_margins(page)
        return document

    def _describe(self, document: Any, job: Job) -> None:
        moment = job.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        document.metadata = self._metadata(
            title=job.title, lang=job.language, created=moment, modified=moment, generator="Tietoni"
        )

    def _write(self, job: Job, document: Any) -> bytes:
        attachments = [
            self._weasyprint.Attachment(
                string=attachment.content,
                name=attachment.name,
                description=attachment.description,
                created=job.made_at,
                modified=job.made_at,
                relationship=attachment.relationship,
            )
            for attachment in job.attachments
        ]
        kinds = [attachment.media_type for attachment in job.attachments]

        def finish(_document: Any, pdf: Any) -> None:
            standards.set_media_types(pdf, kinds)
            if job.fold:
                folding.fold(pdf, direction=job.fold)

        pdf: bytes = document.write_pdf(
            pdf_variant=standards.NAME, output_intent=_COLOURS, attachments=attachments, finisher=finish
        )
        return pdf

    def _sheet(self, path: Path) -> Any:
        """The parsed stylesheet, parsed anew only when the file changed."""
        key = (path, path.stat().st_mtime_ns)
        if key not in self._sheets:
            self._sheets[key] = self._weasyprint.CSS(
                string=path.read_text(encoding="utf-8"),
                font_config=self._fonts,
                url_fetcher=self._fetcher(()),
            )
        return self._sheets[key]


def _places(document: Any) -> dict[str, Place]:
    """The first box of each element with `data-place`, in PDF's coordinates (points from the lower left corner)."""
    found: dict[str, Place] = {}
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():
            name = box.element.get("data-place") if getattr(box, "element", None) is not None else None
            if not name or name in found or not hasattr(box, "border_box_x"):
                continue
            x, y = box.border_box_x(), box.border_box_y()
            edges = (x, page.height - y - box.border_height(), x + box.border_width(), page.height - y)
            left, bottom, right, top = (round(edge * 0.75, 2) for edge in edges)
            found[name] = Place(page=number, box=(left, bottom, right, top))
    return found


def _install_standards() -> None:
    """Hook `standards` into WeasyPrint, once a process; private names of WeasyPrint 70, which the lock file pins."""
    import pydyf
    from weasyprint import pdf
    from weasyprint.formatting_structure import boxes
    from weasyprint.pdf import pdfa, stream, tags

    if standards.NAME in pdf.VARIANTS:
        return
    pdf.VARIANTS[standards.NAME] = (partial(standards.conform, pdfa.pdfa), pdfa._values("1.7", pdf_tags=True))
    pydyf.Stream.data = property(standards.stream_data(pydyf.Stream.data.fget))
    stream.Stream.marked = standards.mark_content(stream.Stream.marked)
    tags._build_box_tree = standards.tag_boxes(
        tags._build_box_tree, page=boxes.PageBox, margin=boxes.MarginBox
    )
    build_fonts = pdf.build_fonts_dictionary

    def build_fonts_dictionary(pdf_file: Any, used: Any, *rest: Any) -> Any:
        standards.map_every_glyph(used.values())
        return build_fonts(pdf_file, used, *rest)

    pdf.build_fonts_dictionary = build_fonts_dictionary
