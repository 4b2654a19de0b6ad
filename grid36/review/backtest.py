"""`grid36 rules backtest`: decides the cases of a period by a draft and compares with the past decisions."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.decisions import FirstDecision, first_decisions, words_of
from rules.book.compiled_rulebook import CompiledRulebook
from rules.review.backtest import Again, Effect, Past, PastOutcome, PastVerdict, again, effects, would_be_late
from schemas.case import Case
from schemas.event import EventType
from schemas.names import Language
from streams.cases.recurrence import NOTHING, Recurrence, counted, with_one
from texts.catalogue import say

_VERDICTS: Final = {
    EventType.REFUSED: PastVerdict.REFUSED,
    EventType.ADMISSION_REQUESTED: PastVerdict.HELD,
    EventType.OFFERED: PastVerdict.OFFERED,
}
MOST_SHOWN: Final = 5
"""Case numbers of one change that are listed for people; programs get all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A case whose life would have been another one."""

    case: Case
    was: PastOutcome
    would: Again
    effects: tuple[Effect, ...]


@dataclass(slots=True)
class Backtest:
    """What was looked at, and what is different."""

    cases: int = 0
    by_source: int = 0
    """Of these, how many another system had decided: they are compared with the active rulebook's decision."""
    open: int = 0
    """Of these, how many are still worked on: they are judged as of the newest event of the log."""
    late_now: int = 0
    would_be_late: int = 0
    differences: list[Difference] = field(default_factory=list)

    def count(self) -> Counter[Effect]:
        """How many cases have each effect."""
        return Counter(effect for each in self.differences for effect in each.effects)


def backtest(
    ledger: Ledger,
    active: CompiledRulebook,
    draft: CompiledRulebook,
    from_ms: int | None,
    to_ms: int | None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Backtest:
    """Every case submitted from `from_ms` up to `to_ms`, decided by `draft` and compared with what was decided.

    Both in milliseconds since the epoch, None: no limit. Everybody is there and has nothing to do yet (`load` is 0);
    repeats are counted as they were. Duties, list changes and what was merged or never placed are not looked at.
    """
    found, counts = Backtest(), _Counts()
    for decided in first_decisions(ledger, progress, counts.opened):
        case = Case.model_validate(decided.doc)
        outside = (from_ms is not None and case.submitted_ms < from_ms) or (
            to_ms is not None and case.submitted_ms >= to_ms
        )
        if outside or case.change is not None or case.duty is not None or case.remedy is not None or case.place is None:
            continue
        past = _past(case, decided, ledger, counts, active)
        found.cases += 1
        would, due_ms = again(past, draft), case.due_ms
        by_source = not (decided.event.get("because") or {}).get("version") and _state(decided) is PastVerdict.ROUTED
        if by_source:
            found.by_source += 1
            was = again(past, active)
            outcome, due_ms = was.outcome, due_ms if case.door in active.region.importers else was.due_ms
        else:
            outcome = _was(decided, case)
        due_was_ms = None if case.door in active.region.importers else due_ms
        if past.open_ms is not None:
            found.open += 1
            found.late_now += past.late is True
            found.would_be_late += would_be_late(past, would.due_ms, due_was_ms) is True
        different = effects(past, outcome, would, due_was_ms)
        if different:
            found.differences.append(Difference(case, outcome, would, different))
    return found


class _Counts:
    """What streams would have counted of the past, had they been asked: reports by home and category, as they came."""

    def __init__(self) -> None:
        self._lately: dict[tuple[str, str], Recurrence] = {}
        self._last: dict[str, tuple[str, tuple[int, int]]] = {}  # by home: what one command did need not stand together

    def opened(self, event: dict[str, Any]) -> None:
        """One more report; a duty is none."""
        now, place = event["now"], event["now"].get("place") or {}
        key = event["home"], now["category"]
        lately, segment = self._lately.get(key, NOTHING), place.get("segment")
        self._last[event["home"]] = event["case"], counted(lately, event["t_ms"], segment)
        if not now.get("duty"):
            self._lately[key] = with_one(lately, event["t_ms"], segment)

    def before(self, decided: FirstDecision, case: Case) -> tuple[int, int]:
        """On its segment and in its home, when it was decided: without itself, if that was when it came."""
        number, before = self._last[case.home]
        if decided.event["command"] == decided.opened["command"] and number == case.number:
            return before
        lately = self._lately.get((case.home, case.category), NOTHING)
        return counted(lately, decided.event["t_ms"], case.place.segment if case.place else None)


def _past(case: Case, decided: FirstDecision, ledger: Ledger, counts: _Counts, active: CompiledRulebook) -> Past:
    facts = decided.opened.get("facts", {})
    attributes, read = decided.opened["now"].get("attributes", {}), facts.get("attributes_read", ())
    return Past(
        case,
        decided.event["t_ms"],
        words_of(ledger, decided.doc),
        _by_words(decided, active),
        not decided.renamed and "subcategory_words" in facts,
        {name: value for name, value in attributes.items() if name not in read},
        counts.before(decided, case),
        decided.resolved_ms,
        decided.on_time,
        decided.due_ms,
        decided.open_ms,
    )


def _by_words(decided: FirstDecision, active: CompiledRulebook) -> bool:
    """Whether words gave its category. Older events do not distinguish a default category that somebody named."""
    facts, now = decided.opened.get("facts", {}), decided.opened["now"]
    if decided.renamed:
        return False
    if "words" in facts:
        return facts["words"] is not None
    return now["category"] == active.rulebook.default_category and now["door"] not in active.region.importers


def _state(decided: FirstDecision) -> PastVerdict:
    return _VERDICTS.get(decided.event["type"], PastVerdict.ROUTED)


def _was(decided: FirstDecision, case: Case) -> PastOutcome:
    """What the log says. Whoever only covered does not count: it is the list that is compared."""
    verdict = _state(decided)
    if verdict is PastVerdict.ROUTED:
        department = case.department.code if case.department else None
        return PastOutcome(verdict, case.accountable or case.assignee, department, case.item, case.row)
    return PastOutcome(verdict, decided.event["facts"].get("to"), None, case.item, case.row)


def as_answer(found: Backtest) -> dict[str, Any]:
    """For `--json`."""
    counts = found.count()
    return {
        "cases": found.cases,
        "by_source": found.by_source,
        "open": {"cases": found.open, "late_now": found.late_now, "would_be_late": found.would_be_late},
        "counts": {effect.value: counts[effect] for effect in Effect},
        "changed": [
            {
                "case": each.case.number,
                "report": each.case.report,
                "category": each.case.category,
                "submitted_ms": each.case.submitted_ms,
                "effects": [effect.value for effect in each.effects],
                "was": each.was._asdict(),
                "would": each.would.outcome._asdict(),
                "why": {"zh": each.would.because.zh, "en": each.would.because.en},
            }
            for each in found.differences
        ],
    }


def as_lines(found: Backtest, language: Language) -> Iterator[str]:
    """For people: each change once, with how many cases and the first of them."""
    yield say(language, "review.backtest.again", cases=found.cases, different=len(found.differences))
    if found.by_source:
        yield say(language, "review.backtest.by_source", n=found.by_source)
    if found.open:
        late = {"late_now": found.late_now, "would_be_late": found.would_be_late}
        yield say(language, "review.backtest.open", open=found.open, **late)
    counts = found.count()
    for effect in Effect:
        if counts[effect]:
            yield f"  {say(language, f'review.backtest.effect.{effect}')}: {counts[effect]}"
    groups: dict[tuple[str, PastOutcome, PastOutcome], list[Difference]] = {}
    for each in found.differences:
        groups.setdefault((each.case.category, each.was, each.would.outcome), []).append(each)
    for (category, was, would), cases in sorted(groups.items(), key=lambda group: -len(group[1])):
        numbers = ", ".join(each.case.number for each in cases[:MOST_SHOWN]) + (" …" if len(cases) > MOST_SHOWN else "")
        yield f"{len(cases):>6}  {category}: {_outcome(was)} → {_outcome(would)}"
        yield f"        {numbers}"


def _outcome(outcome: PastOutcome) -> str:
    who = outcome.owner or outcome.item or "-"
    where = f" @ {outcome.department}" if outcome.department else ""
    return who + where if outcome.verdict is PastVerdict.ROUTED else f"{outcome.verdict} ({who})"
