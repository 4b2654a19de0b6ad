"""A tiny invented street and a stream of everything that can be commanded on it, for the laws of the steps."""

import random
from collections.abc import Callable, Iterator
from functools import cache

from rules.book.compiled_rulebook import CompiledRulebook, book_of
from schemas.case import WITH_ORDER, Case
from schemas.command import (
    Act,
    Activate,
    AnyCommand,
    Cover,
    Do,
    Join,
    Joined,
    MasterEnded,
    Open,
    Outcome,
    Record,
    RecordWhat,
    ReturnReason,
    Supply,
    Tick,
    Trouble,
)
from schemas.items import Item, Limits, Verdict
from schemas.names import Name
from schemas.people import Organisation, OrganisationKind, Person, Role
from schemas.place import Found, PlaceGiven
from schemas.region import Box, Grid, NumberRange, Region, Segment
from schemas.report import Photo, Report, Reporter
from schemas.rights import possible
from schemas.rulebook import Category, Merge, Rulebook, Verification
from schemas.table import Table
from schemas.topics import EVERYWHERE, home, home_of

START_MS = 1_793_000_000_000
HOUR_MS = 3_600_000
PEOPLE = ("owner-a", "owner-b", "head-1", "desk-roads", "desk-waste", "chief", "inspector", "walker", "fallback")


def name(text: str) -> Name:
    """The same in both languages."""
    return Name.same(text)


def square(west: float, east: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    """One ring."""
    return (((west, 24.0), (east, 24.0), (east, 24.01), (west, 24.01), (west, 24.0)),)


def region() -> Region:
    """Two grids with a road through each."""
    roles = {"chief": Role.STREET_CHIEF, "inspector": Role.INSPECTOR, "walker": Role.PATROLLER}
    persons = [
        Person(
            id=person,
            name=name(person),
            roles=(roles.get(person, Role.DEPARTMENT_OFFICER if "desk" in person else Role.SEGMENT_SUPERVISOR),),
            department=person.removeprefix("desk-") if "desk" in person else None,
        )
        for person in PEOPLE
    ]
    return Region(
        code="test",
        name=name("Test Street"),
        zone="Asia/Shanghai",
        box=Box(west=118.0, south=23.9, east=118.1, north=24.1),
        grids=(
            Grid(id="G1", name=name("one"), polygons=(square(118.0, 118.01),), head="head-1", ladder=("chief",)),
            Grid(id="G2", name=name("two"), polygons=(square(118.01, 118.02),)),
        ),
        segments=(
            Segment(
                id="S1",
                road=name("First Road"),
                grid="G1",
                line=((118.001, 24.005), (118.009, 24.005)),
                owner="owner-a",
                numbers=(NumberRange(first=1, last=99),),
            ),
            Segment(id="S2", road=name("Second Road"), grid="G2", line=((118.011, 24.005), (118.019, 24.005))),
        ),
        persons=tuple(persons),
        organisations=tuple(
            Organisation(code=code, name=name(code), kind=OrganisationKind.DEPARTMENT) for code in ("roads", "waste")
        ),
        fallback_owner="fallback",
        fallback_department="waste",
        importers=("importer",),
    )


def rulebook(title: str = "first") -> Rulebook:
    """Four categories: one merges, one is refused, one goes to a desk."""
    limits = Limits(accept="1h", respond="4h", resolve="8h")
    return Rulebook(
        name=title,
        default_category="other",
        categories=(
            Category(id="dirt", name=name("dirt"), words=("dirty",), merge=Merge(linear=True), limits=limits),
            Category(id="hole", name=name("hole"), words=("hole",), merge=Merge(radius_m=30), limits=limits),
            Category(id="noise", name=name("noise"), item="noise"),
            Category(id="other", name=name("other"), limits=limits, verification=Verification(policy_after="6h")),
        ),
        items=(Item(id="noise", name=name("noise"), verdict=Verdict.REFUSE),),
        routing=Table.model_validate(
            {
                "name": "routing",
                "hit_policy": "F",
                "inputs": ["category", "segment", "repeats_in_segment_7d", "load"],
                "rows": [
                    {
                        "id": "again",
                        "when": {"category": "dirt", "repeats_in_segment_7d": {"ge": 3}, "load": {"le": 40}},
                        "then": {"assign": "department", "department": "waste"},
                    },
                    {
                        "id": "holes",
                        "when": {"category": "hole"},
                        "then": {"assign": "department", "department": "roads"},
                    },
                    {"id": "s1", "when": {"segment": "S1"}, "then": {"assign": "segment_owner", "department": "waste"}},
                ],
                "default": {"assign": "grid_head"},
            }
        ),
    )


@cache
def book(title: str = "first") -> CompiledRulebook:
    """Both, matched by the index."""
    return book_of(region(), rulebook(title))


class Street:
    """Seeded commands, and the rough idea of time and case numbers that a street would have."""

    def __init__(self, seed: int, at: CompiledRulebook) -> None:
        self.random = random.Random(seed)
        self.book = at
        self.t_ms = START_MS
        self.reports: list[tuple[str, str]] = []
        self.numbers: list[str] = []
        self.look: Callable[[str], Case | None] = lambda _: None

    def commands(self, count: int) -> Iterator[tuple[int, AnyCommand]]:
        """(time, command), most of them sensible, some not."""
        for i in range(count):
            self.t_ms += self.random.choice((0, 1, 1000, 1000, 60_000, 60_000, 600_000, HOUR_MS, 5 * HOUR_MS))
            roll = self.random.random()
            if roll < 0.22 or not self.numbers:
                yield self.t_ms, self.open(i)
            elif roll < 0.27:
                yield self.t_ms, self.supply(i)
            elif roll < 0.29:
                yield self.t_ms, self.cover(i)
            elif roll < 0.31:
                yield self.t_ms, Tick(id=f"tick-{i}", home=EVERYWHERE)
            elif roll < 0.34:
                yield self.t_ms, self.from_another_home(i)
            elif roll < 0.40:
                yield self.t_ms, self.past(i)
            elif roll < 0.41:
                yield self.t_ms, self.switch(i)
            else:
                yield self.t_ms, self.act(i)

    def place(self) -> PlaceGiven:
        """Somewhere on the street, or nowhere."""
        spot = self.random.choice(("First Road 12", "S1", "S2", "G1", "G2", "nowhere"))
        return PlaceGiven(address=spot)

    def open(self, i: int) -> Open:
        """A report, now and then one that came before."""
        again = self.reports and self.random.random() < 0.05
        report_id = self.random.choice(self.reports)[1] if again else f"r{i}"
        report = Report(
            id=report_id,
            text=self.random.choice(("dirty 地面有油", "a hole", "noise", "", "what is this")),
            category=self.random.choice((None, None, "dirt", "hole", "noise")),
            photos=(Photo(digest=f"{i:064x}"),) if self.random.random() < 0.3 else (),
            after_photos=(Photo(digest=f"{i + 1:064x}"),) if self.random.random() < 0.3 else (),
            fixed=self.random.random() < 0.1,
            place=self.place(),
            reporter=Reporter(id=self.random.choice(("walker", "rider-7", "resident-3")), team="riders"),
            door="page",
            received_ms=self.t_ms - 500,
        )
        found = self.book.places.locate(report.place)
        place = found.place if isinstance(found, Found) else None
        at = home("test", place.grid if place else None)
        self.reports.append((at, report_id))
        trouble = None if place else Trouble(reason="unknown_address")
        return Open(id=report.id, home=at, report=report, place=place, trouble=trouble)

    def supply(self, i: int) -> Supply:
        """Words or a place for some report."""
        at, report = self.random.choice(self.reports)
        found = self.book.places.locate(self.place())
        return Supply(
            id=f"s{i}",
            home=at,
            report=report,
            by="walker",
            text=self.random.choice(("", "it is dirty")),
            place=found.place if isinstance(found, Found) else None,
        )

    def cover(self, i: int) -> Cover:
        """Somebody is away."""
        return Cover(
            id=f"c{i}",
            home=EVERYWHERE,
            person=self.random.choice(PEOPLE),
            cover=self.random.choice((None, *PEOPLE)),
            by="chief",
            from_ms=self.t_ms,
            until_ms=self.t_ms + self.random.choice((1, HOUR_MS, 100 * HOUR_MS)),
        )

    def switch(self, i: int) -> Activate:
        """Another rulebook, now or soon."""
        return Activate(
            id=f"w{i}",
            home=EVERYWHERE,
            rulebook=book(self.random.choice(("first", "second"))).version,
            region="region",
            by="chief",
            effective_ms=self.t_ms + self.random.choice((0, HOUR_MS, 30 * HOUR_MS)),
        )

    def from_another_home(self, i: int) -> AnyCommand:
        """What other partitions send."""
        case = self.random.choice(self.numbers)
        if self.random.random() < 0.3:
            return Joined(
                id=f"k{i}", home=home_of(case), case=case, into="test-G9-2611-00001", accepted=True, by="chief"
            )
        if self.random.random() < 0.5:
            return Join(
                id=f"j{i}",
                home=home_of(case),
                case=case,
                source="test-G9-2611-00001",
                report="x",
                reporter="y",
                by="chief",
            )
        master = self.random.choice(self.numbers)
        return MasterEnded(
            id=f"m{i}", home=home_of(case), case=case, master=master, state="closed", outcome=Outcome.FIXED
        )

    def past(self, i: int) -> Record:
        """A source fact, of a new report or of one that is there."""
        fresh = self.random.random() < 0.4 or not self.reports
        report = self.open(i).report
        found = self.book.places.locate(report.place)
        place = found.place if isinstance(found, Found) else None
        at, known = (
            (home("test", place.grid if place else None), f"p{i}") if fresh else self.random.choice(self.reports)
        )
        if fresh:
            self.reports.append((at, known))
        return Record(
            id=f"p{i}",
            home=at,
            what=RecordWhat.OPENED if fresh else self.random.choice(list(RecordWhat)),
            report=report.model_copy(update={"id": known}),
            at_ms=self.t_ms - self.random.choice((0, 1000)),
            place=place,
            into=self.random.choice(self.reports)[1],
        )

    def act(self, i: int) -> Do:
        """Mostly somebody who may does what is possible; now and then anybody does anything."""
        some = [self.random.choice(self.numbers) for _ in range(6)]
        case = next((each for each in some if (known := self.look(each)) and known.state in WITH_ORDER), some[0])
        seen = self.look(case)
        if seen and seen.request and self.random.random() < 0.7:
            act = self.random.choice((Act.APPROVE, Act.DENY))
            return Do(id=f"a{i}", home=home_of(case), act=act, case=case, by="chief", occurred_ms=self.t_ms)
        sensible = seen is not None and self.random.random() < 0.9
        people = (seen.assignee, seen.reporter, "chief", "inspector") if seen and sensible else PEOPLE
        return Do(
            id=f"a{i}",
            home=home_of(case),
            act=self.random.choice((seen and sensible and possible(seen)) or list(Act)),
            case=case,
            by=self.random.choice([person for person in people if person]),
            occurred_ms=self.t_ms - self.random.choice((0, 10_000, HOUR_MS)),
            note=self.random.choice(("", "done 好了", "again 好了")),
            photos=(Photo(digest=f"{i:064x}"),) if self.random.random() < 0.5 else (),
            cite=self.random.choice((None, "noise")),
            reason=self.random.choice((None, *ReturnReason)),
            to=self.random.choice((None, "owner-b", case, *self.numbers[-5:])),
            category=self.random.choice((None, "hole", "dirt")),
            place=self.place() if self.random.random() < 0.5 else None,
            outcome=self.random.choice((None, *Outcome)),
            hours=self.random.choice((None, 5)),
        )
