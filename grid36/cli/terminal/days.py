"""Days and moments as options and arguments of commands."""

import re
from datetime import date, datetime, time
from typing import Any, Final

import click

from grid36.cli.terminal.misuse import BadValue
from schemas.days import read_day
from schemas.names import Name

_CLOCK: Final = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


class DayValue(click.ParamType):
    """A day, written `2026-11-30`, as the API reads it."""

    name = "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Fails with the form that is expected."""
        if isinstance(value, date):
            return value
        try:
            return read_day(value)
        except ValueError:
            raise BadValue(Name.of("command.wanted.day", given=value), ctx, param) from None


class MomentValue(click.ParamType):
    """A day, or a minute of it as `2026-11-30T08:30`; without a zone, as whoever asks for it knows which one."""

    name = "DAY[THH:MM]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Fails with the forms that are expected."""
        if isinstance(value, datetime):
            return value
        day, mark, clock = str(value).partition("T")
        try:
            return datetime.combine(read_day(day), _clock(clock) if mark else time())
        except ValueError:
            raise BadValue(Name.of("command.wanted.moment", given=value), ctx, param) from None


def _clock(text: str) -> time:
    if _CLOCK.fullmatch(text) is None:
        raise ValueError(text)
    return time.fromisoformat(text)


DAY: Final = DayValue()
MOMENT: Final = MomentValue()
