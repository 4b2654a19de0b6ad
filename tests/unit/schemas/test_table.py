import json
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.table import FACTS, MAX_INT, Cell, Input, Row, Table

ENGINE_NAMES = ("id", "sid", "$s", "exception")  # durable-rules' own fields


def fnv1a(text: str) -> int:
    """The 32-bit hash under which durable-rules compares field names."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def table(**changes: Any) -> dict[str, Any]:
    return {"name": "routing", "hit_policy": "F", "inputs": ["category", "hour"], **changes}


def problems_of(raw: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Table.model_validate(raw)
    return [problem["msg"] for problem in caught.value.errors()]


def test_fact_names_stay_different_for_an_engine_that_compares_hashes() -> None:
    names = [*FACTS, *ENGINE_NAMES]
    assert len({fnv1a(name) for name in names}) == len(names)
    assert fnv1a("costarring") == fnv1a("liquid")  # the known clash: the hash is the right one


@pytest.mark.parametrize(
    ("raw", "cell"),
    [
        ("-", Cell()),
        (None, Cell()),
        ("soil", Cell(one_of=("soil",))),
        (7, Cell(one_of=(7,))),
        (["渣土", "垃圾"], Cell(one_of=("渣土", "垃圾"))),
        ({"in": [1, 2]}, Cell(one_of=(1, 2))),
        ({"ge": 7}, Cell(ge=7)),
        ({"ge": -MAX_INT, "le": MAX_INT}, Cell(ge=-MAX_INT, le=MAX_INT)),
        ("长" * 200, Cell(one_of=("长" * 200,))),
    ],
)
def test_a_cell_is_read_from_each_form_a_person_writes(raw: Any, cell: Cell) -> None:
    assert Cell.model_validate(raw) == cell
    assert Cell.model_validate_json(cell.model_dump_json()) == cell


@pytest.mark.parametrize(
    "raw",
    [
        True,
        1.0,
        "",
        "x" * 201,
        "a\x00b",
        [],
        ["a", "a"],
        [True],
        [1.5],
        list(range(51)),
        MAX_INT + 1,
        [-MAX_INT - 1],
        {"ge": MAX_INT + 1},
        {"ge": 2, "le": 1},
        {"ge": "2"},
        {"gt": 2},
        {"in": [1], "ge": 1},
    ],
)
def test_a_cell_refuses_what_the_engine_is_not_known_to_match_rightly(raw: Any) -> None:
    with pytest.raises(ValidationError):
        Cell.model_validate(raw)


@given(
    cell=st.one_of(
        st.just(Cell()),
        st.builds(lambda a, b: Cell(ge=min(a, b), le=max(a, b)), st.integers(-9, 9), st.integers(-9, 9)),
        st.builds(lambda values: Cell(one_of=tuple(values)), st.lists(st.integers(-9, 9), min_size=1, unique=True)),
    ),
    fact=st.none() | st.integers(-10, 10),
)
def test_a_cell_means_what_it_says(cell: Cell, fact: int | None) -> None:
    low, high = -10 if cell.ge is None else cell.ge, 10 if cell.le is None else cell.le
    met = set(cell.one_of) if cell.one_of is not None else set(range(low, high + 1))
    assert cell.meets(fact) == (cell.is_any or fact in met)


def test_an_input_takes_its_kind_from_its_name() -> None:
    assert Input.model_validate("hour") == Input(name="hour", kind="number")
    assert Input.model_validate({"name": "road"}) == Input(name="road", kind="text")
    for raw in ("colour", {"name": "hour", "kind": "text"}, {"kind": "text"}, 3):
        with pytest.raises(ValidationError):
            Input.model_validate(raw)


def test_a_table_survives_writing_and_reading() -> None:
    raw = table(
        rows=[
            {"id": "r1", "when": {"category": ["a", "b"], "hour": {"ge": 7}}, "then": {"to": "x", "n": 1, "ok": True}},
            {"id": "r2", "priority": 9, "then": {"assist": ["x", "y"]}, "note": "why"},
        ],
        default={"to": "y"},
    )
    read = Table.model_validate(raw)
    assert Table.model_validate(json.loads(read.model_dump_json())) == read
    assert Table.model_validate(read.model_dump()) == read
    assert [row.cell("category").is_any for row in read.rows] == [False, True]
    assert read.kinds() == {"category": "text", "hour": "number"}
    assert type(read.rows[0].then["ok"]) is bool


def test_every_problem_of_a_table_is_named_at_once_with_its_row() -> None:
    """A problem of form in one row does not hide problems of meaning in the others."""
    found = problems_of(
        table(
            inputs=["category", "hour", "hour", "colour"],
            rows=[
                {"id": "r1", "when": {"category": {"ge": 1}, "road": "x"}},
                {"id": "r 2", "priority": 0, "colour": 1},
                {"id": "r1", "when": {"hour": ["x", 2], "category": 3}},
                {"id": "r4", "priority": 60_001},
            ],
        )
    )
    expected = [
        "no fact is called colour",
        "row 2: this is not written as it should be",
        "row 2: this must not be less than 1",
        "row 2: there is no such field",
        "row 4: this must not be greater than 60000",
        "the input hour is there twice",
        "row 1: category is a text and has no range",
        "row 1: road is not an input of this table; its inputs: category, hour",
        "row 3: the id r1 is already that of row 1",
        "row 3: hour is a number, 'x' is not",
        "row 3: category is a text, 3 is not",
    ]
    assert [text[: len(start)] for text, start in zip(found, expected, strict=True)] == expected


def test_a_problem_keeps_its_place_inside_a_larger_file() -> None:
    class Book(Table):
        pass

    with pytest.raises(ValidationError) as caught:
        Book.model_validate(table(rows=[{"id": "r1", "when": {"road": "x"}}]))
    assert [problem["loc"] for problem in caught.value.errors()] == [("rows", 0, "when", "road")]


@pytest.mark.parametrize("raw", [None, 3, [], {"name": "x"}, table(rows=3), table(hit_policy="X"), table(name="A b")])
def test_what_is_no_table_is_refused(raw: Any) -> None:
    with pytest.raises(ValidationError):
        Table.model_validate(raw)


def test_row_defaults_match_everything() -> None:
    row = Row(id="all")
    assert row.priority == 1_000
    assert all(row.cell(name).is_any for name in chain(FACTS, ["whatever"]))
