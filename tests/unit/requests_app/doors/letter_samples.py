"""Facts for letters, and what tests read out of a finished PDF."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any, Final

import page
import pypdf

from requests_app.doors import letters
from requests_app.rules.answers import Strokes
from requests_app.rules.letter_facts import LetterFacts, Recipient, Sender

MADE_AT: Final = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SENDER: Final = Sender(
    full_name="Amina Testi",
    birth_date="1994-05-01",
    street="Testikatu 4 B 17",
    postal_code="00100",
    city="Helsinki",
    email="amina@example.org",
    phone="+358 40 123 4567",
)
RECIPIENTS: Final = {
    "kela": Recipient(
        "kela", "Kansaneläkelaitos (Kela)", "PL 450, 00056 KELA", "kirjaamo@kela.fi", "020 634 11"
    ),
    "luvn": Recipient("luvn", "Länsi-Uudenmaan hyvinvointialue", "", "kirjaamo@luvn.fi", "029 151 5835"),
    "vtt": Recipient("vtt", "Teknologian tutkimuskeskus VTT Oy", "PL 1000, 02044 VTT"),
    "desk": Recipient("desk", "Tutkimuksen palvelupiste"),
}
STROKES: Final[Strokes] = (
    tuple((100 + 4 * i, int(200 + 120 * math.sin(i / 9))) for i in range(150)),
    ((800, 200),),
)
BASE: Final = LetterFacts(
    reference="26-7Q4M-2X",
    code="7Q4M-2XKP-9TGH-3BCD",
    verify_url="https://tietoni.example/fi/verify/?code=7Q4M-2XKP-9TGH-3BCD",
    made_on="2026-03-05",
    letter_language="fi",
    reader_language="fi",
    sender=SENDER,
    recipient=RECIPIENTS["kela"],
    categories=("benefits", "medicine"),
    from_year=2012,
    to_year=2024,
)
STEP: Final[dict[str, Any]] = {
    "received_on": "2026-03-05",
    "due_on": "2026-06-05",
    "told_on": "2026-03-20",
    "reason": "Tiedot ovat kahdessa järjestelmässä.\nOsa on paperilla.",
    "grounds": "Tietosuojalaki 1050/2018, 34 §",
    "delivered_by": "post",
    "transferred_to": "migri",
    "holder_reference": "KELA 12/345/2026",
}
CASES: Final[dict[str, dict[str, Any]]] = {
    "self": {},
    "child": {"on_behalf": "child", "authority_basis": "guardian"},
    "child_authorised": {"on_behalf": "child", "authority_basis": "authorisation"},
    "client": {"on_behalf": "client", "authority_basis": "authorisation"},
    "client_guardian": {"on_behalf": "client", "authority_basis": "guardian"},
    "desk": {"recipient": RECIPIENTS["desk"]},
    "research": {"recipient": RECIPIENTS["vtt"], "categories": ("research",)},
    "research_child": {
        "recipient": RECIPIENTS["vtt"],
        "categories": ("research",),
        "on_behalf": "child",
        "authority_basis": "guardian",
    },
    "email": {"answer_by": "email"},
    "email_by_hand": {"answer_by": "email", "sender": replace(SENDER, email="")},
    "pickup": {"answer_by": "pickup"},
    "no_address": {"sender": replace(SENDER, street="", postal_code="", city="")},
    "drawn": {"signature": "drawn", "drawing": STROKES},
    "electronic": {"signature": "electronic"},
    "identity_code": {"sender": replace(SENDER, identity_code="010594Y9032")},
}
"""Facts that change the words of the request."""


def facts(case: str = "self", **changes: Any) -> LetterFacts:
    """Return the facts of one of CASES, with `changes`."""
    subject = {"subject_full_name": "Nguyễn Thị Ánh", "subject_birth_date": "2015-06-07"}
    behalf = subject if CASES[case].get("on_behalf") else {}
    return replace(BASE, **{**behalf, **CASES[case], **changes})


def make(kind: str, *, language: str, facts: LetterFacts) -> bytes:
    """Return the sealed PDF."""
    return letters.make(kind, language=language, facts=facts, made_at=MADE_AT).pdf


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, runs of white space as one space."""
    return [" ".join(sheet.extract_text().split()) for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    """Return all text, runs of white space as one space."""
    return " ".join(pages(pdf))


def faults(pdf: bytes) -> list[str]:
    """Return what breaks PDF/A-3a or PDF/UA-1, by page-validation."""
    return [
        f"{profile.value}: {failure}"
        for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
        for report in (page.validate_pdf_bytes(pdf, profile=profile),)
        if not report.is_compliant
        for failure in report.failures
    ]


def words_of(html: str) -> str:
    """Return the words of HTML as they are read, runs of white space as one space."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split()).replace(" ,", ",").replace(" .", ".")


def actual_texts(pdf: bytes) -> list[str]:
    """Return the logical texts that the structure of a PDF holds."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found: list[str] = []
    root: Any = reader.trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        item = waiting.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            if "/ActualText" in item:
                found.append(str(item["/ActualText"]))
            if "/K" in item:
                waiting.append(item["/K"])
    return found
