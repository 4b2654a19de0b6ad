"""What every `Matcher` does, on the index and on the engine."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings

from rules.durable.matcher import Alarm, DurableMatcher
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Matcher, Question, UnknownTableError, WrongFactError
from schemas.table import MAX_INT, Facts, Table
from tests.strategies.drawn_tables import Drawn, drawn_tables, scan

Made: TypeAlias = Callable[[Sequence[Table]], AbstractContextManager[Matcher]]


@contextmanager
def index(tables: Sequence[Table]) -> Iterator[Matcher]:
    yield IndexMatcher(tables)


@contextmanager
def engine(tables: Sequence[Table]) -> Iterator[Matcher]:
    alarms: list[Alarm] = []
    matcher = DurableMatcher(tables, limit_s=5.0, on_alarm=alarms.append)
    try:
        assert asyncio.run(matcher.started())
        yield matcher
    finally:
        matcher.close()
    assert [alarm for alarm in alarms if alarm.kind != "outside"] == []
    assert not matcher.answered["engine"] or matcher.answered["engine"] > matcher.answered["index"] / 10


@pytest.fixture(params=[index, engine], ids=["index", "engine"])
def made(request: pytest.FixtureRequest) -> Made:
    found: Made = request.param
    return found


TABLE = Table.model_validate(
    {
        "name": "routing",
        "hit_policy": "F",
        "inputs": ["category", "road", "hour"],
        "rows": [
            {"id": "late", "priority": 9, "when": {"hour": {"ge": 19}}},
            {"id": "soil", "when": {"category": ["渣土", "soil"]}},
            {"id": "soil-night", "priority": 1, "when": {"category": "soil", "hour": {"ge": 20, "le": 23}}},
            {"id": "shore", "priority": 2, "when": {"road": "湖滨南路"}},
            {"id": "all", "priority": 60_000},
        ],
    }
)
CASES: list[tuple[Facts, tuple[str, ...]]] = [
    ({}, ("all",)),
    ({"category": "other"}, ("all",)),
    ({"category": "渣土"}, ("soil", "all")),
    ({"category": "soil", "hour": 20, "road": "湖滨南路"}, ("soil-night", "shore", "late", "soil", "all")),
    ({"road": "湖滨南路", "hour": 18}, ("shore", "all")),
    ({"road": "x" * 201, "hour": 19}, ("late", "all")),
    ({"hour": MAX_INT + 1}, ("late", "all")),
    ({"weather": "rain", "door": "no input of this table"}, ("all",)),
]


def ask(matcher: Matcher, questions: Sequence[Question]) -> list[tuple[str, ...]]:
    asyncio.run(matcher.prepare(questions))
    return [matcher.matches(*question) for question in questions]


def test_rows_match_in_order_whether_prepared_or_not(made: Made) -> None:
    """Both matchers name the matching rows in table order, prepared in a batch or not."""
    with made([TABLE]) as matcher:
        unprepared = [matcher.matches("routing", facts) for facts, _ in CASES]
        prepared = ask(matcher, [("routing", facts) for facts, _ in CASES])
        again = ask(matcher, [("routing", facts) for facts, _ in CASES])
    expected = [rows for _, rows in CASES]
    assert unprepared == expected
    assert prepared == expected
    assert again == expected


def test_a_wrong_fact_is_said_to_the_one_who_asks_and_spoils_no_batch(made: Made) -> None:
    """A fact of the wrong type is an error of its own question and spoils no other answer."""
    wrong: Question = ("routing", {"hour": "7"})
    with made([TABLE]) as matcher:
        asyncio.run(matcher.prepare([wrong, ("routing", {"hour": 19})]))
        assert matcher.matches("routing", {"hour": 19}) == ("late", "all")
        with pytest.raises(WrongFactError):
            matcher.matches(*wrong)


def test_an_unknown_table_is_an_error(made: Made) -> None:
    """A question about an unknown table is an error."""
    with made([TABLE]) as matcher, pytest.raises(UnknownTableError):
        matcher.matches("limits", {})


def test_no_questions_and_no_tables_are_fine(made: Made) -> None:
    """A matcher without tables accepts a batch without questions."""
    with made([]) as matcher:
        assert ask(matcher, []) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=drawn_tables(most=12, rows=60, facts=40))
def test_drawn_tables_match_as_a_scan_does(made: Made, drawn: list[Drawn]) -> None:
    """Both matchers answer drawn questions as a plain scan of the table does."""
    questions = [question for one in drawn for question in one.questions]
    expected = [scan(one.table, facts) for one in drawn for facts in one.facts]
    with made([one.table for one in drawn]) as matcher:
        assert ask(matcher, questions) == expected
