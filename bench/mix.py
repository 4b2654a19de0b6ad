"""The command mix on the example street: open, acknowledge, resolve, verify 1:1:1:1, routed by a table of 500 rows.

What each command makes a worker write is worked out without Kafka, so that a bare loop can write the same bytes.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from rules.book.compiled_rulebook import book_of
from schemas.codec import encode
from schemas.command import Act, AnyCommand, Do, Open
from schemas.items import Verdict
from schemas.place import Coordinates, Found, PlaceFound, PlaceGiven
from schemas.region import Region
from schemas.report import Photo, Report, Reporter
from schemas.rulebook import Merge, Rulebook
from schemas.table import Table
from schemas.topics import EVENTS, home, partition_of
from streams.cases.step import CasesStep
from streams.measure.step import MeasureStep
from streams.partition.contract import ConsumedRecord, Effects, raw_of
from streams.rulebooks.cache import cache_of

EXAMPLE = Path(__file__).resolve().parent.parent / "regions" / "example"
ROWS = 500
WAVE = 200
"""Cases that go through their life together: so many other commands stand between two of one case."""
APART_M = 1.5


@cache
def street() -> tuple[Region, Rulebook]:
    """The example street with a routing table of 500 rows, most of them for one category on one segment.

    One object for everybody, as in a worker: to compare two equal working calendars costs more than a decision.

    Duplicates are looked for as usual, but within 1 m, so that every report of the mix goes all its way.
    """
    region, rulebook = load_region(EXAMPLE), load_rulebook(EXAMPLE)
    categories = [c.model_copy(update={"merge": Merge(radius_m=1) if c.merge else None}) for c in rulebook.categories]
    own = [row.model_dump(mode="json") for row in rulebook.routing.rows]
    pairs = ((category, segment) for segment in region.segments for category in handled(rulebook))
    more = [
        {
            "id": f"{category}@{segment.id}",
            "priority": 10,
            "when": {"category": category, "segment": segment.id},
            "then": {"assign": "segment_owner", "department": "sanitation"},
        }
        for (category, segment), _ in zip(pairs, range(ROWS - len(own)), strict=False)
    ]
    inputs = [read.model_dump(mode="json") for read in rulebook.routing.inputs]
    table = Table.model_validate(
        {
            **rulebook.routing.model_dump(mode="json"),
            "rows": [*more, *own],
            "inputs": ["segment", *inputs],
        }
    )
    return region, Rulebook.model_validate({**dict(rulebook), "categories": tuple(categories), "routing": table})


def handled(rulebook: Rulebook) -> list[str]:
    """Categories that this street handles itself."""
    items = {item.id: item for item in rulebook.items}
    return [c.id for c in rulebook.categories if c.merge and c.item and items[c.item].verdict is Verdict.HANDLE]


@dataclass(frozen=True, slots=True)
class Sent:
    """One command and what a worker writes because of it: its own effects, then those of counting its events."""

    partition: int
    key: bytes
    value: bytes
    effects: Effects
    counted: tuple[Effects, ...]


class State(NamedTuple):
    """What one partition of `cases` holds, and its bookkeeping."""

    items: list[tuple[str, bytes]]
    totals: dict[str, object]


class Mix:
    """Commands for `partitions` partitions, with everything that follows from them; goes on where it stopped.

    `steps` holds the cases of each partition as they stand now.
    """

    def __init__(self, partitions: int, *, prefix: str = "", first: int = 0) -> None:
        region, rulebook = street()
        self.book = book_of(region, rulebook)
        self.t_ms = time.time_ns() // 1_000_000
        self.steps = [CasesStep(n, partitions, cache_of(self.book), prefix=prefix) for n in range(partitions)]
        self._partitions = partitions
        self._events = prefix + EVENTS
        self._measures = [MeasureStep(n, prefix=prefix) for n in range(partitions)]
        self._categories = handled(rulebook)
        self._next = first
        self._offset = 0

    def go_on(self, states: Sequence[State]) -> None:
        """Go on after what each partition holds."""
        for step, measure, (items, totals) in zip(self.steps, self._measures, states, strict=True):
            step.restore(items)
            step.resume(totals)
            measure.resume(totals)

    def lives(self, cases: int) -> Iterator[Sent]:
        """The whole life of so many cases, wave by wave."""
        for start in range(0, cases, WAVE):
            yield from self._wave(min(WAVE, cases - start))

    def opens(self, cases: int) -> Iterator[Sent]:
        """Cases that are opened and left."""
        for _ in range(cases):
            yield self._sent(self._open())

    def report(self) -> tuple[Report, PlaceFound]:
        """The next report, and its place; never within a metre of another one of its category."""
        i, self._next = self._next, self._next + 1
        category = self._categories[i % len(self._categories)]
        place = self._place(i // len(self._categories))
        found = self.book.places.locate(place)
        assert isinstance(found, Found)
        report = Report(
            id=f"report-{i:08d}-on-the-example-street",
            text="路面有问题，影响通行，请尽快安排人员处理，谢谢。",
            category=category,
            photos=(Photo(digest=f"{i:064x}"),),
            place=place,
            reporter=Reporter(id="patroller-01"),
            door="page",
            received_ms=self.t_ms,
        )
        return report, found.place

    def _place(self, i: int) -> PlaceGiven:
        segments = self.book.region.segments
        (lon1, lat1), (lon2, lat2) = segments[i % len(segments)].line[:2]
        share = (i // len(segments) + 1) * APART_M % 60 / 120  # on the first half, before other roads come near
        return PlaceGiven(coordinates=Coordinates(lon=lon1 + (lon2 - lon1) * share, lat=lat1 + (lat2 - lat1) * share))

    def _wave(self, cases: int) -> Iterator[Sent]:
        opened = []
        for _ in range(cases):
            command = self._open()
            yield self._sent(command)
            opened.append(command)
        for act in (Act.ACKNOWLEDGE, Act.RESOLVE, Act.VERIFY):
            for command in opened:
                yield self._sent(self._act(act, command))

    def _open(self) -> Open:
        report, place = self.report()
        return Open(id=report.id, home=home(self.book.region.code, place.grid), report=report, place=place)

    def _act(self, act: Act, opened: Open) -> Do:
        memory = self.steps[partition_of(opened.home, self._partitions)].memory
        number = memory.number_of(opened.home, opened.id)
        case = memory.case(number) if number else None
        assert case is not None
        assert case.assignee is not None
        return Do(
            id=f"{act}-{opened.id}",
            home=opened.home,
            act=act,
            case=case.number,
            by=case.reporter if act is Act.VERIFY else case.assignee,
            occurred_ms=self.t_ms,
            photos=(Photo(digest="a" * 64),) if act is Act.RESOLVE else (),
        )

    def _sent(self, command: AnyCommand) -> Sent:
        partition = partition_of(command.home, self._partitions)
        value, key, self._offset = encode(command), command.home.encode(), self._offset + 1
        effects = _as_bytes(self.steps[partition].apply(ConsumedRecord(self._offset, self.t_ms, key, value), self.t_ms))
        counted = tuple(
            self._counted(partition, output.value) for output in effects.outputs if output.topic == self._events
        )
        return Sent(partition, key, value, effects, counted)

    def _counted(self, partition: int, event: bytes | None) -> Effects:
        return _as_bytes(
            self._measures[partition].apply(ConsumedRecord(self._offset, self.t_ms, None, event), self.t_ms)
        )


def _as_bytes(effects: Effects) -> Effects:
    """With orders and state as they stand now."""
    return Effects(effects.records(), {key: raw_of(state) for key, state in effects.changes.items()})


def size(sent: Sequence[Sent]) -> tuple[float, float]:
    """Records and bytes that a worker writes for one command, on average."""
    effects = [each for one in sent for each in (one.effects, *one.counted)]
    values = [v for each in effects for v in (*(o.value for o in each.outputs), *map(raw_of, each.changes.values()))]
    return len(values) / len(sent), sum(len(value or b"") for value in values) / len(sent)
