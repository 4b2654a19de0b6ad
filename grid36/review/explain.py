"""`grid36 rules explain`: why a case went where it went, or where a report that nobody sent would go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from pydantic_core import to_jsonable_python

from rules.book.compiled_rulebook import CompiledRulebook
from rules.review.dry_run import rehearse
from rules.review.explain import Explanation, KnownFacts, explain
from rules.review.explaining.filing import Filed, explain_filing
from rules.review.explaining.lists import explain_gate
from schemas.event import Because, EventType
from schemas.names import Name
from schemas.place import PlaceFound
from schemas.region import Region
from schemas.report import Report
from schemas.rulebook import Rulebook
from schemas.table import Facts

_E = EventType
DECIDES: Final = frozenset(
    {_E.DISPATCHED, _E.OFFERED, _E.ADMISSION_REQUESTED, _E.REFUSED, _E.MERGED, _E.INFORMATION_NEEDED}
)
"""Events that say what became of a report."""
_GOES_TO_SOMEBODY: Final = frozenset({_E.DISPATCHED, _E.OFFERED})
_BEFORE_THE_GATE: Final = frozenset({_E.MERGED, _E.INFORMATION_NEEDED})
_OF_TIME: Final = ("month", "weekday", "hour", "day_kind", "shift")
"""Facts that limits take from the time of dispatch, also when a case is corrected later."""

Rulebooks = Callable[[str], Rulebook | None]
"""The rulebook of a version; None when it is not kept any more."""


class Happened(Protocol):
    """An event, or the draft of one."""

    @property
    def type(self) -> EventType: ...  # noqa: D102  # as in `Event`
    @property
    def t_ms(self) -> int: ...  # noqa: D102
    @property
    def because(self) -> Because | None: ...  # noqa: D102
    @property
    def now(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def facts(self) -> dict[str, Any]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Explained:
    """What was decided, in the words of the case, and why."""

    outcome: str
    decided: Mapping[str, Any]
    """What the decision said of the case; the deadlines are all that it had then."""
    why: Explanation
    version: str | None = None
    """Of the rulebook that explains it; None: it is not kept any more, or there was none."""
    whistled: tuple[tuple[str, Name], ...] = ()
    """Departments that a whistle called, and why."""
    filed: Filed | None = None
    place: PlaceFound | None = None
    """Where it is, and what else was given."""


def explain_report(report: Report, book: CompiledRulebook, t_ms: int) -> Explained:
    """A report that nobody sent, decided at `t_ms` as in an empty street where everybody is on duty."""
    decision = rehearse(report, book, t_ms)
    own = [draft for draft in decision.drafts if draft.case == decision.drafts[0].case]
    explained = _explained(own, lambda _: book.rulebook, book.region)
    assert explained is not None, "something becomes of every report"
    return explained


def explain_events(
    timeline: Sequence[Happened], rulebooks: Rulebooks, region: Region | None = None
) -> Explained | None:
    """The last decision in the timeline of a case, as it was made; None before there is one."""
    return _explained(timeline, rulebooks, region)


def _explained(events: Sequence[Happened], rulebooks: Rulebooks, region: Region | None) -> Explained | None:
    decisions = [(at, each.because) for at, each in enumerate(events) if each.type in DECIDES and each.because]
    if not decisions:
        return None
    ruled = [(at, because) for at, because in decisions if because.version]
    at, because = (ruled or decisions)[-1]
    case = _case_after(events, at)
    version = because.version or case.get("rulebook")
    rulebook = rulebooks(version) if version else None
    place = case.get("place")
    plain = Explained(
        events[at].type.value,
        {**_plain(events[at].now), "deadlines": case.get("deadlines")},
        Explanation(because),
        whistled=tuple(_whistled(events)),
        filed=explain_filing(_case_after(events, 0), _plain(events[0].facts), case),
        place=PlaceFound.model_validate(place) if place else None,
    )
    if rulebook is None:
        return plain
    why = explain(because, rulebook, _known(events, at, because, region))
    return replace(plain, why=_as_held(why, events, at, rulebooks, region), version=version)


def _plain(now: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a case in the form that events have."""
    plain: dict[str, Any] = to_jsonable_python(now)
    return plain


def _case_after(events: Sequence[Happened], at: int) -> dict[str, Any]:
    case: dict[str, Any] = {}
    for each in events[: at + 1]:
        case |= each.now
    return _plain(case)


def _known(events: Sequence[Happened], at: int, because: Because, region: Region | None) -> KnownFacts:
    """The facts of a decision in the log: the case as it was, and the facts when its clocks began."""
    case = _case_after(events, at)
    known = KnownFacts(
        day=_day(events[at].t_ms, region),
        category=case.get("category"),
        item=case.get("item"),
        pushed_by=None if events[at].type in _BEFORE_THE_GATE else case.get("pushed_by"),
        cited=_case_after(events, 0).get("item"),
        admitted=bool(case.get("admitted")),
    )
    if events[at].type not in _GOES_TO_SOMEBODY:
        return known
    starts = [i for i in range(at + 1) if events[i].now.get("dispatched_ms") is not None]
    start = starts[-1] if starts else at
    then, rule = _case_after(events, start), events[start].because
    if rule is None or rule.version is None:
        return known  # the clocks began by a person, a duty or another system
    own_clocks = region is not None and case.get("door") in region.importers
    return replace(
        known,
        begun=None if own_clocks else _facts(because, rule),
        begun_on=_day(events[start].t_ms, region),
        steps={step["id"]: step["limit"] for step in case.get("milestones") or ()} if starts else None,
        joined=rule.facts if rule.version == because.version else None,
        joined_item=(then.get("item") or "") if starts else None,
        lead=_code(then.get("department")),
    )


def _facts(because: Because, began: Because) -> Facts:
    """By what limits were found: all that is known at the decision, and the time at which the clocks began."""
    return {**because.facts, **{name: began.facts[name] for name in _OF_TIME if name in began.facts}}


def _as_held(
    why: Explanation, events: Sequence[Happened], at: int, rulebooks: Rulebooks, region: Region | None
) -> Explanation:
    """A task that waited at the gate was held by the list of that day, also when it was admitted later."""
    held = next((i for i in range(at) if events[i].type is EventType.ADMISSION_REQUESTED), None)
    case = _case_after(events, at)
    if held is None or why.gate is None:
        return why
    book = rulebooks(str(_case_after(events, held).get("rulebook")))
    cited, admitted = _case_after(events, 0).get("item"), bool(case.get("admitted"))
    day = _day(events[held].t_ms, region)
    code = because.code if (because := events[held].because) else ""
    return replace(why, gate=explain_gate(why.gate.pushed_by, cited, admitted, book, day, code) if book else None)


def _whistled(events: Sequence[Happened]) -> Iterator[tuple[str, Name]]:
    for each in events:
        if each.type is EventType.WHISTLED and each.because is not None:
            for code in each.facts.get("departments", ()):
                yield str(code), Name(zh=each.because.zh, en=each.because.en)


def _day(t_ms: int, region: Region | None) -> date | None:
    return None if region is None else datetime.fromtimestamp(t_ms / 1000, ZoneInfo(region.zone)).date()


def _code(department: Any) -> str | None:
    return str(department["code"]) if isinstance(department, dict) and department.get("code") else None


def decided_ms(timeline: Sequence[Happened]) -> int | None:
    """When it was decided last."""
    times = [event.t_ms for event in timeline if event.type in DECIDES and event.because is not None]
    return times[-1] if times else None
