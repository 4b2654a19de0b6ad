"""The compact table of ids behaves like a dictionary and stays small."""

import tracemalloc
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from streams.locate.seen_reports import Intake, Seen

ids = st.sampled_from([f"r{i}" for i in range(40)])
acts = st.lists(st.tuples(st.sampled_from(["put", "drop"]), ids, st.integers(0, 2**31), st.sampled_from(["", "a-G1"])))


@given(acts)
def test_it_is_a_dictionary(done: list[tuple[str, str, int, str]]) -> None:
    table, oracle = Intake(), dict[str, Seen]()
    for act, report, minute, home in done:
        if act == "drop":
            table.drop(report)
            oracle.pop(report, None)
        elif report not in oracle:
            oracle[report] = Seen(minute.to_bytes(8, "little"), home, minute)
            table.put(report, oracle[report])
    assert dict(table.items()) == oracle
    assert len(table) == len(oracle)
    assert all(table.get(f"r{i}") == oracle.get(f"r{i}") for i in range(40))


def test_many_come_and_go() -> None:
    """What was dropped is not found again, and its room is used again."""
    table = Intake()
    for i in range(20_000):
        table.put(f"r{i}", Seen(b"12345678", "h", i))
        if i >= 500:
            table.drop(f"r{i - 500}")
    assert len(table) == 500
    assert table.get("r3") is None
    assert table.get("r19999") == Seen(b"12345678", "h", 19_999)


def test_everything_old_is_found_in_one_round() -> None:
    table = Intake()
    for i in range(100):
        table.put(f"r{i}", Seen(b"12345678", "h", i))
    found = [report for _ in range(25) for report in table.older(30, 4)]
    assert sorted(found) == sorted(f"r{i}" for i in range(30))


def test_an_id_takes_at_most_150_bytes() -> None:
    reports = [str(UUID(int=i * 7919**5)) for i in range(60_000)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    table = Intake()
    for report in reports:
        table.put(report, Seen(b"12345678", f"test-G{len(report)}", 29_000_000))
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert used / len(reports) <= 150
