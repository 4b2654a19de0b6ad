"""How a storm day is planned: who tells what when, and what must be told whom, both before anything runs.

The day is a Thursday; the Friday after it is off, the Saturday is worked. The plan never asks `rules/`.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Final

from schemas.command import Act, Cover, Do
from schemas.people import Role
from schemas.place import PlaceGiven
from schemas.report import Photo, Report, Reporter
from schemas.topics import EVERYWHERE, case_number, home_of, partition_of
from tests.generators.month_messages import DIRECT, LOCATED, Message, Month
from tests.generators.month_street import HOUR, MINUTE, Spot, Street, photo
from tests.generators.storm_clock import Climb, Ending, Notice
from tests.generators.storm_shifts import OFFICE, WATER, Shifts, moment

BEGIN: Final = moment(date(2026, 6, 11), 8)
APART: Final = 100_000
"""Between one report and the next, ms."""
END: Final = moment(date(2026, 7, 10), 12)
YYMM: Final = "2606"
AWAY: Final = "steward-03"
"""Away all the time, and nobody covers: passed over by the ladder."""
LATER: Final = 37_000
"""So long after a clock ran out, ms: acts never come at the very moment."""


@dataclass(frozen=True)
class Kind:
    """A category in the storm: its words, who gets it (a desk, or the owner), its clocks in hours, days of work."""

    category: str
    words: str
    desk: str
    radius_m: float
    hours: dict[str, float]
    days: int = 0
    """The resolution, in working days; 0: it is among the hours."""
    shifts: Shifts | None = None
    """By whose shifts: urgent matters have none."""

    def clocks(self, at: int) -> dict[str, int]:
        """When each clock of a case runs out that is dispatched then."""
        quiet = self.shifts if self.shifts is OFFICE else None  # a burst pipe is urgent until the water runs again
        due = {
            name: quiet.due_hours(at, int(hours)) if quiet else at + round(hours * HOUR)
            for name, hours in self.hours.items()
        }
        if self.shifts is not None:
            due["resolve"] = self.shifts.due_days(at, self.days)
            if not quiet:
                due["restore"] = due["resolve"]
        return due


KINDS: Final = (
    Kind("flooding", "路口积水", "officer-drainage", 50, {"accept": 0.25, "respond": 1, "resolve": 8}),
    Kind("sewage", "污水外溢", "officer-drainage", 50, {"accept": 0.25, "respond": 2, "resolve": 24}),
    Kind("manhole", "井盖松动", "officer-municipal-works", 15, {"accept": 0.25, "respond": 1, "resolve": 24}),
    Kind("sign", "店铺招牌松动", "", 20, {"accept": 1, "respond": 4, "resolve": 48}),
    Kind("burst-pipe", "爆管了", "officer-water-supply", 50,
         {"accept": 0.25, "respond": 1, "fence": 3, "repair": 8}, 5, WATER),
    Kind("tree", "树枝断落", "officer-parks", 20, {"accept": 1, "respond": 4}, 2, OFFICE),
    Kind("street-light", "路灯不亮", "officer-street-lighting", 30, {"accept": 1, "respond": 7}, 2, OFFICE),
    Kind("railing", "护栏歪了", "officer-municipal-works", 30, {"accept": 1, "respond": 7}, 3, OFFICE),
    Kind("pothole", "路面坑洼", "officer-municipal-works", 30, {"accept": 1, "respond": 7}, 3, OFFICE),
)  # fmt: skip
QUIET: Final = frozenset(kind.category for kind in KINDS if kind.shifts is OFFICE)
"""Categories of which nobody is told outside the shift."""


@dataclass
class Told:
    """One report, and what must become of it."""

    story: str
    report: str
    kind: Kind
    spot: Spot
    at: int
    assignee: str
    state: str = "dispatched"
    master: str | None = None
    executor: str | None = None
    number: str = ""
    endings: list[Ending] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def clocks(self) -> dict[str, int]:
        """When they run out if nobody does anything."""
        return self.kind.clocks(self.at)


@dataclass(frozen=True)
class Storm:
    """Messages in the order in which they are sent, and the fate of each report."""

    day: Month
    told: list[Told]


class StormPlan:
    """Writes messages and fates."""

    def __init__(self, seed: int, partitions: int) -> None:
        self.random = Random(seed)
        self.told: list[Told] = []
        self._partitions = partitions
        self._street = Street()
        self._ladders = _ladders(self._street)
        self._taken: dict[tuple[str, str], list[Spot]] = {}
        self._steps: list[tuple[int, Callable[[], Message], Told | None]] = []
        self._acts = 0

    def spot(self, kind: Kind, home: str | None = None) -> Spot | None:
        """A place far enough from all others of its category, if one is left."""
        for segment in self.random.sample(self._street.names, len(self._street.names)):
            spot = self._street.spot(segment)
            taken = self._taken.setdefault((kind.category, spot.home), [])
            far = all(spot.metres_to(other) > 1.5 * kind.radius_m for other in taken)
            if far and home in {None, spot.home}:
                taken.append(spot)
                return spot
        return None

    def report(self, story: str, *kinds: str, master: Told | None = None) -> Told:
        """The next report of the day, of any of these kinds (none named: of all)."""
        at = BEGIN + len(self.told) * APART
        wanted = [kind for kind in KINDS if not kinds or kind.category in kinds]
        kind, spot = (master.kind, master.spot) if master else self._somewhere(wanted)
        name = self._id(spot.home)
        told = Told(story, name, kind, spot, at, kind.desk or spot.owner)
        report = Report(
            id=name, text=kind.words, photos=(Photo(digest=photo(name)),), place=spot.given("wgs84"),
            reporter=Reporter(id=f"patroller-{len(self.told) % 20 + 1:02}", kind=Role.PATROLLER), door="web",
            received_ms=at,
        )  # fmt: skip
        self.told.append(told)
        self._steps.append((at, lambda: Message("reports", at, report, ((spot.home, LOCATED),)), told))
        return told

    def _somewhere(self, kinds: list[Kind]) -> tuple[Kind, Spot]:
        for kind in sorted(kinds, key=self._crowd):
            if (spot := self.spot(kind)) is not None:
                return kind, spot
        raise LookupError("no place is left")

    def _crowd(self, kind: Kind) -> float:
        """How little room a category has left, about; by chance where they are alike."""
        taken = sum(len(spots) for (category, _), spots in self._taken.items() if category == kind.category)
        return taken * (1 + kind.radius_m / 50) + self.random.uniform(0, 20)

    def act(self, told: Told, act: Act, by: str, at: int, *ends: str, occurred: int | None = None, **more: Any) -> None:
        """Somebody does something; the log hears of it at `at`. It ends these clocks."""
        self._acts += 1
        name = f"act-{self._acts:04}"
        told.endings.append(Ending(at, at if occurred is None else occurred, ends))

        def made() -> Message:
            do = Do(id=name, home=home_of(told.number), act=act, case=told.number, by=by, occurred_ms=occurred, **more)
            return Message("commands", at, do, ((told.spot.home, DIRECT),))

        self._steps.append((at, made, None))

    def sign(self, told: Told, at: int, occurred: int | None = None) -> None:
        """Who has it signs."""
        self.act(told, Act.ACKNOWLEDGE, told.assignee, at, "accept", occurred=occurred)
        told.state = "acknowledged"

    def resolve(self, told: Told, at: int, occurred: int | None = None) -> None:
        """Done; the policy verifies it days later."""
        shown = (Photo(digest=photo(f"{told.report}-done")),)
        ends = ("accept", "respond", "resolve", "fence", "repair", "restore")
        self.act(told, Act.RESOLVE, told.assignee, at, *ends, occurred=occurred, photos=shown)
        told.state = "closed"

    def move(self, told: Told, at: int) -> None:
        """The street's chief corrects the place, to another one in the same grid."""
        spot = self.spot(told.kind, told.spot.home)
        if spot is not None and told.kind.desk:
            self.act(told, Act.CORRECT, "street-chief", at, place=PlaceGiven(code=spot.segment))
            told.story += ", moved"

    def storm(self) -> Storm:
        """All of it in order, with numbers in the order of arrival."""
        away = Cover(id="away", home=EVERYWHERE, person=AWAY, by="street-chief", from_ms=BEGIN - HOUR, until_ms=END)
        everywhere = ((EVERYWHERE, DIRECT),)
        messages = [Message("commands", BEGIN - HOUR, away, everywhere, self._partitions)]
        counts: dict[str, int] = {}
        for _, make, opened in sorted(self._steps, key=lambda step: step[0]):
            if opened is not None:
                home = opened.spot.home
                counts[home] = counts.get(home, 0) + 1
                opened.number = case_number(home, YYMM, counts[home])
            messages.append(make())
        for told in self.told:
            if told.master is None:
                ladder = self._ladders[told.spot.grid]
                told.notices = Climb(told.clocks, ladder, frozenset({AWAY}), told.kind.shifts).play(told.endings, END)
        return Storm(Month(messages, {}, 0), self.told)

    def _id(self, home: str) -> str:
        """An id whose partition of `reports` has the number of its home's partition of `commands`."""
        wanted, first = partition_of(home, self._partitions), f"s{len(self.told) + 1:03}"
        names = (f"{first}-{salt}" for salt in range(10_000))
        return next(name for name in names if partition_of(name, self._partitions) == wanted)


def _ladders(street: Street) -> dict[str, tuple[str, ...]]:
    with (street.folder / "grids.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"]: tuple(row["ladder"].split(";")) for row in csv.DictReader(lines)}


def late(told: Told, clock: str) -> int:
    """Some time after a clock of a case ran out, within the minute."""
    return told.clocks[clock] + LATER


def soon(told: Told) -> int:
    """Before any clock runs out."""
    return told.at + 5 * MINUTE + LATER
