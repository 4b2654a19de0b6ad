"""What the events say was sent is what stands in the departments' topics, for any stream and any transactions."""

import json

import pytest

from connectors.proofs.sent_orders import CaseOrders, SentOrder, next_orders
from tests.unit.streams.cases.test_proof import live
from tests.unit.streams.partition_lab import Lab

DAY_MS = 3 * 3_600_000
"""Of short days there are more."""
Day = tuple[str, str, int]
"""Department, case, day."""


def by_the_events(lab: Lab) -> list[SentOrder]:
    cases: dict[str, CaseOrders] = {}
    sent: dict[tuple[str, int], tuple[SentOrder, ...]] = {}
    for output in lab.of("events"):
        event = json.loads(output.value or b"")
        number = event.get("case")
        found = next_orders(cases.get(number), event) if number else None
        if found is not None:
            cases[number] = CaseOrders.of_json(json.loads(json.dumps(found.case.to_json())))
            sent[number, found.case.seq_before] = found.sent
    return [order for orders in sent.values() for order in orders]


def in_the_topics(lab: Lab) -> list[tuple[Day, str]]:
    found = []
    for output in lab.outputs:
        if output.topic.startswith("department."):
            code, number = output.topic.removeprefix("department."), (output.key or b"").decode()
            found.append(((code, number, (output.t_ms or 0) // DAY_MS), dict(output.headers)["ce_id"].decode()))
    return found


def in_longer_transactions(written: list[tuple[Day, str]]) -> list[tuple[Day, str]]:
    """Of several orders of a case in one transaction only the last one is written, as the partition does."""
    kept: list[tuple[Day, str]] = []
    for start in range(0, len(written), 12):
        latest = {day[:2]: (day, id) for day, id in written[start : start + 12]}
        kept += latest.values()
    return kept


@pytest.mark.parametrize("seed", [1, 2])
def test_the_orders_of_single_commands_are_those_of_the_topics(seed: int) -> None:
    lab = live(seed, 250, crashes=False)
    ids = [id for _, id in in_the_topics(lab)]
    assert len(ids) > 100
    assert any(id.endswith("/finished") for id in ids)
    assert sorted(ids) == sorted(order.id for order in by_the_events(lab))


def test_the_last_of_a_case_and_day_is_written_unless_a_later_day_overtook_it() -> None:
    """Wherever transactions end."""
    lab = live(1, 250, crashes=False)
    sent = by_the_events(lab)
    expected = {(each.department, each.case, each.t_ms // DAY_MS): each for each in sent}
    written = dict(in_longer_transactions(in_the_topics(lab)))
    newest = {(each.department, each.case): each.rank for each in sent}
    other = [each for day, each in expected.items() if written.get(day) != each.id]
    assert other, "else nothing was overtaken"
    assert all(newest[each.department, each.case] > each.rank for each in other)
    assert set(written.values()) <= {each.id for each in sent}
