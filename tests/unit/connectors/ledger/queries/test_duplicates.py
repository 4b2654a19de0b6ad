"""Near neighbours across a border are shown, never joined by themselves."""

from pathlib import Path
from typing import Any

import pytest

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.duplicates import duplicate_json, possible_duplicates
from schemas.duplicate_distance import EARTH_M_PER_DEGREE
from schemas.event import EventType
from schemas.rulebook import Category, Merge
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of
from tests.worlds.doors import rulebook

DAY = 24 * HOUR
BOOK = rulebook().model_copy(
    update={
        "categories": (
            Category.model_validate({"id": "pothole", "name": {"zh": "坑", "en": "hole"}, "merge": Merge(window="7d")}),
            Category.model_validate({"id": "greasy", "name": {"zh": "油", "en": "oil"}, "merge": Merge(linear=True)}),
            Category.model_validate({"id": "lamp", "name": {"zh": "灯", "en": "lamp"}}),
        )
    }
)


def at(grid: str, metres: float, segment: str | None = None) -> dict[str, Any]:
    """A place so many metres north of a point on the border."""
    lat = 24.0 + metres / EARTH_M_PER_DEGREE
    return {"grid": grid, "segment": segment, "lon": 118.0, "lat": lat, "label": f"{metres} m", "by": "coordinates"}


@pytest.fixture
def log() -> LogBuilder:
    return LogBuilder()


def put(log: LogBuilder, home: str, metres: float, hours: int = 0, **now: Any) -> str:
    number = log.open(home, START + hours * HOUR, **{"category": "pothole", "place": at(home[-4:], metres), **now})
    log.dispatch(number, START + hours * HOUR + 1)
    return number


def near(ledger: Ledger, number: str) -> list[str]:
    case = ledger.case(number)
    assert case is not None
    return [each.case.number for each in possible_duplicates(ledger, case, BOOK)]


def test_a_near_neighbour_beyond_the_border_is_shown_to_both(log: LogBuilder, tmp_path: Path) -> None:
    """Nearest first; too far, too long ago, another category, ended or merged is none."""
    mine = put(log, HOMES[0], 0)
    other = put(log, HOMES[1], 20, hours=2)
    nearer = put(log, HOMES[1], -12, hours=3)
    far = put(log, HOMES[1], 31)
    old = put(log, HOMES[2], 5, hours=-24 * 8)
    put(log, HOMES[1], 1, category="lamp")
    log.resolve(ended := put(log, HOMES[2], 2), START + HOUR)
    log.close(ended, START + 2 * HOUR)
    follower = put(log, HOMES[1], 3)
    log.add(EventType.MERGED, follower, now={"state": "merged", "master": other})
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    assert near(ledger, mine) == [nearer, other]
    assert near(ledger, nearer) == [mine]
    assert near(ledger, other) == [far, mine]
    assert near(ledger, old) == near(ledger, ended) == near(ledger, follower) == []


def test_linear_categories_go_by_segment(log: LogBuilder, tmp_path: Path) -> None:
    """Corrections bring two cases of one segment under one category though nothing joined them."""
    a = put(log, HOMES[0], 0, category="greasy", place=at("G001", 0, "S-1"))
    b = put(log, HOMES[0], 700, hours=1, category="greasy", place=at("G001", 700, "S-1"))
    put(log, HOMES[0], 1, category="greasy", place=at("G001", 1, "S-2"))
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    assert near(ledger, a) == [b]
    case = ledger.case(a)
    assert case is not None
    [possible] = possible_duplicates(ledger, case, BOOK)
    assert possible.metres is None
    assert "metres" not in duplicate_json(possible)


def test_what_was_split_is_never_shown_again(log: LogBuilder, tmp_path: Path) -> None:
    a, b = put(log, HOMES[0], 0), put(log, HOMES[1], 1)
    log.add(EventType.SPLIT, b, now={"split_from": [a]})
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    assert near(ledger, a) == near(ledger, b) == []


@pytest.mark.parametrize(
    ("one", "other", "joins"),
    [
        ({}, {}, "younger"),
        ({}, {"urgent_by": ["words"]}, "older"),
        ({"urgent_by": ["words"]}, {}, "younger"),
        ({"kind": "question"}, {}, None),
    ],
)
def test_only_what_loses_nothing_is_offered(
    log: LogBuilder, tmp_path: Path, one: dict[str, Any], other: dict[str, Any], joins: str | None
) -> None:
    older, younger = put(log, HOMES[0], 0, **one), put(log, HOMES[1], 10, **other)
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    case = ledger.case(older)
    assert case is not None
    [possible] = possible_duplicates(ledger, case, BOOK)
    assert possible.joins == {"younger": younger, "older": older, None: None}[joins]


def test_the_act_that_joins_them_is_named(log: LogBuilder, tmp_path: Path) -> None:
    """The younger one joins; with followers of its own the older one does; with none that can, nobody does."""
    older, younger = put(log, HOMES[0], 0), put(log, HOMES[1], 10, hours=1)
    log.dispatch(older, START + 2 * HOUR)  # both are due at the same time
    log.dispatch(younger, START + 2 * HOUR)

    def act() -> str | None:
        ledger = ledger_of(log, tmp_path / "l.sqlite")
        case = ledger.case(older)
        assert case is not None
        [told] = [duplicate_json(each) for each in possible_duplicates(ledger, case, BOOK)]
        assert (told["case"], told["metres"], told["place"]) == (younger, 10.0, "10 m")
        return told.get("act")

    assert act() == f"grid36 act {younger} merge --to {older} --by PERSON"
    log.add(EventType.FOLLOWER_JOINED, younger, now={"followers": [{"case": "demo-G002-2609-00009", "reporter": "x"}]})
    assert act() == f"grid36 act {older} merge --to {younger} --by PERSON"
    log.resolve(older, START + 2 * HOUR)
    assert act() is None


def test_a_neighbour_under_the_old_name_of_its_category_is_shown(log: LogBuilder, tmp_path: Path) -> None:
    mine, other = put(log, HOMES[0], 0), put(log, HOMES[1], 20, hours=2, category="hole")
    (pothole, *rest) = BOOK.categories
    book = BOOK.model_copy(update={"categories": (pothole.model_copy(update={"replaces": ("hole",)}), *rest)})
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    for number, near_it in ((mine, other), (other, mine)):
        case = ledger.case(number)
        assert case is not None
        assert [each.case.number for each in possible_duplicates(ledger, case, book)] == [near_it]
