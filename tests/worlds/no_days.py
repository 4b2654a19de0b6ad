"""What is written for a day and is none, for every place that reads one."""

from typing import Final

NO_DAYS: Final = (
    "9999-12-31", "2200-01-01", "0001-01-01", "1899-12-31", "2026-02-30", "2026-13-01", "2026-W48-1", "20261130",
    "2026-334", "2026-11-30T00:00", "２０２６-11-30", "2026-11-3", "30.11.2026", "yesterday", " 2026-11-30",
)  # fmt: skip
