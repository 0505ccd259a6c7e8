"""Vietnamese dates: 5 tháng 3 năm 2026, fit for the middle of a sentence."""

from __future__ import annotations

DATE_FORMAT = "j \\t\\há\\n\\g n \\nă\\m Y"
DATETIME_FORMAT = "j \\t\\há\\n\\g n \\nă\\m Y, H:i"
SHORT_DATE_FORMAT = "j.n.Y"
