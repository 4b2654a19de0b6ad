"""Lists for other systems, held against a list that is filtered case by case."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger import service_requests as module
from connectors.ledger.service_requests import (
    RequestFilter,
    TooManyEventsError,
    request_head,
    request_heads,
    request_rows,
)
from schemas.case import State
from schemas.event import EventType
from tests.worlds.builders import START, LogBuilder, ledger_of

STATES: Final = (State.DISPATCHED, State.CLOSED, State.REFUSED, State.MERGED, State.MOVED)
OPENED_MS: Final = START - 10
OVER: Final = frozenset(STATES[1:])
CASES: Final = st.lists(
    st.fixed_dictionaries(
        {
            "submitted_ms": st.integers(START, START + 5),
            "filed": st.sampled_from((("litter", None), ("litter", "bins"), ("lamp", None))),
            "state": st.sampled_from(STATES),
            "kind": st.sampled_from(("problem", "question", "service_request")),
            "pushed_by": st.sampled_from((None, None, None, "parks")),
            "changed_ms": st.integers(START, START + 5),
        }
    ),
    max_size=12,
)
TIMES: Final = st.none() | st.integers(START, START + 5)
FILTERS: Final = st.builds(
    RequestFilter,
    services=st.none() | st.lists(st.sampled_from(("litter", "lamp", "bins")), min_size=1, unique=True).map(tuple),
    open=st.none() | st.booleans(),
    from_ms=TIMES, to_ms=TIMES, changed_from_ms=TIMES, changed_to_ms=TIMES,
    limit=st.integers(1, 4) | st.just(1000), offset=st.integers(0, 3),
)  # fmt: skip


def is_between(low: int | None, t_ms: int, high: int | None) -> bool:
    return (low is None or low <= t_ms) and (high is None or t_ms <= high)


def matches(case: dict[str, Any], asked: RequestFilter) -> bool:
    """Whether one case is in the list."""
    service = case["filed"][1] or case["filed"][0]
    changes = (OPENED_MS, case["changed_ms"])
    return (
        case["state"] != State.MOVED
        and case["kind"] != "question"
        and case["pushed_by"] is None
        and (asked.services is None or service in asked.services)
        and (asked.open is None or asked.open == (case["state"] not in OVER))
        and is_between(asked.from_ms, case["submitted_ms"], asked.to_ms)
        and any(is_between(asked.changed_from_ms, t_ms, asked.changed_to_ms) for t_ms in changes)
    )


def written(cases: list[dict[str, Any]]) -> tuple[LogBuilder, list[dict[str, Any]]]:
    """A log in which each case is opened long before, and then changed once; the cases with their numbers."""
    log, known = LogBuilder(1), list[dict[str, Any]]()
    for case in cases:
        category, subcategory = case["filed"]
        fields = case | {"category": category, "subcategory": subcategory}
        now = {
            name: value for name, value in fields.items() if name not in {"changed_ms", "filed"} and value is not None
        }
        number = log.open("demo-G001", OPENED_MS, **(now | {"state": "submitted"}))
        known.append({**case, "number": number})
    for case in sorted(known, key=lambda case: case["changed_ms"]):
        log.add(EventType.CORRECTED, case["number"], t_ms=case["changed_ms"], now={"state": case["state"]})
    for case in known:
        log.add(EventType.ARCHIVED, case["number"], t_ms=START + 5)
    return log, known


@settings(max_examples=30, deadline=None)
@given(CASES, FILTERS)
def test_a_list_has_what_matches_newest_first(cases: list[dict[str, Any]], asked: RequestFilter) -> None:
    log, known = written(cases)
    wanted = sorted(((case["submitted_ms"], case["number"]) for case in known if matches(case, asked)), reverse=True)
    with TemporaryDirectory() as folder:
        ledger = ledger_of(log, Path(folder) / "ledger.sqlite")
        if asked.services is not None:  # an index is asked for by category
            asked = RequestFilter(
                **{**vars_of(asked), "categories": ("litter", "lamp")[: 1 + ("lamp" in asked.services)]}
            )
        found = [(head.submitted_ms, head.number) for head in request_heads(ledger, asked)]
        assert found == wanted[asked.offset : asked.offset + asked.limit]
        if wanted:  # the page after one is what follows it
            after = RequestFilter(**{**vars_of(asked), "before": wanted[0], "offset": 0, "limit": 1000})
            assert [head.number for head in request_heads(ledger, after)] == [each[1] for each in wanted[1:]]
        ledger.close()


def vars_of(asked: RequestFilter) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in RequestFilter.__slots__}


def test_one_is_found_by_its_number_if_it_is_public_and_by_its_report_in_any_case(tmp_path: Path) -> None:
    log = LogBuilder(1)
    shown, hidden = log.open("demo-G001", START, kind="problem"), log.open("demo-G001", START, kind="complaint")
    log.close(shown, START + 7)
    ledger = ledger_of(log, tmp_path / "ledger.sqlite")
    found = request_head(ledger, number=shown)
    assert found is not None
    (row,) = request_rows(ledger, [found.number])
    assert (row.doc["number"], row.last_seq, row.last_ms) == (shown, found.last_seq, START + 7)
    assert request_head(ledger, number=hidden) is None
    assert request_head(ledger, report=f"r-{hidden}") is not None


def test_too_much_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, _ = written([])
    for n in range(5):
        log.open("demo-G001", START + n)
    ledger = ledger_of(log, tmp_path / "ledger.sqlite")
    monkeypatch.setattr(module, "MOST_EVENTS", 4)
    with pytest.raises(TooManyEventsError):
        request_heads(ledger, RequestFilter(changed_from_ms=START))
