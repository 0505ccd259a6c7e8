"""The tables of a data-subject request; they hold ciphertext, actions seal and reading opens."""

from requests_app.models.event import Event
from requests_app.models.feedback import Feedback
from requests_app.models.filing import Case, Filing, Letter, Notice, Pause
from requests_app.models.house import Attempt, Heartbeat, SealedSession
from requests_app.models.keystore import DataKey
from requests_app.models.register import Contact, Holder, HolderText, Membership, Responsibility

__all__ = [
    "Attempt",
    "Case",
    "Contact",
    "DataKey",
    "Event",
    "Feedback",
    "Filing",
    "Heartbeat",
    "Holder",
    "HolderText",
    "Letter",
    "Membership",
    "Notice",
    "Pause",
    "Responsibility",
    "SealedSession",
]
