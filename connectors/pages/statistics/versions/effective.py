"""The versions of the list that took effect while the system worked: what figures are compared before and since."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.doors.http.context import LISTS
from connectors.intake.refusal import bad
from connectors.lists.desk import ListVersion
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import SHOWN
from schemas.days import begin_ms

TOOK_EFFECT = frozenset({"past", "in_force"})


class EffectiveVersion(NamedTuple):
    """One version by the moment from which on it was in force."""

    moment: datetime
    """In the region's zone."""
    name: str
    """"" if it has none."""
    whole_day: bool
    """Whether it was in force on its first day from the beginning."""

    @property
    def day(self) -> date:
        """The day on which it took effect."""
        return self.moment.date()

    @property
    def key(self) -> str:
        """Names it in an address, such as `2026-11-19T08:30:05`."""
        return self.moment.replace(tzinfo=None).isoformat(timespec="seconds")


def effective_versions(viewer: Viewer) -> list[EffectiveVersion]:
    """The newest first; empty as long as nobody heard of them. What changed the region alone is none."""
    lists = viewer.request.app.get(LISTS)
    return in_effect(lists.desk.versions(viewer.now_ms), viewer.zone) if lists is not None else []


def in_effect(versions: Sequence[ListVersion], zone: ZoneInfo) -> list[EffectiveVersion]:
    """Those of all versions, in order of time, that took effect after the system was created, the newest first."""
    found, before = list[EffectiveVersion](), ""
    for each in versions:
        if each.state in TOOK_EFFECT:
            if each.from_ms and each.rulebook != before:
                moment = datetime.fromtimestamp(each.from_ms / 1000, zone)
                found.append(EffectiveVersion(moment, each.name, each.from_ms == begin_ms(moment.date(), zone)))
            before = each.rulebook
    return found[::-1]


def version_of(key: str, versions: Sequence[EffectiveVersion]) -> EffectiveVersion | None:
    """The one that an address names, the newest if it names none; None if there are none. Raises `Refused` (400)."""
    if not key:
        return versions[0] if versions else None
    found = next((each for each in versions if each.key == key), None)
    if found is None:
        raise bad("not_one_of", "version", given=key[:SHOWN], known=", ".join(each.key for each in versions))
    return found
