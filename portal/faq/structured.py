"""An answer as data that search engines read: a FAQPage of schema.org in JSON-LD."""

from __future__ import annotations

import json
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

_IN_SCRIPT: Final = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}
"""No text may end the script element that it stands in (HTML, 4.12.1.3)."""


def faq_page(*, question: str, answer: str, language: str, url: str, source: str) -> SafeString:
    """Return the script element, a block of data that no browser runs, so that the CSP has nothing to forbid."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "url": url,
        "inLanguage": language,
        "isBasedOn": source,
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 — its text can't end it.
