"""How much patience a receiver asks for: the header `Retry-After`; pure."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_S: Final = 86_400.0
"""A receiver that asks for more patience is asked again after a day."""


def patience_s(header: str, now_s: float) -> float:
    """`Retry-After`: seconds, or a date of HTTP; 0 for anything else."""
    text = header.strip()[:50]
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_S)
    try:
        then = parsedate_to_datetime(text)
        seconds = then.replace(tzinfo=then.tzinfo or UTC).timestamp() - now_s
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_S)
