"""A person's data leave no trace in anything that the portal writes: the whole way, then every byte is read.

What the person and the staff type carries marks that nothing else contains. In the end they must be in no log, no
database file (they are sealed there), no e-mail, no cookie, no address of a page, and no other file.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.portal_process import Portal, wait_until
from tests.resident import Page, Resident
from tests.services import free_port

NAME = "Kanarialintu Sinikeltainen"
STREET = "Lintukodontie 77"
CITY = "Kanariankylä"
EMAIL = "kanaria.lintu@example.org"
PHONE = "+358 50 7654321"
CODE = "010594Y9032"
REASON = "Sinitiainen istuu arkistossa"
NOTE = "Punarinta soitti eilen"
SLIP = "Hippiäinen väärässä kentässä"
FEEDBACK = "Pyrstötiainen ei pysty lukemaan sivua"
FEEDBACK_EMAIL = "punavarpunen@example.org"
MARKS = ("Kanarialintu", "Sinikeltainen", "Lintukodontie", "Kanariankyl", "kanaria.lintu", "7654321", CODE,
         "Sinitiainen", "Punarinta", "Hippiäinen", "Pyrstötiainen", "punavarpunen")  # fmt: skip


class Letterbox:
    """A mail server on the loopback address that keeps what it gets."""

    def __init__(self) -> None:
        self.messages: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, int]]:
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


def spellings(mark: str) -> list[bytes]:
    """Return how `mark` may be written: as text in the usual encodings, in JSON, in an address, in Base64."""
    whole = mark.encode()
    cores = [base64.b64encode(whole[at : len(whole) - (len(whole) - at) % 3]) for at in range(3)]
    return [
        whole,
        mark.encode("utf-16-le"),
        mark.encode("ascii", "backslashreplace"),
        "".join(f"%{byte:02X}" if byte > 127 else chr(byte) for byte in whole).encode(),
        *cores,
    ]


def traces(content: bytes) -> list[str]:
    """Return the marks that stand in `content`, however they are written."""
    return [mark for mark in MARKS if any(form in content for form in spellings(mark))]


def test_the_hunt_finds_what_it_hunts() -> None:
    assert traces(b"GET /fi/?name=Hippi%C3%A4inen") == ["Hippiäinen"]
    assert traces("x Kanariankylä y".encode("utf-16-le")) == ["Kanariankyl"]
    assert traces(b"..." + base64.b64encode(b"ab Sinitiainen istuu")) == ["Sinitiainen"]
    assert traces(b"nothing") == []


def log_in(portal: Portal, name: str) -> Resident:
    """Return a member of staff who has logged in with password and second factor."""
    clerk = Resident(portal.url())
    page = clerk.post(clerk.get("/staff/"), {"login": name, "password": portal.environment["DEMO_PASSWORD"]})
    codes = portal.run_command("demo", "--codes").stdout.splitlines()
    code = next(line.split()[1] for line in codes if line.split()[:1] == [name])
    page = clerk.post(page, {"code": code})
    assert page.status == 200, page.text
    return clerk


def step(clerk: Resident, case: str, slug: str, **answers: str) -> Page:
    """Take one step of the law on a case."""
    return clerk.post(clerk.get(f"{case}{slug}/"), {**answers})


def test_nothing_personal_is_written_anywhere(tmp_path: Path, letterbox: tuple[Letterbox, int]) -> None:
    box, port = letterbox
    extra = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "LOG_LEVEL": "DEBUG"}
    seen: list[Page] = []
    with Portal(tmp_path / "var", extra=extra) as portal:
        me = Resident(portal.url(), language="fi")
        _stumble(me, seen)
        # The field for e-mail notices is there only where an address was given.
        check = me.answer_all(
            categories=["benefits", "tax"], full_name=NAME, birth_date="1.5.1994", street=STREET,
            postal_code="02600", city=CITY, email=EMAIL, phone=PHONE, identity_code=CODE, wants_notices="on",
            signature="drawn", drawing="[[[10, 10], [400, 200], [500, 90]], [[600, 50], [700, 300]]]",
        )  # fmt: skip
        done = me.post(check, {})
        data = done.read().data
        seen += [check, done]
        letters = me.letters(data["reference"], data["secret"], count=2)
        assert all(letter.startswith(b"%PDF") for letter in letters.values())
        wrong = Resident(portal.url(), language="fi")
        seen.append(wrong.track(NAME, CODE))
        seen.append(wrong.track(data["reference"], "AAAA-BBBB-CCCC-DDDD-EEEE"))

        clerk = log_in(portal, "kela")
        queue = clerk.get("/staff/")
        case = "/staff/case/" + queue.text.split("/staff/case/")[1].split("/")[0] + "/"
        opened = clerk.get(case)
        assert NAME in opened.text
        assert CODE not in opened.text
        seen += [queue, opened]
        seen.append(step(clerk, case, "note", text=NOTE))
        seen.append(step(clerk, case, "extend", reason=REASON))
        seen.append(step(clerk, case, "answer", answered_on="99.99.9999", delivered_by="post", note=SLIP))
        found = clerk.send(portal.url("/staff/search/"), _search(queue, NAME), referer=queue.url)
        seen.append(found)
        after = clerk.get(case).text
        assert NOTE in after
        assert REASON in after
        seen += _feedback(portal, me)
        wait_until(lambda: bool(box.messages), what="the e-mail went out")
        portal.run_command("audit_verify")
        portal.run_command("backup", str(tmp_path / "data"), str(tmp_path / "keys"))
        portal.kill_server()
        portal.start_server()
        cookies = [f"{cookie.name}={cookie.value}" for who in (me, wrong, clerk) for cookie in who.cookies]
    for page in seen:
        assert not traces(page.url.encode()), page.url
        assert page.headers.get("Cache-Control", "") == "no-store, private", page.url
        assert page.status < 500, page.url
    assert not traces("\n".join(cookies).encode())
    for message in box.messages:
        content = message.content
        assert isinstance(content, bytes)
        assert set(traces(content)) <= {"kanaria.lintu"}  # The address that it goes to.
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    assert any(path.name == "tietoni.sqlite3" for path in files)
    found_in = {str(path.relative_to(tmp_path)): traces(path.read_bytes()) for path in files}
    assert {name: marks for name, marks in found_in.items() if marks} == {}


def _feedback(portal: Portal, me: Resident) -> list[Page]:
    """Give feedback, first with a slip, and end it at the desk with a note; return the pages."""
    form = me.get("/fi/feedback/")
    wrong = me.post(form, {"topic": "other", "text": FEEDBACK, "email": NAME, "page": SLIP})
    thanks = me.post(wrong, {"topic": "other", "text": FEEDBACK, "email": FEEDBACK_EMAIL, "page": ""})
    assert thanks.url.endswith("/fi/feedback/thanks/"), thanks.text
    desk = log_in(portal, "desk")
    listed = desk.get("/staff/feedback/")
    address = "/staff/feedback/" + listed.text.split('href="/staff/feedback/')[-1].split("/")[0] + "/"
    opened = desk.get(address)
    assert FEEDBACK in opened.text
    ended = desk.post(opened, {"state": "closed", "note": NOTE})
    assert NOTE in desk.get(address).text
    return [form, wrong, thanks, listed, opened, ended]


def _stumble(me: Resident, seen: list[Page]) -> None:
    """Type personal things where they don't belong: errors and refusals must not repeat them in any log."""
    page = me.get("/fi/request/about-you/")
    seen.append(page)
    start = me.get("/fi/request/")
    step = me.post(start, {"kind": SLIP})
    seen.append(step)
    slips = ({"full_name": NAME * 100, "birth_date": SLIP}, {"full_name": NAME, "birth_date": CODE})
    seen += [
        me.send(me.base + "/fi/request/about-you/", list(answers.items()), referer=page.url)
        for answers in slips
    ]


def _search(queue: Page, text: str) -> list[tuple[str, str]]:
    token = queue.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return [("csrfmiddlewaretoken", token), ("q", text)]
