"""What makes a letter PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) at once, beyond what the engine does alone.

The functions here are handed the engine's own objects (pydyf's and WeasyPrint's) and change them in place; they import
neither Django nor WeasyPrint.  `portal.papers.renderer` hooks them in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import pydyf

NAME: Final = "pdf/a-3a+ua-1"
"""The engine's name for the variant that `conform` makes."""

_UA_METADATA: Final = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>PDF/UA part number</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""
"""The PDF/UA claim, with the description of its schema that PDF/A asks for (ISO 19005-3, 6.6.2.3.1)."""

_WORD_JOINER: Final = "\u2060"


def conform(
    make_pdfa: Callable[..., None],
    pdf: Any,
    document: Any,
    page_streams: Any,
    attachments: Any,
    compress: bool,
) -> None:
    """Let the engine make PDF/A-3a, with readable metadata, and claim PDF/UA-1 in the same metadata."""
    del compress  # PDF/A readers that know nothing of PDF must find the metadata: never compressed.
    make_pdfa(pdf, document, page_streams, attachments, compress=False, version=3, variant="A")
    metadata = pdf.objects[_number(pdf.catalog["Metadata"])]
    text = b"".join(part if isinstance(part, bytes) else part.data for part in metadata.stream)
    metadata.stream = [text.replace(b"</rdf:RDF>", _UA_METADATA, 1)]
    if "AF" in pdf.catalog:
        # The engine lists each associated file twice.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def stream_data(original: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """A stream's bytes with CR LF before `endstream`.

    Compressed data may end in CR or LF; with the engine's single LF, strict readers then miscount the length
    (ISO 19005-3, 6.1.7.1).
    """

    def data(stream: Any) -> bytes:
        plain = original(stream)
        ending = b"\nendstream"
        return plain[: -len(ending)] + b"\r\nendstream" if plain.endswith(ending) else plain

    return data


def map_every_glyph(fonts: Iterable[Any]) -> None:
    """Give each glyph some text: the second glyph of one cluster (Khmer, Devanagari, pointed Hebrew) has none.

    Both standards ask for a character behind each glyph; WORD JOINER is one that means nothing.
    """
    for font in fonts:
        for glyph, text in font.to_unicode.items():
            if not text:
                font.to_unicode[glyph] = _WORD_JOINER


def mark_margins(page: Any) -> None:
    """Note on each text and image in a page's margins that it is no part of the document's own content."""
    for child in page._page_box.children:
        if hasattr(child, "at_keyword"):
            for box in child.descendants():
                box.is_page_furniture = True


def mark_content(original: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's bracket around each piece of content; page furniture becomes an artifact.

    A page number in the footer is no content to be read out at every turn of the page (PDF/UA-1, 7.8); the engine
    would leave it tagged, but outside the structure.
    """

    @contextmanager
    def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
        around = stream.artifact() if getattr(box, "is_page_furniture", False) else original(stream, box, tag)
        with around:
            yield

    return marked


def tag_boxes(
    original: Callable[..., Iterator[Any]], *, page: type, margin: type
) -> Callable[..., Iterator[Any]]:
    """The engine's function that turns boxes into structure elements, with language and logical text added.

    Language: an element that has a `lang` attribute of its own gets it in the structure too, so that a screen reader
    changes its voice (PDF/UA-1, 7.2).  Text: what is written from right to left, or carries marks and joiners, is
    stored in the order and with the characters it was written with (`ActualText`), as glyphs alone lose them.
    """

    def build(
        box: Any, parent: Any, pdf: Any, page_number: int, nums: Any, annotations: Any, tags: Any
    ) -> Iterator[Any]:
        if isinstance(box, margin):
            return
        # The engine takes the text boxes out of `tags` as it goes; their texts are read before.
        whole_page = isinstance(box, page)
        texts = {kid["mcid"]: _logical(item) for item, kid in tags.items()} if whole_page else {}
        for element in original(box, parent, pdf, page_number, nums, annotations, tags):
            language = box.element.get("lang") if getattr(box, "element", None) is not None else None
            # The root's boxes have no element of their own and hand on their children's; its language is the file's.
            if language and box.element_tag != "html" and "Lang" not in element:
                element["Lang"] = pydyf.String(language)
            yield element
        for number, text in texts.items():
            element = pdf.objects[_number(nums[number])] if number in nums else None
            # A link holds several texts and its annotation: replacing its text would hide the link.
            if text and element is not None and element["S"] != "/Link":
                element["ActualText"] = pydyf.String(text)

    return build


def set_media_types(pdf: Any, media_types: Sequence[str]) -> None:
    """Write the media types of the embedded files, in order; the engine guesses them from the files' names."""
    files = [item for item in pdf.objects if getattr(item, "extra", {}).get("Type") == "/EmbeddedFile"]
    for file, media_type in zip(files, media_types, strict=True):
        file.extra["Subtype"] = "/" + media_type.replace("/", "#2f").replace("+", "#2b")


def _logical(box: Any) -> str | None:
    """The box's own text when its glyphs do not give it back as written, else None."""
    text = getattr(box, "text", None)
    if not isinstance(text, str) or not text.strip() or max(text) < "\u0300":
        return None
    if any(unicodedata.bidirectional(c) in _REORDERED or unicodedata.category(c) in _INVISIBLE for c in text):
        return text
    return None


_REORDERED: Final = frozenset({"R", "AL", "AN"})
_INVISIBLE: Final = frozenset({"Mn", "Mc", "Cf"})


def _number(reference: bytes) -> int:
    """The number of an object out of its reference, `12 0 R`."""
    return int(reference.split()[0])
