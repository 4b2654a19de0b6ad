"""How a month is planned: who tells what when, and what must become of it, both written down before anything runs.

The plan keeps its own books (who has the job, when the clock runs out) by its own few rules; it never asks `rules/`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from schemas.command import Act, Cover, Do, Outcome
from schemas.people import Role
from schemas.place import PlaceGiven
from schemas.report import Photo, Report, Reporter, ReportKind, Supplement
from schemas.topics import EVERYWHERE, case_number, home_of, partition_of
from tests.generators.month_messages import DIRECT, LOCATED, MOVED, Expected, Message, Month
from tests.generators.month_street import DAY, FALLBACK, HOUR, KINDS, MINUTE, UNPLACED, USUAL, Kind, Spot, Street, photo

BEGIN: Final = 1_761_926_400_000  # 2025-11-01 00:00 in Xiamen
YYMM: Final = "2511"
END: Final = BEGIN + 30 * DAY + 14 * DAY
"""When the last tick comes: all windows of what ended within the month are over."""


@dataclass(slots=True)
class Told:
    """A report on its way through the plan."""

    expected: Expected
    kind: Kind
    spot: Spot | None
    reporter: str
    dispatched_ms: int = 0
    due_ms: int | None = None
    numbers: dict[str, str] = field(default_factory=dict)
    """Case number by home: a report that waited has one in the waiting home too."""


@dataclass(slots=True)
class _Step:
    at: int
    make: Callable[[], Message]
    opens: tuple[tuple[str, Told], ...] = ()


class Plan:
    """Writes steps and fates; `spots` are handed out once per category, far enough apart not to merge."""

    def __init__(self, seed: int = 417, partitions: int = 8) -> None:
        self.random = Random(seed)
        self.street = Street()
        self.told: list[Told] = []
        self.refused_actions = 0
        self._partitions = partitions
        self._steps: list[_Step] = []
        self._taken: dict[tuple[str, str], list[Spot]] = {}
        self._free: dict[str, list[str]] = {}
        self._acts = 0
        self._masters: list[tuple[Told, Told]] = []

    def spot(self, category: str, owner: str | None = None, home: str | None = None) -> Spot:
        """A fresh place for a category, of somebody who is never away unless `owner` is named."""
        return self.spots(category, USUAL, owner=owner, home=home)[0]

    def spots(self, category: str, *shares: float, owner: str | None = None, home: str | None = None) -> list[Spot]:
        """Fresh places on one segment, at these shares of its length; two are over 100 m apart."""
        free = self._free.setdefault(category, self.random.sample(self.street.names, len(self.street.names)))
        for segment in free:
            here = self.street.owner(segment)
            spots = [self.street.spot(segment, share) for share in shares]
            far = spots[0].metres_to(spots[-1]) > 100 or len(spots) == 1
            wanted = here == owner if owner else here not in RESERVED
            if wanted and far and home in {None, spots[0].home} and self._take(category, spots):
                return spots
        raise LookupError(f"no place is left for {category}")

    def both_sides(self, category: str) -> list[Spot]:
        """Fresh places on both sides of a wide road, each in a grid of its own."""
        for column in self.random.sample("12345", 5):
            spots = [self.street.spot(f"CSL-{column}{side}") for side in "NS"]
            if not RESERVED & {spot.owner for spot in spots} and self._take(category, spots):
                return spots
        raise LookupError(f"no place is left for {category}")

    def _take(self, category: str, spots: list[Spot]) -> bool:
        """Reserve places if all of them are free and far enough from what is taken in their grids."""
        near = 1.5 * max(KINDS[category].radius_m, 20)
        free = self._free.setdefault(category, self.random.sample(self.street.names, len(self.street.names)))
        for spot in spots:
            others = self._taken.setdefault((spot.home, category), [])
            if spot.segment not in free or any(spot.metres_to(other) <= near for other in others):
                return False
        for spot in spots:
            self._taken[spot.home, category].append(spot)
        for segment in {spot.segment for spot in spots}:
            free.remove(segment)
        return True

    def moment(self, first: int = 0, last: int = 26, *, hours: tuple[int, int] = (6, 21)) -> int:
        """Some time of day between two days of the month, to the millisecond."""
        day = BEGIN + self.random.randint(first, last) * DAY
        return day + self.random.randrange(hours[0] * HOUR, hours[1] * HOUR)

    def reporter(self) -> str:
        """Somebody who reports."""
        people = [f"patroller-{n:02}" for n in range(1, 21)] + [f"rider-{n:02}" for n in range(1, 7)]
        return self.random.choice([*people, "resident-01", "resident-02", "resident-03", "resident-en"])

    def report(
        self,
        story: str,
        category: str,
        at: int,
        *,
        spot: Spot | None = None,
        place: PlaceGiven | None = None,
        received: int | None = None,
        sent_after: int = 0,
        effective: int | None = None,
        **more: Any,
    ) -> Told:
        """A report whose record has time `at`; it is placed at `spot` and routed, or waits when there is none.

        `sent_after` ms later than its time says, behind what is there by then; `effective` is what its time becomes.
        """
        kind = KINDS[category]
        home = spot.home if spot else UNPLACED
        t, reporter = effective or at, self.reporter()
        report = self._id(home)
        told = Told(Expected(story, report, home, category, received or at), kind, spot, reporter)
        self.told.append(told)
        given = place or (spot.given(self._way()) if spot else PlaceGiven())
        message = Report(
            id=report,
            text=more.pop("text", kind.words),
            photos=more.pop("photos", (Photo(digest=photo(report)),)),
            place=given,
            reporter=Reporter(
                id=reporter, kind=Role.VOLUNTEER if reporter.startswith("rider") else Role.PATROLLER,
                team="riders-1" if reporter.startswith("rider") else None,
            ),
            door="web",
            received_ms=received or at,
            **more,
        )  # fmt: skip
        step = _Step(at + sent_after, lambda: Message("reports", at, message, ((home, LOCATED),)), ((home, told),))
        self._steps.append(step)
        if spot is None:
            self.waits(told, t)
        else:
            self.routed(told, t)
        return told

    def again(self, told: Told, at: int) -> None:
        """The same report comes a second time, as a door sends it that got no answer: nothing must come of it."""
        first = next(step for step in self._steps if any(opened is told for _, opened in step.opens))
        content = first.make().content
        assert isinstance(content, Report)
        twin = content.model_copy(update={"received_ms": at})
        self._steps.append(_Step(at, lambda: Message("reports", at, twin, ((told.expected.home, LOCATED),), 0)))

    def routed(self, told: Told, at: int, *, assignee: str | None = None) -> None:
        """The job goes to whoever the street's list says, and its clock starts."""
        spot, kind, expected = told.spot, told.kind, told.expected
        assert spot is not None
        expected.state, expected.share = "dispatched", "routed"
        expected.department, expected.item = kind.department, kind.item or None
        expected.assignee = assignee or {"owner": spot.owner, "head": spot.head}.get(kind.who, kind.who)
        told.dispatched_ms, told.due_ms = at, kind.due(at)

    def waits(self, told: Told, at: int) -> None:
        """Nobody supplies anything: two reminders, then refused."""
        told.expected.state, told.expected.share, told.expected.reminders = "refused", "refused", 2
        told.expected.item = told.kind.item or None

    def act(
        self, told: Told, act: Act, by: str, at: int, *, home: str | None = None, again: bool = False, **fields: Any
    ) -> None:
        """Somebody does something; its record has time `at`. `again`: it arrives twice."""
        self._acts += 1
        name, where = f"act-{self._acts:05}", home or told.expected.home

        def made() -> Message:
            number = told.numbers[where]
            command = Do(id=name, home=home_of(number), act=act, case=number, by=by, **fields)
            return Message("commands", at, command, ((where, DIRECT),))

        self._steps += [_Step(at, made)] * (1 + again)

    def refused(self, told: Told, act: Act, by: str, at: int, **fields: Any) -> None:
        """An act that nothing may come of."""
        self.refused_actions += 1
        self.act(told, act, by, at, **fields)

    def resolve(
        self,
        told: Told,
        at: int,
        by: str | None = None,
        *,
        occurred: int | None = None,
        outcome: Outcome | None = None,
        again: bool = False,
    ) -> None:
        """The work is done; unless somebody says more, the policy closes the case after a while."""
        expected = told.expected
        done = occurred if occurred is not None else at
        shown = () if outcome is Outcome.NOTHING_FOUND else (Photo(digest=photo(f"{expected.report}-{at}")),)
        by = by or expected.assignee
        assert by is not None
        self.act(told, Act.RESOLVE, by, at, occurred_ms=occurred, photos=shown, outcome=outcome, again=again)
        expected.resolution_ms = done - expected.submitted_ms
        expected.on_time = None if told.due_ms is None else done <= told.due_ms
        expected.state, expected.verified_by = "closed", "policy"
        expected.outcome = (outcome or Outcome.FIXED).value

    def verify(self, told: Told, at: int, by: str | None = None) -> None:
        """Somebody confirms it."""
        self.act(told, Act.VERIFY, by or told.reporter, at)
        told.expected.verified_by = "inspector" if (by or "").startswith("inspector") else "reporter"

    def goes_back(self, told: Told, act: Act, at: int, *, resolved_at: int, by: str | None = None) -> None:
        """Rework or reopening: the clock goes on with what was left when it was resolved."""
        self.act(told, act, by or told.reporter, at, note="还没有修好 not fixed")
        assert told.due_ms is not None
        told.due_ms = told.kind.due_again(told.due_ms, resolved_at, at)
        told.expected.verified_by = told.expected.outcome = None

    def duplicate(self, master: Told, at: int, *, spot: Spot | None = None) -> Told:
        """Somebody else reports the same: it follows the master to the end."""
        place = spot or master.spot
        told = self.report(
            "duplicate", master.kind.category, at, spot=place, place=place.given("wgs84") if place else None
        )
        expected = told.expected
        expected.share, expected.master = "merged", master.expected.report
        expected.assignee = expected.department = None
        self._masters.append((told, master))
        return told

    def splits(self, told: Told, at: int) -> None:
        """ "Not the same", says the reporter: its own way from here on."""
        self.act(told, Act.SPLIT, told.reporter, at)
        self._masters = [pair for pair in self._masters if pair[0] is not told]
        told.expected.master = None
        self.routed(told, at)

    def supply(self, told: Told, at: int, *, place: PlaceGiven, spot: Spot | None = None, text: str = "") -> None:
        """The reporter supplies something; with a spot the report moves there."""
        self._acts += 1
        name, report, reporter = f"more-{self._acts:05}", told.expected.report, told.reporter
        content = Supplement(
            id=name, report=report, text=text, place=place, reporter=Reporter(id=reporter), door="web", received_ms=at
        )
        waiting = told.expected.home
        ways = ((waiting, LOCATED), (spot.home, MOVED)) if spot else ((waiting, LOCATED),)
        opens = ((spot.home, told),) if spot else ()
        message = Message("reports", at, content, ways, len(ways))
        self._steps.append(_Step(at, lambda: message, opens))
        if spot is not None:
            told.spot, told.expected.home, told.expected.reminders = spot, spot.home, 0
            self.routed(told, at)

    def cover(self, person: str, stand_in: str | None, begin: int, end: int, at: int) -> None:
        """Somebody is away; said in every partition."""
        self._acts += 1
        content = Cover(
            id=f"cover-{self._acts:05}", home=EVERYWHERE, person=person, cover=stand_in, by="street-chief",
            from_ms=begin, until_ms=end,
        )  # fmt: skip
        count = self._partitions
        self._steps.append(_Step(at, lambda: Message("commands", at, content, ((EVERYWHERE, DIRECT),), count)))

    def month(self) -> Month:
        """Everything in order; only now numbers are given, home by home, in the order of arrival."""
        self._steps.sort(key=lambda step: step.at)
        counts: dict[str, int] = {}
        messages = []
        for step in self._steps:
            for home, told in step.opens:
                counts[home] = counts.get(home, 0) + 1
                told.numbers[home] = told.expected.number = case_number(home, YYMM, counts[home])
            messages.append(step.make())
        for told, master in self._masters:
            told.expected.state = "closed" if master.expected.state == "closed" else "merged"
            told.expected.outcome = master.expected.outcome
        return Month(messages, {told.expected.report: told.expected for told in self.told}, self.refused_actions)

    def _id(self, home: str) -> str:
        """An id whose partition of `reports` has the number of its home's partition of `commands`."""
        wanted, first = partition_of(home, self._partitions), f"r{len(self.told) + 1:03}"
        return next(
            name for salt in range(10_000)
            if partition_of(name := f"{first}-{salt}", self._partitions) == wanted
        )  # fmt: skip

    def _way(self) -> str:
        return self.random.choice(("wgs84", "gcj02", "bd09", "address"))


RESERVED: Final = frozenset({"supervisor-14", "supervisor-15"})
"""People who are away for a while; their segments appear in no other story."""

__all__ = ["BEGIN", "END", "FALLBACK", "MINUTE", "Expected", "Message", "Month", "Plan", "ReportKind", "Told"]
