"""A day to keep in mind, as a calendar file (RFC 5545) that any phone opens.

Calendars are often kept by other companies, so the file names neither the person nor the reference of the request.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

MORNING = timedelta(hours=9)


def day_file(
    day: date, *, uid: uuid.UUID, host: str, title: str, text: str, address: str, made_at: datetime
) -> bytes:
    """Return an all-day event on `day` with an alarm that morning.

    The same `uid` at the same `host` takes the place of the event that a calendar already has (RFC 5545, 3.8.4.7);
    `made_at`, with its time zone, says which of the two is newer. `address` is where to go on.
    """
    event = Event()
    event.add("uid", f"{uid}@{host}")
    event.add("dtstamp", made_at)
    event.add("sequence", int(made_at.timestamp()))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", text)
    event.add("url", address)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", MORNING)
    alarm.add("description", title)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Tietoni//Tietoni//FI")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
