"""Moments: milliseconds since the epoch, UTC, within the years in which anything can have happened."""

from typing import Annotated, Final

from pydantic import Field

FROM_MS: Final = -2_208_988_800_000
"""1900-01-01 UTC, the first one."""
TO_MS: Final = 7_258_118_400_000
"""2200-01-01 UTC; every moment is before it."""

TimeMs = Annotated[int, Field(ge=FROM_MS, lt=TO_MS)]
"""Milliseconds since the epoch, UTC, from the year 1900 up to the year 2200: anything else is a mistake."""
