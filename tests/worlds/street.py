"""A tiny invented street for tests of decisions, and a partition held in plain dictionaries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from rules.book.compiled_rulebook import CompiledRulebook, book_of
from rules.deadlines import due
from rules.decide import decide
from rules.decision.draft import Decision, Draft
from rules.decision.fold import fold
from schemas.case import WITH_ORDER, Case, Count, Deadline, share_of
from schemas.command import Act, AnyCommand, Cover, Do, Open
from schemas.event import EventType
from schemas.order import Written
from schemas.place import FoundBy, PlaceFound
from schemas.region import Region
from schemas.report import Photo, Report, Reporter
from schemas.rulebook import Merge, Rulebook
from schemas.topics import case_number, home_of

HOUR = 3_600_000
DAY = 24 * HOUR
T0 = 1_795_000_000_000  # 2026-11-18 11:06:40 UTC
PHOTO = Photo(digest="ab" * 32)
CLEAN = Photo(digest="c1" * 32)
"""The place after the work."""


def _square(west: float, south: float, size: float = 0.004) -> list[Any]:
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def _person(name: str, *roles: str, department: str | None = None) -> dict[str, Any]:
    return {"id": name, "name": {"zh": f"测试{name}", "en": f"Test {name}"}, "roles": roles, "department": department}


def a_region() -> Region:
    """Two grids, two segments in the first, one owner each, a ladder of three, two departments."""
    ladder = ["steward", "lane-chief", "street-chief"]
    return Region.model_validate(
        {
            "code": "R1",
            "name": {"zh": "示例街", "en": "Sample Street"},
            "zone": "Asia/Shanghai",
            "box": {"west": 118.0, "south": 24.4, "east": 118.2, "north": 24.6},
            "grids": [
                {
                    "id": "G1",
                    "name": {"zh": "一号"},
                    "polygons": [_square(118.08, 24.46)],
                    "head": "head-1",
                    "ladder": ladder,
                },
                {
                    "id": "G2",
                    "name": {"zh": "二号"},
                    "polygons": [_square(118.084, 24.46)],
                    "head": "head-2",
                    "ladder": ladder,
                },
            ],
            "segments": [
                {
                    "id": "S1",
                    "road": {"zh": "测试路", "en": "Test Road"},
                    "grid": "G1",
                    "line": [[118.0805, 24.461], [118.0835, 24.461]],
                    "owner": "owner-1",
                },
                {
                    "id": "S2",
                    "road": {"zh": "样例路", "en": "Example Road"},
                    "grid": "G1",
                    "line": [[118.0805, 24.463], [118.0835, 24.463]],
                    "owner": "owner-2",
                },
            ],
            "persons": [
                _person("owner-1", "segment_supervisor"),
                _person("owner-2", "segment_supervisor"),
                _person("head-1", "patroller"),
                _person("head-2", "patroller"),
                _person("patrol-1", "patroller"),
                _person("cleaner-1", "executor"),
                _person("steward", "steward"),
                _person("lane-chief", "lane_chief"),
                _person("street-chief", "street_chief"),
                _person("office", "street_office"),
                _person("inspector", "inspector"),
                _person("fallback", "coordinator"),
                _person("water-desk", "department_officer", department="water"),
            ],
            "organisations": [
                {"code": "water", "name": {"zh": "供水", "en": "Water"}, "kind": "department"},
                {"code": "street", "name": {"zh": "街道", "en": "Street office"}, "kind": "street"},
            ],
            "fallback_owner": "fallback",
            "fallback_department": "street",
            "importers": ["replay"],
        }
    )


def a_rulebook(**policy: Any) -> Rulebook:
    """Five categories: after-photo and merging along a segment; merging by radius; a department; refused; the rest."""
    return Rulebook.model_validate(
        {
            "name": "sample",
            "default_category": "other",
            "policy": policy,
            "categories": [
                {
                    "id": "dirty",
                    "name": {"zh": "路面不洁", "en": "Dirty road"},
                    "words": ["油污", "greasy"],
                    "item": "I1",
                    "after_photo": "required",
                    "merge": {"linear": True, "window": "1d"},
                    "limits": {"accept": "1h", "respond": "2h", "resolve": "4h"},
                    "verification": {"policy_after": "3d"},
                },
                {"id": "pothole", "name": {"zh": "坑洞", "en": "Pothole"}, "words": ["坑"], "merge": {"radius_m": 30}},
                {"id": "leak", "name": {"zh": "漏水", "en": "Leak"}, "words": ["漏水"], "item": "I2"},
                {"id": "permit", "name": {"zh": "办证", "en": "Permit"}, "words": ["办证"], "item": "I3"},
                {"id": "other", "name": {"zh": "其他", "en": "Other"}},
            ],
            "items": [
                {"id": "I1", "name": {"zh": "路面保洁", "en": "Street cleaning"}, "verdict": "handle"},
                {"id": "I2", "name": {"zh": "供水", "en": "Water supply"}, "verdict": "handle", "lead": "water"},
                {
                    "id": "I3",
                    "name": {"zh": "办证", "en": "Permits"},
                    "verdict": "refuse",
                    "redirect": {"name": {"zh": "示例大厅", "en": "Sample hall"}, "phone": "000"},
                },
            ],
            "whistles": [
                {
                    "id": "W1",
                    "name": {"zh": "片区用水", "en": "Water of a block"},
                    "whistle_class": "emergency",
                    "departments": ["water"],
                }
            ],
            "routing": {
                "name": "routing",
                "hit_policy": "P",
                "inputs": [{"name": "category", "kind": "text"}, {"name": "segment", "kind": "text"}],
                "rows": [
                    {
                        "id": "R-dirty",
                        "priority": 10,
                        "when": {"category": "dirty"},
                        "then": {"assign": "segment_owner"},
                    },
                    {
                        "id": "R-hole",
                        "priority": 10,
                        "when": {"category": "pothole"},
                        "then": {"assign": "segment_owner"},
                    },
                    {"id": "R-leak", "priority": 10, "when": {"category": "leak"}, "then": {"assign": "department"}},
                    {"id": "R-permit", "priority": 10, "when": {"category": "permit"}, "then": {"assign": "grid_head"}},
                ],
            },
        }
    )


def a_book(
    region: Region | None = None, rulebook: Rulebook | None = None, *, decides_history: bool = False
) -> CompiledRulebook:
    """The book of the tiny street."""
    told = region is not None or rulebook is not None
    book = book_of(region or a_region(), rulebook or a_rulebook()) if told else _the_book()
    return replace(book, decides_history=True) if decides_history else book


@cache
def _the_book() -> CompiledRulebook:
    return book_of(a_region(), a_rulebook())


ON_S1 = PlaceFound(grid="G1", segment="S1", lon=118.082, lat=24.461, label="测试路12号", by=FoundBy.ADDRESS)
ON_S2 = PlaceFound(grid="G1", segment="S2", lon=118.082, lat=24.463, label="样例路8号", by=FoundBy.ADDRESS)
IN_G2 = PlaceFound(grid="G2", lon=118.086, lat=24.462, label="二号", by=FoundBy.COORDINATES)


def a_report(name: str = "r1", *, at: int = T0, by: str = "patrol-1", **fields: Any) -> Report:
    """A report as its door took it."""
    told = {"text": "路面油污", **fields}
    return Report.model_validate(
        {"id": name, "reporter": Reporter(id=by), "door": "web", "received_ms": at, **told}, from_attributes=True
    )


class Street:
    """One partition in dictionaries: applies commands and deadlines in order, keeps every draft."""

    def __init__(self, book: CompiledRulebook | None = None) -> None:
        self.book = book or a_book()
        self.t_ms = T0
        self.cases: dict[str, Case] = {}
        self.drafts: list[Draft] = []
        self.effects: list[AnyCommand] = []
        self.covers: dict[str, list[tuple[str | None, int, int]]] = {}
        self.accepted: set[str] = set()
        self.fired: list[tuple[str, Deadline, int]] = []
        self.archived: list[Case] = []
        self._written: dict[str, list[Written]] = {}
        self._counts: dict[str, int] = {}
        self._acts = 0
        self._seen: set[str] = set()

    def case(self, number: str) -> Case | None:
        return self.cases.get(number)

    def case_of(self, home: str, report: str) -> Case | None:
        return next((c for c in self.cases.values() if c.home == home and c.report == report), None)

    def open_cases(
        self, home: str, category: str, place: PlaceFound | None = None, merge: Merge | None = None
    ) -> Iterable[Case]:
        return [c for c in self.cases.values() if c.home == home and c.category == category]

    def next_number(self, home: str, t_ms: int) -> str:
        month = datetime.fromtimestamp(t_ms / 1000, UTC).strftime("%y%m")
        return case_number(home, month, self._counts.get(home, 0) + 1)

    def written(self, number: str) -> tuple[Written, ...]:
        return tuple(self._written.get(number, ()))

    def repeats(self, home: str, categories: Iterable[str], segment: str | None) -> tuple[int, int]:
        names = set(categories)
        week = [c for c in (*self.cases.values(), *self.archived) if c.home == home and c.category in names]
        recent = [c for c in week if self.t_ms - 7 * DAY < c.submitted_ms]
        return sum(bool(segment and c.place and c.place.segment == segment) for c in recent), len(recent)

    def load(self, home: str, person: str) -> int:
        return sum(c.home == home and c.assignee == person and c.state in WITH_ORDER for c in self.cases.values())

    def seen(self, command: str) -> bool:
        return command in self._seen

    def stands_in(self, person: str, t_ms: int) -> str | None:
        for cover, start, end in reversed(self.covers.get(person, [])):
            if start <= t_ms < end:
                return cover
        return person

    def away(self, person: str, cover: str | None = None, *, hours: int = 24) -> None:
        """From now on somebody is away."""
        moment = self.t_ms
        command = Cover(
            id=f"c{len(self.drafts)}", home="*", person=person, cover=cover, by=person, from_ms=moment,
            until_ms=moment + hours * HOUR,
        )  # fmt: skip
        self.apply(command, moment)

    def settle(self) -> None:
        """Deliver the commands for other homes, and what follows from them."""
        while self.effects:
            self.apply(self.effects.pop(0), self.t_ms)

    def counts(self) -> dict[Count, int]:
        """In which share every case counts, archived ones as well."""
        return dict(Counter(share_of(case) for case in [*self.cases.values(), *self.archived]))

    def report(
        self, place: PlaceFound | None = ON_S1, *, at: int | None = None, name: str = "r1", **fields: Any
    ) -> Case:
        """Send a report in; gives its case."""
        home = f"R1-{place.grid if place else 'U'}"
        moment = self.t_ms if at is None else at
        self.apply(Open(id=name, home=home, report=a_report(name, at=moment, **fields), place=place), moment)
        found = self.case_of(home, name)
        assert found is not None
        return found

    def act(self, case: Case | str, act: Act | str, by: str, *, at: int | None = None, **fields: Any) -> Case:
        """One act; gives the case after it."""
        number = case if isinstance(case, str) else case.number
        self._acts += 1
        moment = self.t_ms if at is None else at
        command = Do(
            id=fields.pop("name", f"a{self._acts}"), home=home_of(number), act=Act(act), case=number, by=by, **fields
        )
        self.apply(command, moment)
        return self.cases[number]

    def apply(self, command: AnyCommand, t_ms: int) -> Decision:
        """Fire what is due before, then apply the command, as the stream does."""
        self.wait_until(t_ms)
        named = getattr(command, "case", None)
        case = self.cases.get(named) if isinstance(named, str) else self.by_report(command)
        decision = decide(case, command, self)
        self._take(decision)
        return decision

    def by_report(self, command: AnyCommand) -> Case | None:
        """The case of the report that a command names."""
        report = getattr(command, "report", None)
        if isinstance(report, Report):
            report = report.id
        return self.case_of(command.home, report) if isinstance(report, str) else None

    def wait_until(self, t_ms: int) -> None:
        """Let time pass: fire every deadline due before `t_ms`, in order."""
        while pending := [
            (at, number, name)
            for number, case in self.cases.items()
            for name, at in case.deadlines.items()
            if at < max(t_ms, self.t_ms)
        ]:
            at, number, name = min(pending, key=lambda p: (p[0], p[1], list(Deadline).index(p[2])))
            self.t_ms = max(self.t_ms, at)
            self.fired.append((number, name, at))
            self._take(due(self.cases[number], name, self))
        self.t_ms = max(self.t_ms, t_ms)

    def types(self, case: Case | str | None = None) -> list[EventType]:
        """What happened, of one case or of all."""
        number = case.number if isinstance(case, Case) else case
        return [d.type for d in self.drafts if number is None or d.case == number]

    def _take(self, decision: Decision) -> None:
        for draft in decision.drafts:
            self.drafts.append(draft)
            if draft.type is EventType.COVER_SET:
                facts = draft.facts
                span = (facts["cover"], facts["from_ms"], facts["until_ms"])
                self.covers.setdefault(facts["person"], []).append(span)
            if draft.case is not None and (draft.case in self.cases or draft.type is EventType.OPENED):
                self._fold(draft)
            elif draft.type is not EventType.COMMAND_PARKED:
                self._seen.add(draft.command)
        for words in decision.written:
            self._written.setdefault(words.case, []).append(words)
        for kept in self._written.values():
            kept[:] = [words for words in kept if words.id not in decision.erased]
        self.effects.extend(decision.effects)

    def _fold(self, draft: Draft) -> None:
        assert draft.case is not None
        if draft.type is EventType.OPENED:
            self._counts[draft.home] = self._counts.get(draft.home, 0) + 1
        case = fold(self.cases.get(draft.case), draft)
        self.accepted.add(case.report)
        if draft.type is EventType.ARCHIVED:
            self.archived.append(self.cases.pop(draft.case))
        else:
            self.cases[draft.case] = case
