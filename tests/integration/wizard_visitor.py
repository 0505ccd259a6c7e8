"""Somebody who goes through the wizard with Django's test client, one question after another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from django.test import Client

from requests_app.rules.vocabulary import STEPS

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

Fields = dict[str, Any]

ANSWERS: Final[dict[str, Fields]] = {
    "kind": {"kind": "access"},
    "who": {"on_behalf": "self"},
    "information": {"categories": ["benefits", "skills_centre"]},
    "period": {"from_year": "", "to_year": "", "lived_in_espoo": "yes"},
    "services": {"services": []},
    "holders": {"holders": ["kela", "omnia"]},
    "about-you": {"full_name": "Amina Testi", "birth_date": "1.5.1990"},
    "answer": {"letter_language": "fi", "answer_by": "pickup"},
    "sign": {"signature": "hand"},
    "check": {},
}
"""The fields of the contract alone, as an ordinary submit sends them."""


def text_of(answer: Answer) -> str:
    """Return the words of a page's main part, its tags left out, its white space made single."""
    body = answer.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def form_of(answer: Answer) -> str:
    """Return the HTML of the first POST form in the main part."""
    body = answer.content.decode()
    found = re.search(r'<form method="post".*?</form>', body[body.index("<main") :], re.DOTALL)
    assert found, body
    return found[0]


def data_of(answer: Answer, name: str) -> str:
    """Return what a script may read of the element `data` with this id."""
    (value,) = re.findall(rf'<data id="{name}" value="([^"]+)">', answer.content.decode())
    return str(value)


def hidden(answer: Answer) -> Fields:
    """Return the hidden fields of the page's form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form_of(answer)))


@dataclass
class Visitor:
    """One browser in one language."""

    language: str = "en"
    client: Client = field(default_factory=Client)

    def url(self, step: str) -> str:
        """Return the address of a step."""
        return f"/{self.language}/request/{step}/"

    def get(self, step: str, query: str = "") -> Answer:
        """Open a step."""
        return self.client.get(self.url(step) + query)

    def post(self, step: str, fields: Fields | None = None) -> Answer:
        """Submit a step with `fields`, else with those of ANSWERS."""
        return self.client.post(self.url(step), ANSWERS[step] if fields is None else fields)

    def step_of(self, answer: Answer) -> str:
        """Return the step that an answer leads to."""
        assert answer.status_code == 303, (answer.status_code, text_of(answer))
        return answer["Location"].partition("?")[0].removesuffix("/").rpartition("/")[2]

    def go_to(self, last: str, **changed: Fields) -> Answer:
        """Answer every question before `last`, with `changed` in the place of ANSWERS, and open `last`."""
        step = "kind"
        while step != last:
            assert STEPS.index(step) < STEPS.index(last), f"{last} was passed over: at {step}"
            assert self.get(step).status_code == 200
            step = self.step_of(self.post(step, changed.get(step.replace("-", "_"))))
        page = self.get(last)
        assert page.status_code == 200, (last, page.status_code, page.get("Location"))
        return page

    def send(self, **changed: Fields) -> Answer:
        """Go the whole way, press Send, and return the receipt's page."""
        page = self.go_to("check", **changed)
        assert self.step_of(self.post("check", hidden(page))) == "done"
        return self.get("done")
