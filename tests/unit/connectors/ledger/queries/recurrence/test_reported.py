"""Cases by segment, and by grid, and category equal a count case by case."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger.queries.recurrence.exposure import PlaceKind
from connectors.ledger.queries.recurrence.reported import reported, reported_beside
from connectors.ledger.span import Span
from schemas.remit import WHOLE, Remit
from tests.oracles.counted_cases import kind_of
from tests.oracles.reported_cases import reported_as
from tests.strategies.drawn_cases import CASE, END, MORE
from tests.worlds.builders import HOMES, START, LogBuilder, ledger_of


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(CASE, MORE), max_size=20), st.integers(START, END), st.integers(0, END - START),
    st.sampled_from([WHOLE, Remit(grids=frozenset({"g1"})), Remit(departments=frozenset({"d1"}))]),
)  # fmt: skip
def test_cases_of_any_span_and_part_are_counted_once(
    drawn: list[tuple[dict[str, Any], dict[str, Any]]], from_ms: int, long_ms: int, remit: Remit
) -> None:
    log, to_ms, wanted = LogBuilder(), from_ms + long_ms, Counter[tuple[str, str]]()
    grids = Counter[tuple[str, str]]()
    for fields, more in drawn:
        took = fields.pop("took_ms")
        fields["resolved_ms"] = None if took is None else fields["submitted_ms"] + took
        log.open(HOMES[0], **fields, **more)
        case = fields | {"place": {"grid": "G001", "segment": "S-G001"}} | more
        place, department = case["place"] or {}, case.get("department") or {}
        inside = remit.has_grid(place.get("grid")) or department.get("code") in remit.departments
        own = case["state"] != "moved" and case.get("duty") is None and case["master"] is None
        own = own and kind_of(case) == "problem" and from_ms <= case["submitted_ms"] < to_ms
        if inside and own:
            wanted.update([(place["segment"], case["category"])] if place.get("segment") else ())
            grids.update([(place["grid"], case["category"])] if place.get("grid") else ())
    with TemporaryDirectory() as folder:
        ledger = ledger_of(log, Path(folder) / "l.sqlite")
        with ledger.snapshot() as connection:
            span = Span(from_ms, to_ms, within=remit)
            assert reported(connection, span, "problem") == wanted
            assert reported(connection, span, "problem", "grid") == grids
            both: tuple[tuple[PlaceKind, Counter[tuple[str, str]]], ...] = (("segment", wanted), ("grid", grids))
            later = Span(to_ms, to_ms + long_ms, within=remit)
            for by, found in both:
                then = reported(connection, later, "problem", by)
                for places in (["S-G001", "G001"], ["gone"], []):
                    beside = reported_beside(connection, span, later, "problem", by, places)
                    assert beside == reported_as(found, then, places)
        ledger.close()
