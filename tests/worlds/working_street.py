"""The small street with a working calendar: the year 2024 with its make-up days, and limits in every unit."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schemas.region import Region
from schemas.rulebook import Rulebook
from tests.worlds.calendars import CHINA
from tests.worlds.street import Street, a_book, a_region, a_rulebook

SHANGHAI = ZoneInfo("Asia/Shanghai")
DIRTY = {"accept": "1wh", "respond": "2wh", "resolve": "4wh"}
BURST = (
    {"id": "fence", "name": {"zh": "围挡", "en": "fence off"}, "limit": "3uh"},
    {"id": "repair", "name": {"zh": "抢修", "en": "repair"}, "limit": "8uh"},
    {"id": "restore", "name": {"zh": "恢复", "en": "restore"}, "limit": "5wd"},
)


def at(told: str) -> int:
    """`03-05 10:00` of 2024 on the wall of the street, in milliseconds UTC."""
    return int(datetime.fromisoformat(f"2024-{told}").replace(tzinfo=SHANGHAI).timestamp() * 1000)


def said(moment: int | None) -> str:
    """The other way round; a dash for never."""
    return "-" if moment is None else f"{datetime.fromtimestamp(moment / 1000, SHANGHAI):%m-%d %H:%M}"


def a_working_region() -> Region:
    """The office of the street keeps shifts; the water company works from 07:00 to 19:00 on every day."""
    shifts = {"organisation": "water", "week": [["07:00-19:00"]] * 7, "on_holidays": True}
    calendar = CHINA.model_dump(mode="json") | {"organisations": [shifts]}
    return Region.model_validate(a_region().model_dump() | {"calendar": calendar})


def a_working_rulebook(
    dirty: dict[str, Any] | None = None, leak: dict[str, Any] | None = None, **policy: Any
) -> Rulebook:
    """Dirty roads in working hours, by default; a leak whose milestones are urgent and whose end is in working days."""
    told = a_rulebook(**policy).model_dump(mode="json")
    told["categories"][0] |= {"limits": DIRTY} | (dirty or {})
    told["categories"][2] |= {"limits": {"accept": "15m", "resolve": "5wd"}, "milestones": BURST} | (leak or {})
    return Rulebook.model_validate(told)


def a_working_street(start: str, dirty: dict[str, Any] | None = None, **policy: Any) -> Street:
    """The street at a moment of 2024."""
    street = Street(a_book(a_working_region(), a_working_rulebook(dirty, **policy)))
    street.t_ms = at(start)
    return street
