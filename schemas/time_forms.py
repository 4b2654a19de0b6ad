"""Time zones by name and formats of times (`strptime`), as tables about files of other systems name them; no clock."""

from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from schemas.mistake import mistake

_PROBE: Final = datetime(2015, 11, 23, 17, 45)  # noqa: DTZ001 - only its digits are written and read
_OTHER_TIME: Final = _PROBE.replace(hour=3, minute=5, second=7, microsecond=9)


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        raise mistake("mistakes.no_zone", zone=zone) from None
    return zone


KnownZone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA time zone that is there."""


def check_form(form: str) -> None:
    """Raises `ValueError` unless the format says a whole day, or a day with hours and minutes, in one way only."""
    try:
        read = datetime.strptime(_PROBE.strftime(form), form)  # noqa: DTZ007 - only its digits are compared
    except ValueError as fault:
        raise mistake("mistakes.no_strptime", form=form, fault=fault) from None
    if "%H" in form and "%p" in form:  # strptime passes over %p then, and takes 01:30 PM for the night
        raise mistake("mistakes.both_clocks", form=form)
    told = (read.year, read.month, read.day), (read.hour, read.minute)
    if told[0] != (2015, 11, 23) or (not is_of_days(form) and told[1] != (17, 45)):
        raise mistake("mistakes.date_incomplete", form=form)


def is_of_days(form: str) -> bool:
    """Whether a format says the day only."""
    return _PROBE.strftime(form) == _OTHER_TIME.strftime(form)
