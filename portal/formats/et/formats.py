"""Estonian dates: 5. märts 2026."""

from __future__ import annotations

DATE_FORMAT = "j. F Y"
DATETIME_FORMAT = "j. F Y, H:i"
SHORT_DATE_FORMAT = "j.n.Y"
