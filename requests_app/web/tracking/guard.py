"""Slows wrong secrets down: counted per address and per reference, never a lock (docs/decisions/0003).

Whoever reads a letter knows its reference and must not be able to shut its owner out; so nothing here is asked
before the right secret is let in.
"""

from __future__ import annotations

import ipaddress
import threading
import uuid
from time import sleep
from typing import Final

from requests_app.doors import limits
from requests_app.rules import references

WINDOW_SECONDS: Final = 15 * 60
FREE: Final = 10
"""Wrong attempts from one address in a window that are only slowed; after them the answer is 429."""

LONGEST_DELAY: Final = 2.0
SLEEPERS: Final = 4
"""Threads of one process that may wait at once: guessing costs the guesser time, not the server its threads."""

STEPS_WINDOW_SECONDS: Final = 60 * 60
MOST_STEPS: Final = 200
"""Posts and downloads of one filing in an hour; a person with eight cases needs a few dozen."""

_sleeping = threading.BoundedSemaphore(SLEEPERS)


def delay(number: int) -> float:
    """Return the seconds that the answer to the `number`th wrong attempt waits: doubling, two at most."""
    return min(LONGEST_DELAY, 0.1 * 2.0 ** max(0, min(number, 10) - 1))


def network(address: str) -> str:
    """Return what attempts are counted by: an IPv4 address, or the /64 network that an IPv6 customer has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 6:
        mapped = ip.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def wrong(*, address: str, reference: str) -> int:
    """Count a wrong attempt and wait; returns 0, or at once the seconds after which the next try is answered."""
    from_here = limits.count("tracking address", network(address), window_seconds=WINDOW_SECONDS)
    number = from_here.number
    try:
        name = references.parse_reference(reference)
    except references.BadReference:
        pass  # It belongs to no filing, so there is nothing of a filing's to guess.
    else:
        number = max(number, limits.count("tracking reference", name, window_seconds=WINDOW_SECONDS).number)
    if from_here.number > FREE:
        return from_here.seconds_left
    if not _sleeping.acquire(blocking=False):
        return int(LONGEST_DELAY)
    try:
        sleep(delay(number))
    finally:
        _sleeping.release()
    return 0


def step_wait(filing_id: uuid.UUID) -> int:
    """Count one more step of a filing; returns 0, or the seconds until its next one is taken."""
    steps = limits.count("tracking step", str(filing_id), window_seconds=STEPS_WINDOW_SECONDS)
    return steps.seconds_left if steps.number > MOST_STEPS else 0
