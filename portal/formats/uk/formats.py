"""Ukrainian dates: 5 березня 2026 р., without a zero before the day."""

from __future__ import annotations

DATE_FORMAT = "j E Y р."
DATETIME_FORMAT = "j E Y р., H:i"
SHORT_DATE_FORMAT = "j.n.Y"
