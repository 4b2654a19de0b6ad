"""A ledger file of a street that has worked for a year: a few cases are made by the rules, the others are like them.

All of them go through the product's store. A replica has its own number, report, reporter and times, an end drawn from
a fixed seed, and one event that opens it as it is now; only the cases made by the rules have every event. With a
`Spread` the replicas lie on the segments of a city and have its categories and departments, else those of the street.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from bench.lab import PARTITIONS
from bench.mix import Mix, street
from connectors.ledger.address import LedgerAddress
from connectors.ledger.fold import Doc, fold
from connectors.ledger.write.place import place_of
from schemas.event import EventType
from schemas.people import OrganisationKind
from schemas.topics import EVENTS, case_number, partition_of
from streams.kafka.event_log import Logged, Position

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
YEAR_MS = 365 * DAY_MS
ZONE = "Asia/Shanghai"
MODELS = 300
"""Cases made by the rules of each kind: ended, and open."""
BATCH = 2_000
NEWEST = 0.05
"""Open cases are among the newest of all; of these, `OPEN` are open: 1.3 % of all."""
OPEN = 0.26
TIME = re.compile(rb"\b1[0-9]{12}\b")
SHARED_PHOTO = b"a" * 64
"""The one after-photo of the mix; here each case has its own, or all would be marked as having a reused one."""
NOT_BY_EVENTS = ("number", "home", "seq", "acts")
STATES = ("dispatched",) * 5 + ("acknowledged",) * 3 + ("suspended", "resolved", "needs_information")


class Spread(NamedTuple):
    """A city's segments, grids, categories and departments; few of each have most cases."""

    segments: int = 6_000
    grids: int = 400
    categories: int = 120
    departments: int = 30

    def one(self, chance: Random) -> dict[str, Any]:
        """Where a case is, and what: the segment and the category are drawn, the others follow from them."""
        segment, category = _seldom(chance, self.segments), _seldom(chance, self.categories)
        department = f"department-{category % self.departments:02d}"
        return {
            "place": {"segment": f"segment-{segment:05d}", "grid": f"grid-{segment % self.grids:03d}"},
            "category": f"category-{category:03d}",
            "department": {"code": department, "name": department},
        }


@dataclass
class Filling:
    """Events for one file; deterministic but for the present time."""

    cases: int
    now_ms: int
    models: int = MODELS
    newest: float = NEWEST
    share_open: float = OPEN
    """Of the newest cases."""
    spread: Spread | None = None
    mix: Mix = field(default_factory=lambda: Mix(PARTITIONS))
    chance: Random = field(default_factory=lambda: Random(36))
    next_n: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(lambda: 10_000))

    def events(self) -> Iterator[Logged]:
        """Those of the rules, then one or two for each replica, oldest first."""
        ended = [raw for one in self.mix.lives(self.models) for raw in _written(one.effects.outputs)]
        opened = [raw for one in self.mix.opens(self.models) for raw in _written(one.effects.outputs)]
        for raw in ended + opened:
            fields = from_json(raw)
            own = raw.replace(SHARED_PHOTO, sha256(str(fields["case"]).encode()).hexdigest().encode())
            yield self._logged(from_json(own), own)
        models = [[self._model(doc) for doc in _folded(part).values()] for part in (opened, ended)]
        count = self.cases - 2 * self.models
        for i in range(count):
            age_ms = YEAR_MS - YEAR_MS * i // count
            open_ = i >= count * (1 - self.newest) and self.chance.random() < self.share_open
            yield from self._replica(i, self.chance.choice(models[not open_]), self.now_ms - age_ms, open_=open_)
            if i % 5000 == 0:
                yield self._absence(i)

    def _model(self, doc: Doc) -> tuple[Doc, bytes]:
        return doc, to_json({name: value for name, value in doc.items() if name not in NOT_BY_EVENTS})

    def _replica(self, i: int, model: tuple[Doc, bytes], at_ms: int, *, open_: bool) -> Iterator[Logged]:
        home, shift = model[0]["home"], at_ms - self.mix.t_ms
        self.counts[home] += 1
        number = case_number(home, "2601", self.counts[home])
        raw = TIME.sub(lambda found: str(int(found[0]) + shift).encode(), model[1])
        raw = raw.replace(SHARED_PHOTO, sha256(number.encode()).hexdigest().encode())
        now: dict[str, Any] = from_json(raw) | {"report": f"report-{i:08d}-like-it", "reporter": f"p-{i % 5000}"}
        if self.spread is None:
            now["department"] = self._department(now["category"])
        else:
            drawn = self.spread.one(self.chance)
            now |= drawn | {"place": (now.get("place") or {}) | drawn["place"]}
        now |= self._going_on(at_ms) if open_ else self._ended(at_ms, i)
        yield self.event(EventType.OPENED, number, home, at_ms, f"o{i}", now)
        if not open_ and at_ms > self.now_ms - 2 * DAY_MS:
            yield self.event(EventType.CLOSED, number, home, at_ms, f"e{i}", {"closed_ms": at_ms})

    def _department(self, category: str) -> dict[str, str]:
        """Each category belongs to one department: else one of them would have nearly all cases."""
        departments = [each for each in street()[0].organisations if each.kind is OrganisationKind.DEPARTMENT]
        chosen = departments[sum(category.encode()) % len(departments)]
        return {"code": chosen.code, "name": chosen.name.zh}

    def _going_on(self, at_ms: int) -> dict[str, Any]:
        due_ms = self.now_ms + round(self.chance.uniform(-2, 8) * DAY_MS)
        more = {"state": self.chance.choice(STATES), "due_ms": due_ms, "deadlines": {"resolve": due_ms}}
        return more | ({"suspended_ms": at_ms} if more["state"] == "suspended" else {})

    def _ended(self, at_ms: int, i: int) -> dict[str, Any]:
        drawn = self.chance.random()
        if drawn < 0.03:
            return {"state": "merged", "master": f"like-{i}"}
        if drawn < 0.04:
            return {"state": "refused"}
        took_ms = round(self.chance.expovariate(1 / (9 * HOUR_MS)))
        rating = self.chance.choice([None, None, "satisfied", "satisfied", "dissatisfied"])
        ended = {"state": "closed", "resolved_ms": at_ms + took_ms, "closed_ms": at_ms + took_ms + HOUR_MS}
        return ended | {"on_time": took_ms < 24 * HOUR_MS, "verifying_ms": HOUR_MS, "rating": rating}

    def _absence(self, i: int) -> Logged:
        facts = {"person": f"p-{i}", "cover": None, "from_ms": self.now_ms, "until_ms": self.now_ms + 1}
        return self.event(EventType.COVER_SET, None, "*", self.now_ms, f"a{i}", {}, facts)

    def event(
        self, type: EventType, case: str | None, home: str, t_ms: int, command: str, now: Doc, facts: Doc | None = None
    ) -> Logged:
        """One event, next in its partition."""
        fields = {
            "n": 0, "prev": "", "type": type, "case": case, "home": home, "grid": home.partition("-")[2] or "-",
            "t_ms": t_ms, "command": command, "by": "system", "now": now, "facts": facts or {},
        }  # fmt: skip
        return self._logged(fields, None)

    def _logged(self, fields: Doc, raw: bytes | None) -> Logged:
        partition = partition_of(fields["home"], PARTITIONS) if fields["case"] else 0
        fields["n"] = n = self.next_n[partition]
        self.next_n[partition] = n + 1
        return Logged(partition, n, fields, raw or to_json(fields), ())


def fill(address: LedgerAddress, cases: int, now_ms: int, models: int = MODELS, spread: Spread | None = None) -> None:
    """Write so many cases into a new ledger."""
    place = place_of(address, ZONE)
    with place.only_one("rebuild"):
        filling, store, batch = Filling(cases, now_ms, models, spread=spread), place.new(), list[Logged]()
        for each in filling.events():
            batch.append(each)
            if len(batch) == BATCH:
                store.take_events(batch, {})
                batch = []
        store.take_events(batch, {p: Position(n, n, "") for p, n in filling.next_n.items()})
        store.finish()
        place.publish(store.name)


def _seldom(chance: Random, most: int) -> int:
    """One of so many, small numbers much more often: a tenth of them are drawn in half of all cases."""
    return int(most * chance.random() ** 3.3)


def _written(outputs: Any) -> Iterator[bytes]:
    return (output.value for output in outputs if output.topic == EVENTS and output.value is not None)


def _folded(raws: list[bytes]) -> dict[str, Doc]:
    docs: dict[str, Doc] = {}
    for raw in raws:
        event = from_json(raw)
        if event["case"] is not None:
            docs[event["case"]] = fold(docs.get(event["case"]), event)
    return docs
