"""A resident without a browser: follows the first POST form in <main>, as the public contract lets anybody do.

me = Resident(portal.url())
reference, secret = me.file(categories=["benefits"], full_name="Amina Testi", birth_date="1990-05-01")
"""

from __future__ import annotations

import http.cookiejar
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = list[tuple[str, str]]


@dataclass
class Form:
    """One form as a browser would submit it untouched."""

    action: str
    fields: Fields = field(default_factory=list)

    def fill(self, answers: dict[str, str | list[str]]) -> Fields:
        """Return the fields with `answers` in the place of those of the same name."""
        kept = [(name, value) for name, value in self.fields if name not in answers]
        for name, value in answers.items():
            kept += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        return kept


class _Reader(HTMLParser):
    """Finds the first POST form in <main>, data elements with an id, and links to letters."""

    def __init__(self) -> None:
        super().__init__()
        self.form: Form | None = None
        self.open: Form | None = None
        self.in_main = False
        self.data: dict[str, str] = {}
        self.letters: dict[str, str] = {}
        self.lang = ""
        self.direction = ""
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang, self.direction = values.get("lang", ""), values.get("dir", "")
        elif tag == "main":
            self.in_main = True
        elif (
            tag == "form"
            and self.in_main
            and self.form is None
            and values.get("method", "").lower() == "post"
        ):
            self.form = self.open = Form(values.get("action", ""))
        elif tag == "data" and "id" in values:
            assert values["id"] not in self.data, f"two elements of id {values['id']}"
            self.data[values["id"]] = values.get("value", "")
        elif tag == "a" and "data-letter" in values:
            assert values["data-letter"] not in self.letters, f"two letters of {values['data-letter']}"
            self.letters[values["data-letter"]] = values["href"]
        elif self.open is not None:
            self._control(tag, values)

    def _control(self, tag: str, values: dict[str, str]) -> None:
        assert self.open is not None
        name = values.get("name", "")
        if tag == "textarea" and name:
            self._textarea = name
            self.open.fields.append((name, ""))
        if tag != "input" or not name or "disabled" in values:
            return
        kind = values.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in values:
            return
        if kind not in ("submit", "button", "file", "image"):
            self.open.fields.append(
                (name, values.get("value", "on" if kind in ("checkbox", "radio") else ""))
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.in_main = False
        elif tag == "form":
            self.open = None


@dataclass
class Page:
    """One answer of the portal."""

    status: int
    url: str
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def step(self) -> str:
        """The last part of the address's path."""
        return urllib.parse.urlsplit(self.url).path.strip("/").rpartition("/")[2]

    def read(self) -> _Reader:
        """Return what a script may read of the page."""
        reader = _Reader()
        reader.feed(self.text)
        return reader


class Resident:
    """A client with cookies of its own; counts its requests."""

    def __init__(self, base: str, *, language: str = "en") -> None:
        self.base = base.rstrip("/")
        self.language = language
        self.requests = 0
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Page:
        """Get a page; redirects are followed."""
        address = urllib.parse.urljoin(self.base + "/", path)
        return self._open(urllib.request.Request(address))  # noqa: S310 - the test's own portal

    def post(self, page: Page, answers: dict[str, str | list[str]]) -> Page:
        """Submit the first POST form in the main part of `page`, filled with `answers`."""
        form = page.read().form
        assert form is not None, f"no form in {page.url}: {page.text[:2000]}"
        return self.send(urllib.parse.urljoin(page.url, form.action), form.fill(answers), referer=page.url)

    def send(self, url: str, fields: Fields, *, referer: str) -> Page:
        """Post `fields`."""
        data = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(url, data=data, headers={"Referer": referer})  # noqa: S310 - likewise
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> Page:
        self.requests += 1
        try:
            answer = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
            return Page(answer.status or 0, answer.url, body, dict(answer.headers))

    def answer_all(self, **answers: str | list[str]) -> Page:
        """Go through the wizard up to the check page, giving each step those of `answers` that belong to it."""
        page = self.get(f"/{self.language}/request/")
        for _ in range(15):
            if page.step == "check":
                return page
            form = page.read().form
            assert form is not None, f"no form at {page.url} ({page.status})"
            before = page.step
            page = self.post(
                page, {name: answers[name] for name in FIELDS.get(before, ()) if name in answers}
            )
            assert page.status == 200, f"{before} → {page.status}: {page.text[:3000]}"
            assert page.step != before, f"{before} did not advance: {page.text[:6000]}"
        raise AssertionError(f"check was not reached; stuck at {page.url}")

    def file(self, **answers: str | list[str]) -> tuple[str, str]:
        """Go through the whole wizard and send; returns reference and secret."""
        page = self.post(self.answer_all(**answers), {})
        assert page.step == "done", f"{page.status} {page.url}: {page.text[:3000]}"
        data = page.read().data
        return data["reference"], data["secret"]

    def track(self, reference: str, secret: str) -> Page:
        """Sign in to the tracking page with reference and secret."""
        page = self.get(f"/{self.language}/track/")
        form = page.read().form
        assert form is not None, f"no form in {page.url}"
        token = [(name, value) for name, value in form.fields if name == "csrfmiddlewaretoken"]
        return self.send(page.url, [*token, ("reference", reference), ("secret", secret)], referer=page.url)

    def letters(self, reference: str, secret: str, *, count: int, seconds: float = 60) -> dict[str, bytes]:
        """Return the letters by holder once there are `count`; raises AssertionError after `seconds`."""
        page = self.track(reference, secret)
        end = time.monotonic() + seconds
        while len(found := page.read().letters) < count:
            assert time.monotonic() < end, f"only {sorted(found)} after {seconds} s"
            time.sleep(0.2)
            page = self.get(page.url)
        return {holder: self.get(urllib.parse.urljoin(page.url, href)).body for holder, href in found.items()}


FIELDS: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "who": ("on_behalf", "subject_full_name", "subject_birth_date", "authority_basis"),
    "information": ("categories",),
    "period": ("from_year", "to_year", "lived_in_espoo"),
    "services": ("services",),
    "holders": ("holders",),
    "about-you": (
        "full_name", "birth_date", "street", "postal_code", "city", "email", "phone", "identity_code",
    ),
    "answer": ("letter_language", "answer_by"),
    "sign": ("signature", "drawing", "wants_notices"),
    "check": (),
}  # fmt: skip
"""Which fields of the contract belong to which step."""
