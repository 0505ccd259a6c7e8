"""Letters: from the facts of one letter to its sealed PDF, through a template and the portal's papers.

The same facts and the same `made_at` give the same bytes before the seal; the seal adds the moment of sealing. A
letter is in an official language; a reading copy sets the same letter beside the person's own language, paragraph by
paragraph, and is never sent.
"""

from __future__ import annotations

import base64
import binascii
import functools
import html as markup
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from portal.languages import BY_CODE, FALLBACKS, OFFICIAL, Language
from portal.papers import renderer, seal
from portal.papers.loose_ends import trimmed
from requests_app.doors import letter_context, letter_data
from requests_app.rules.letter_facts import LetterFacts
from requests_app.rules.vocabulary import KINDS
from requests_app.wording import letter_terms

REQUEST: Final = "request"
REMINDER: Final = "reminder"
COMPLAINT: Final = "complaint"
READING_COPY: Final = "reading_copy"
COPIES: Final = {READING_COPY: REQUEST, "reminder_copy": REMINDER, "complaint_copy": COMPLAINT}
"""The person's own copies, and the letter that each sets beside their language."""

FROM_PERSON: Final = (REQUEST, REMINDER, COMPLAINT)
NOTICES: Final = ("acknowledgement", "identity_request", "extension", "answer", "refusal", "transfer")
"""Letters from a holder to the person."""

STYLESHEET: Final = "letter.css"

_VERSION: Final = re.compile(r"\{# version: ([0-9]{1,4}) #\}")
_CERTIFICATE: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class NoSuchLetter(LookupError):
    """There is no letter of that kind, language or right; the message says which was asked for."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished letter: the sealed PDF, and the version of the template that its words come from."""

    pdf: bytes
    template_version: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One paragraph of the request in the official language, and the same in the reader's; both are safe HTML."""

    name: str
    official: SafeString
    reader: SafeString

    @property
    def is_heading(self) -> bool:
        """Whether it heads the paragraphs after it."""
        return self.name.startswith("h-")

    @property
    def letter(self) -> str:
        """The letter that the law's own list gives this item (Art. 15(1)(a)–(h)), else nothing."""
        return self.name[-1] if self.name.startswith("detail-") else ""


@dataclass(frozen=True, slots=True)
class _Text:
    """A template filled with facts: its named parts in order, the whole, and the template's version."""

    parts: Mapping[str, SafeString]
    html: str
    version: str


@dataclass(frozen=True, slots=True)
class _Draft:
    """A letter that is written but not yet printed."""

    html: str
    title: str
    language: str
    version: str
    images: tuple[str, ...]


def make(kind: str, *, language: str, facts: LetterFacts, made_at: datetime) -> Made:
    """Write, print and seal one letter.

    `kind` is one of FROM_PERSON, COPIES or NOTICES; `language` is `fi` or `sv`, for a reading copy the reader's;
    `made_at`, with its time zone, is the date in the file. Raises NoSuchLetter, ImproperlyConfigured where the seal's
    settings can't be read, and `portal.papers.errors.PaperError` where printing or sealing fails; never gives half a
    letter.
    """
    draft = _draft(kind, language=language, facts=facts)
    printed = renderer.render_with_places(
        draft.html,
        stylesheet=STYLESHEET,
        language=draft.language,
        title=draft.title,
        made_at=made_at,
        images=draft.images,
        attachments=[letter_data.attachment(facts)] if kind == REQUEST else [],
    )
    pdf = printed.pdf
    if place := printed.places.get("signature"):
        field = letter_terms.SIGNATURE_FIELD[draft.language]
        pdf = seal.add_signature_field(pdf, tooltip=field, box=place.box, page=place.page)
    return _sealed(pdf, facts=facts, version=draft.version)


def make_bundle(
    of: Sequence[LetterFacts], *, own: LetterFacts, language: str, title: str, made_at: datetime
) -> Made:
    """Print all requests of a filing into one file, each behind a cover sheet in the reader's `language`; seal it.

    `own` are the facts of the bundle itself, `title` its name in the reader's language. Raises as `make` does.
    """
    sheets: list[renderer.Sheet] = []
    versions = []
    for facts in of:
        draft = _draft(REQUEST, language=facts.letter_language, facts=facts)
        context = letter_context.cover_context(facts)
        with translation.override(language):
            cover = render_to_string("letters/cover.html", {**context, "reader": BY_CODE[language]})
        sheets.append(renderer.Sheet(trimmed(cover), language))
        sheets.append(renderer.Sheet(draft.html, draft.language, draft.images))
        versions.append(draft.version)
    pdf = renderer.render_together(
        sheets, stylesheet=STYLESHEET, language=language, title=title, made_at=made_at
    )
    return _sealed(pdf, facts=own, version="/".join(sorted(set(versions))))


def _sealed(pdf: bytes, *, facts: LetterFacts, version: str) -> Made:
    sealer = _sealer(settings.SEAL_KEY, settings.SEAL_CERT, settings.TSA_URL)
    reason = letter_terms.SEAL_REASON[facts.letter_language]
    return Made(pdf=sealer.seal(pdf, reason=reason, made_at=timezone.now()), template_version=version)


def html(kind: str, *, language: str, facts: LetterFacts) -> str:
    """Return the whole letter as the HTML that is printed; raises NoSuchLetter."""
    return _draft(kind, language=language, facts=facts).html


def pairs(facts: LetterFacts, *, language: str) -> tuple[Pair, ...]:
    """Return the request paragraph by paragraph, in its official language and in the reader's `language`.

    Where there is no text in that language yet, the reader's side is in the first of English and Finnish.
    """
    official, reader, _ = _both_sides(facts, of=REQUEST, language=language)
    return _paired(official, reader)


def check_pdf(pdf: bytes) -> seal.SealReport:
    """Tell whether a PDF carries our seal, of today's certificate or an earlier one, and what happened to it since.

    Any bytes may be given. Raises ImproperlyConfigured where our own certificates can't be read.
    """
    own = pem("SEAL_CERT", settings.SEAL_CERT)
    earlier = _CERTIFICATE.findall(pem("SEAL_TRUST", settings.SEAL_TRUST)) if settings.SEAL_TRUST else []
    try:
        return seal.check(pdf, trust=[own, *earlier])
    except seal.SealError as error:
        raise ImproperlyConfigured(str(error)) from error


def _draft(kind: str, *, language: str, facts: LetterFacts) -> _Draft:
    if facts.kind not in KINDS or kind not in (*FROM_PERSON, *COPIES, *NOTICES):
        raise NoSuchLetter(f"There is no letter {kind!r} for the right {facts.kind!r}.")
    if kind in COPIES:
        return _reading_copy(facts, of=COPIES[kind], language=language)
    context, text = _official(kind, language=language, facts=facts)
    return _Draft(
        html=trimmed(text.html),
        title=markup.unescape(text.parts["title"]),
        language=language,
        version=text.version,
        images=tuple(address for address in (context["qr"], context["drawing"]) if address),
    )


def _reading_copy(facts: LetterFacts, *, of: str, language: str) -> _Draft:
    official, reader, shown = _both_sides(facts, of=of, language=language)
    context = letter_context.copy_context(facts, fallback=shown.code != language)
    words = {
        name.removeprefix("copy-"): text for name, text in reader.parts.items() if name.startswith("copy-")
    }
    text = render_to_string(
        "letters/reading_copy.html",
        {
            **context,
            "official": BY_CODE[facts.letter_language],
            "reader": shown,
            "keep": letter_terms.KEEP[facts.letter_language],
            "words": words,
            "pairs": _paired(official, reader),
        },
    )
    return _Draft(
        html=trimmed(text),
        title=markup.unescape(words["title"]),
        language=shown.code,
        version=f"{official.version}/{shown.code}{reader.version}",
        images=tuple(filter(None, [context["qr"]])),
    )


def _both_sides(facts: LetterFacts, *, of: str, language: str) -> tuple[_Text, _Text, Language]:
    """Return the letter `of` a kind, the reader's text of it, and the language that this is in."""
    _, official = _official(of, language=facts.letter_language, facts=facts)
    for code in dict.fromkeys((language, *reversed(FALLBACKS))):
        context = letter_context.copy_context(facts, fallback=code != language)
        if code in BY_CODE:
            try:
                return official, _fill(f"letters/reading_copy/{code}.html", context), BY_CODE[code]
            except TemplateDoesNotExist:
                continue
    raise NoSuchLetter(f"There is no reading copy in {language!r} or in a language to fall back on.")


def _paired(official: _Text, reader: _Text) -> tuple[Pair, ...]:
    names = [name for name in official.parts if name != "title"]
    if lacking := [name for name in names if name not in reader.parts]:
        raise NoSuchLetter(f"The reader's text lacks the parts {', '.join(lacking)}.")
    return tuple(Pair(name=name, official=official.parts[name], reader=reader.parts[name]) for name in names)


def _official(kind: str, *, language: str, facts: LetterFacts) -> tuple[dict[str, Any], _Text]:
    """Return the context of a letter in an official language, and the letter."""
    if language not in OFFICIAL:
        raise NoSuchLetter(f"A letter is in an official language, not in {language!r}.")
    build = letter_context.request_context if kind in FROM_PERSON else letter_context.notice_context
    context = build(facts, language=language)
    # A request for access has the folder of its own name; each other right has a template of its own.
    folder = facts.kind if kind == REQUEST and facts.kind != "access" else kind
    return context, _fill(f"letters/{folder}/{language}.html", context)


def _fill(name: str, context: dict[str, Any]) -> _Text:
    template: Any = get_template(name)
    parts: dict[str, SafeString] = {}
    text = template.render({**context, "parts": parts})
    version = _VERSION.search(template.template.source)
    if version is None:
        raise NoSuchLetter(f"The template {name} names no version.")
    return _Text(parts=parts, html=text, version=version[1])


@functools.lru_cache(maxsize=2)
def _sealer(key: str, certificate: str, tsa_url: str) -> seal.Sealer:
    try:
        return seal.Sealer.from_pem(
            pem("SEAL_KEY", key), pem("SEAL_CERT", certificate), tsa_url=tsa_url or None
        )
    except seal.SealError as error:
        raise ImproperlyConfigured(str(error)) from error


def pem(name: str, value: str) -> bytes:
    """Return the PEM in the setting `name`, which holds it as it is or in base64; raises ImproperlyConfigured."""
    if "-----BEGIN" in value:
        # An environment file may keep the line ends as two signs each.
        return value.replace("\\n", "\n").encode()
    try:
        plain = base64.b64decode("".join(value.split()), validate=True)
    except binascii.Error:
        plain = b""
    if b"-----BEGIN" not in plain:
        raise ImproperlyConfigured(f"{name} must be PEM, or PEM in base64.")
    return plain
