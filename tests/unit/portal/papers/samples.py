"""Letters and reading copies in several languages, as the templates will write them, and helpers to look into PDFs."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import page
import pikepdf
import pypdf

from portal.papers import codes, guards, renderer

MADE_AT: Final = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
QR: Final = codes.qr_png("https://tietoni.example/fi/verify/?code=7Q4M2XKP9T")

TEXTS: Final = {
    "fi": ("Tietopyyntö", "Pyydän vahvistuksen siitä, käsittelettekö minua koskevia henkilötietoja."),
    "sv": ("Begäran om uppgifter", "Jag ber er bekräfta om ni behandlar personuppgifter som rör mig."),
    "en": ("Request for my data", "Please confirm whether you process personal data about me."),
    "ar": ("طلب الاطلاع على بياناتي", "أطلب تأكيد ما إذا كنتم تعالجون بيانات تخصّني، ونسخةً منها."),
    "fa": ("درخواست دسترسی", "درخواست دارم تأیید کنید که دادههای شخصی من پردازش میشود."),
    "ckb": ("داوای زانیاری", "داوا دەکەم پشتڕاستی بکەنەوە ئایا داتای کەسیی من بەکار دەهێنن، ڵ ۆ ێ."),
    "zh-hans": ("查阅个人数据的申请", "请确认贵机构是否处理有关我的个人数据，并请提供一份副本。"),
    "vi": (
        "Yêu cầu dữ liệu",
        "Tôi yêu cầu xác nhận liệu quý cơ quan có xử lý dữ liệu của tôi, Nguyễn Thị Ánh.",
    ),
}
"""Title and one sentence for each language of the standards' tests; Persian without joiners, see `JOINED`."""

JOINED: Final = "می‌خواهم داده‌های خود را ببینم"
"""Persian with zero width non-joiners, which leave no glyph."""

RTL: Final = frozenset({"ar", "fa", "ckb"})


def letter(language: str) -> str:
    """A whole letter: head, subject, body with a heading, list and table, signature, code, foot."""
    title, sentence = TEXTS[language]
    direction = "rtl" if language in RTL else "ltr"
    return f"""<!doctype html><html lang="{renderer.language_tag(language)}" dir="{direction}"><body>
    <footer class="foot">Tietoni · <span dir="ltr">7Q4M-2XKP-9T</span></footer>
    <header class="letterhead" lang="fi" dir="ltr"><div class="sender"><p>Nguyễn Thị Ánh</p><p>02610 Espoo</p></div>
    <div class="facts"><p>24.11.2026</p></div>
    <address class="recipient"><p>Kansaneläkelaitos</p><p>PL 450</p><p>00056 KELA</p></address></header>
    <main><h1>{title}</h1><div class="body"><h2>{title}</h2><p>{sentence}</p>
    <ul><li>{sentence}</li><li><span dir="ltr">+358 40 123 4567</span></li></ul>
    <table><thead><tr><th>{title}</th><th>{title}</th></tr></thead>
    <tbody><tr><td>{sentence}</td><td><span dir="ltr">2015–2024</span></td></tr></tbody></table></div>
    <div class="closing"><aside class="verify"><img alt="QR" src="{QR}"><p>{title}</p></aside>
    <section class="signature"><div class="line" data-place="resident"></div><p>Nguyễn Thị Ánh</p></section></div>
    </main></body></html>"""


def reading_copy(language: str) -> str:
    """Finnish beside the reader's language, long enough for a second page."""
    title, sentence = TEXTS[language]
    direction = "rtl" if language in RTL else "ltr"
    row = (
        f'<tr><td lang="fi" dir="ltr"><p>{TEXTS["fi"][1]}</p></td>'
        f'<td lang="{renderer.language_tag(language)}" dir="{direction}"><p>{sentence}</p></td></tr>'
    )
    return f"""<!doctype html><html lang="{renderer.language_tag(language)}" dir="{direction}"><body>
    <footer class="foot">Tietoni</footer><main><h1>{title}</h1><div class="note"><p>{sentence}</p></div>
    <table class="beside"><thead><tr><th lang="fi" dir="ltr">{TEXTS["fi"][0]}</th><th>{title}</th></tr></thead>
    <tbody>{row * 24}</tbody></table></main></body></html>"""


def make(html: str, language: str = "fi", **more: Any) -> renderer.Rendered:
    """Render with the letters' stylesheet and fixed title and date."""
    settings: dict[str, Any] = {
        "stylesheet": "letter.css",
        "title": "Tietopyyntö",
        "made_at": MADE_AT,
        "images": [QR],
    }
    return renderer.render_with_places(html, language=language, **{**settings, **more})


def complaints(sheet: Path) -> list[str]:
    """What the engine says about a stylesheet, warnings included."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    make("<p>x</p>")  # The engine is there and knows its fonts.
    from weasyprint import CSS

    logger = logging.getLogger("weasyprint")
    level, ear = logger.level, Ear(logging.DEBUG)
    logger.addHandler(ear)
    logger.setLevel(logging.WARNING)
    try:
        fetcher = guards.Fetcher((), refusal=RuntimeError, response=lambda *_: None)
        CSS(string=sheet.read_text(encoding="utf-8"), url_fetcher=fetcher)
    finally:
        logger.removeHandler(ear)
        logger.setLevel(level)
    return said


def failures(pdf: bytes) -> list[str]:
    """What PDF/A-3a and PDF/UA-1 find wrong, by page-validation."""
    return [
        f"{profile} {failure.rule_id}: {failure.message}"
        for profile in ("3a", "ua1")
        for failure in page.validate_pdf_bytes(pdf, profile=profile).failures
    ]


def text(pdf: bytes) -> str:
    """All text in reading order, by pypdf."""
    return "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def elements(pdf: bytes) -> list[dict[str, str]]:
    """The structure elements in document order, each with what it has of `S`, `Lang`, `ActualText`, `Alt`."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found: list[dict[str, str]] = []
        _walk(document.Root.StructTreeRoot.K, found)
        return found


def _walk(node: Any, found: list[dict[str, str]]) -> None:
    if isinstance(node, pikepdf.Array):
        for kid in node:
            _walk(kid, found)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        found.append(
            {key: str(node[f"/{key}"]) for key in ("S", "Lang", "ActualText", "Alt") if f"/{key}" in node}
        )
        _walk(node.get("/K", pikepdf.Array()), found)


def glyphs(pdf: bytes) -> set[tuple[str, int]]:
    """Font and number of every glyph that is shown."""
    shown: set[tuple[str, int]] = set()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for sheet in document.pages:
            font = ""
            instructions: list[Any] = list(pikepdf.parse_content_stream(sheet))
            for operands, operator in instructions:
                if str(operator) == "Tf":
                    font = str(sheet.Resources.Font[str(operands[0])].BaseFont)
                elif str(operator) == "TJ":
                    for item in operands[0]:
                        if isinstance(item, pikepdf.String):
                            codes_shown = bytes(item)
                            shown |= {
                                (font, int.from_bytes(codes_shown[at : at + 2], "big"))
                                for at in range(0, len(codes_shown), 2)
                            }
    return shown
