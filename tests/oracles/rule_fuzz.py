"""Two matchers, one truth: drawn rulebooks decided by durable-rules and by the index; every difference is told."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.reasons import because, explained
from rules.decide import decide
from rules.decision.draft import Decision
from rules.durable.matcher import Alarm, DurableMatcher
from rules.review.dry_run import EmptyContext
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Conflict, Matcher, Question, choose
from schemas.command import Open
from schemas.content import content_address
from schemas.place import PlaceFound
from schemas.report import Report
from schemas.rulebook import Rulebook
from schemas.table import Facts, Table
from schemas.topics import home
from tests.strategies.drawn_rulebooks import drawn_facts, drawn_report, drawn_rulebook
from tests.worlds.street import a_book

BATCH = 100  # as a worker decides commands


@dataclass
class Fuzzed:
    """What a run saw."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def differs(self, what: str, *shown: object) -> None:
        """Keep a difference with what is needed to see it again."""
        self.differences.append(f"{what}: " + "; ".join(map(repr, shown)))


def fuzz(
    seed: int, decisions: int, *, of_each: int = 5_000, whole: int = 300, engine: type[DurableMatcher] = DurableMatcher
) -> Fuzzed:
    """At least so many decisions by the engine, `of_each` at most with one rulebook, `whole` of them from the report
    to the drafts of events."""
    found, random = Fuzzed(), Random(seed)
    while found.counts["decided by the engine"] < decisions and not found.differences:
        asyncio.run(_one(random.randrange(2**63), found, min(of_each, decisions), min(whole, decisions), engine))
    return found


async def _one(seed: int, found: Fuzzed, of_each: int, whole: int, made: type[DurableMatcher]) -> None:
    random, alarms = Random(seed), list[Alarm]()
    rulebook = drawn_rulebook(random, rows=random.choice([5, 40, 120]))
    index, engine = IndexMatcher(rulebook.tables), made(rulebook.tables, 5.0, alarms.append)
    try:
        if not await engine.started():
            found.differs("the engine could not be started", seed)
        found.counts["rulebooks"] += 1
        for table in rulebook.tables:
            found.counts[f"tables of hit policy {table.hit_policy}"] += 1
            await _tables(table, (index, engine), random, found, of_each // len(rulebook.tables))
        await _whole(rulebook, (index, engine), random, found, whole)
    finally:
        engine.close()
    found.counts["decided by the engine"] += engine.answered["engine"]
    found.counts["left to the index"] += engine.answered["index"]
    for alarm in alarms:
        found.counts[f"alarms: {alarm.kind}"] += 1
        if alarm.kind != "outside":
            found.differs("alarm", seed, alarm)


async def _tables(
    table: Table, matchers: tuple[IndexMatcher, DurableMatcher], random: Random, found: Fuzzed, number: int
) -> None:
    """Rows, what the hit policy makes of them, and the reason that is written into the event."""
    for _ in range(0, number, BATCH):
        questions: list[Question] = [(table.name, drawn_facts(random, table)) for _ in range(BATCH)]
        await matchers[1].prepare(questions)
        for name, facts in questions:
            rows = [matcher.matches(name, facts) for matcher in matchers]
            found.counts["several rows matched"] += len(rows[0]) > 1
            if rows[0] != rows[1] or _said(table, rows[0], facts) != _said(table, rows[1], facts):
                found.differs("rows", table.model_dump(), facts, *rows)


def _said(table: Table, rows: tuple[str, ...], facts: object) -> object:
    hit = choose(table, rows)
    assert isinstance(facts, dict)
    return hit if isinstance(hit, Conflict) else explained(because("received"), "v", hit, facts)


async def _whole(
    rulebook: Rulebook, matchers: tuple[IndexMatcher, DurableMatcher], random: Random, found: Fuzzed, number: int
) -> None:
    """From a report to all that is written: drafts with their reasons, deadlines, orders of those who assist."""
    asked = _Asked(rulebook.tables)
    books = [_book(rulebook, matcher) for matcher in (asked, matchers[1])]
    for start in range(0, number, BATCH):
        reports = [drawn_report(random, f"r{start + n}") for n in range(BATCH)]
        plain = [_decided(one, books[0]) for one in reports]
        await matchers[1].prepare(asked.questions)
        asked.questions.clear()
        for one, expected in zip(reports, plain, strict=True):
            found.counts["whole decisions"] += 1
            if (decision := _decided(one, books[1])) != expected:
                found.differs("decision", rulebook.model_dump_json(), one, expected, decision)


class _Asked(IndexMatcher):
    """The index, with all that it was asked."""

    def __init__(self, tables: Sequence[Table]) -> None:
        super().__init__(tables)
        self.questions: list[Question] = []

    def matches(self, table: str, facts: Facts) -> tuple[str, ...]:
        self.questions.append((table, facts))
        return super().matches(table, facts)


def _decided(one: tuple[Report, PlaceFound | None], book: CompiledRulebook) -> Decision:
    report, place = one
    to = home("R1", place.grid if place else None)
    return decide(None, Open(id=report.id, home=to, report=report, place=place), EmptyContext(book, report.received_ms))


def _book(rulebook: Rulebook, matcher: Matcher) -> CompiledRulebook:
    plain = a_book()
    return CompiledRulebook(plain.region, rulebook, content_address(rulebook), plain.places, matcher)
