"""Where each sealed field lies: the names bound to ciphertext as associated data, in one list."""

from __future__ import annotations

import uuid

from requests_app.doors.vault import Place


def answers(filing_id: uuid.UUID) -> Place:
    """The person's answers, in the row of the filing."""
    return Place("filing", str(filing_id), "answers")


def drawing(filing_id: uuid.UUID) -> Place:
    """The drawn signature, in the row of the filing."""
    return Place("filing", str(filing_id), "drawing")


def decision(case_id: uuid.UUID) -> Place:
    """What is asked of this holder and why, in the row of the case."""
    return Place("case", str(case_id), "decision")


def letter_facts(letter_id: uuid.UUID) -> Place:
    """What a letter says, in the row of the letter."""
    return Place("letter", str(letter_id), "facts")


def event(case_id: uuid.UUID, number: int) -> Place:
    """The facts of an event; its case and number are known before the row is written."""
    return Place("event", f"{case_id}/{number}", "facts")


def letter_pdf(letter_id: uuid.UUID) -> Place:
    """The PDF of a letter, in the row of the letter."""
    return Place("letter", str(letter_id), "pdf")


def letter_signed(letter_id: uuid.UUID) -> Place:
    """The letter as the person signed it (a PDF or a picture), in the row of the letter."""
    return Place("letter", str(letter_id), "signed")


def feedback_message(feedback_id: uuid.UUID) -> Place:
    """What somebody wrote to the service desk: text, address for an answer, page."""
    return Place("feedback", str(feedback_id), "message")


def feedback_note(feedback_id: uuid.UUID) -> Place:
    """What the desk noted when it answered or closed it."""
    return Place("feedback", str(feedback_id), "note")
