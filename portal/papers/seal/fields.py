"""Signature fields with their tags, appended to a file without touching what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

from pyhanko.pdf_utils import generic as pyhanko_generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.papers.errors import SealError

FIELD: Final = "PortalSeal"
"""Name of the seal's field; only a signature in it is ever taken for the seal."""

# PyHanko's PDF objects are typed by half: their constructors are not, which strict checking refuses.
generic: Any = pyhanko_generic


def add_signature_field(
    pdf: bytes,
    *,
    name: str = "Resident",
    tooltip: str,
    box: tuple[float, float, float, float],
    page: int,
) -> bytes:
    """Append an empty, tagged signature field to `pdf`, before it is sealed.

    `tooltip` is what a screen reader says; `box` is left, bottom, right, top in points, `page` counts from 0: both as
    `renderer.Place` has them.  The same input gives the same bytes.  Raises `SealError`.
    """
    try:
        writer: Any = Writer(BytesIO(pdf))
        add_field(writer, name=name, tooltip=tooltip, box=box, page=page)
        output = BytesIO()
        writer.write(output)
    except Exception as error:
        raise SealError(f"Could not add the field {name}: {error}") from error
    return output.getvalue()


def add_field(
    writer: Any,
    *,
    name: str,
    tooltip: str,
    box: tuple[float, float, float, float],
    page: int,
) -> None:
    """Add an empty signature field with its `Form` element in the structure (PDF/UA-1, 7.18.4), on page `page`."""
    root = writer.root
    page_reference, _ = writer.find_page_for_modification(page)
    sheet = page_reference.get_object()
    structure = root["/StructTreeRoot"]
    parents = structure["/ParentTree"]
    numbers = parents["/Nums"]
    key = max((int(number) for number in list(numbers)[0::2]), default=-1) + 1
    width, height = box[2] - box[0], box[3] - box[1]
    appearance = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): _numbers(0, 0, width, height),
        },
        stream_data=b"",
    )
    widget = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Sig"),
                pdf_name("/T"): pdf_string(name),
                pdf_name("/TU"): pdf_string(tooltip),
                # Printed: both standards forbid hidden annotations.
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/Rect"): _numbers(*box),
                pdf_name("/P"): page_reference,
                pdf_name("/StructParent"): generic.NumberObject(key),
                pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(appearance)}),
            }
        )
    )
    document = structure.raw_get("/K")
    if isinstance(document.get_object(), generic.ArrayObject):
        document = document.get_object().raw_get(0)
    element = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): document,
                pdf_name("/Pg"): page_reference,
                pdf_name("/Alt"): pdf_string(tooltip),
                pdf_name("/K"): generic.DictionaryObject(
                    {
                        pdf_name("/Type"): pdf_name("/OBJR"),
                        pdf_name("/Obj"): widget,
                        pdf_name("/Pg"): page_reference,
                    }
                ),
            }
        )
    )
    _append(writer, document.get_object(), "/K", element)
    numbers.extend([generic.NumberObject(key), element])
    writer.update_container(numbers)
    _append(writer, sheet, "/Annots", widget)
    if "/AcroForm" not in root:
        form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
        root[pdf_name("/AcroForm")] = writer.add_object(form)
        writer.update_root()
    _append(writer, root["/AcroForm"], "/Fields", widget)


def _append(writer: Any, holder: Any, name: str, item: Any) -> None:
    """Append to the array `name` of a dictionary, which may be missing or hold a single item."""
    current = holder.get(pdf_name(name))
    if isinstance(current, generic.ArrayObject):
        current.append(item)
        writer.update_container(current)
        return
    before = [holder.raw_get(pdf_name(name))] if current is not None else []
    holder[pdf_name(name)] = generic.ArrayObject([*before, item])
    writer.update_container(holder)


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(round(value, 2)) for value in values])


def _end_clearly(original: Callable[..., None]) -> Callable[..., None]:
    """PyHanko's writing of a stream, with CR LF before `endstream`.

    Compressed data may end in CR or LF; with pyHanko's single LF, strict readers then miscount the length
    (ISO 19005-3, 6.1.7.1), as `portal.papers.standards.stream_data` says of the engine's own streams.
    """

    def write(stream_object: Any, output: Any, *args: Any, **kwargs: Any) -> None:
        buffer = BytesIO()
        original(stream_object, buffer, *args, **kwargs)
        output.write(buffer.getvalue().removesuffix(_ENDING) + b"\r" + _ENDING)

    return write


_ENDING: Final = b"\nendstream"
generic.StreamObject.write_to_stream = _end_clearly(generic.StreamObject.write_to_stream)


class Writer(IncrementalPdfFileWriter):
    """Appends to a file and leaves its metadata alone; uses private names of pyHanko 0.38, which is pinned."""

    def _update_meta(self) -> None:
        """Nothing: rewriting the metadata would lose PDF/UA's claim."""

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        """The file's first identifier, and a second one made of its bytes: the same input gives the same output."""
        first, _ = super()._handle_id(prev)  # type: ignore[no-untyped-call]  # PyHanko is typed by half.
        prev.stream.seek(0)
        changed = hashlib.sha256(prev.stream.read()).digest()[:16]
        return generic.ArrayObject([first, generic.ByteStringObject(changed)])
