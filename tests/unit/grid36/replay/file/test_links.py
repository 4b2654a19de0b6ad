"""Links between rows end in a definite, counted state, whatever they are."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from grid36.replay.file.links import Link, masters_of
from tests.unit.grid36.replay.reading import plan_of

CHAIN = """\
id,created,closed,dup
a,2026-11-01 08:00,,
b,2026-11-01 09:00,,a
c,2026-11-01 10:00,,b
d,2026-11-01 11:00,,d
e,2026-11-01 11:00,,nobody
f,2026-11-01 11:00,,g
g,2026-11-01 11:00,,f
h,2026-11-01 11:00,,f
i,2026-11-01 07:00,,late
late,2026-11-01 12:00,2026-11-01 13:00,
j,2026-11-01 14:00,,late
k,2026-11-01 14:00,,bad
bad,never,,
"""


def test_every_link_leads_to_a_last_master_or_is_counted(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, CHAIN, merged_into="dup", closed_at={"column": "closed", "zone": "Asia/Shanghai"})
    ids = dict(enumerate(("a", "b", "c", "d", "e", "f", "g", "h", "i", "late", "j", "k", "bad"), 1))
    masters = {ids[number]: master for number, master in plan.masters.items()}
    assert masters == {"b": "a", "c": "a", "h": "f", "i": "late"}
    nowhere = {each.reason.code: [ids[number] for number in each.rows] for each in plan.left_out.values()}
    assert nowhere == {"itself": ["d"], "no_master": ["e", "k"], "circle": ["f", "g"], "master_closed": ["j"]}
    assert len(plan.parked) == 1


@given(st.lists(st.integers(0, 12) | st.none(), min_size=1, max_size=12))
def test_any_links_end_at_a_row_that_is_no_duplicate(to: list[int | None]) -> None:
    links = [Link(number, str(target)) for number, target in enumerate(to) if target is not None]
    found = masters_of(links, lambda report: int(report) if int(report) < len(to) else None)
    assert found.rows.keys() | found.nowhere.keys() == {link.number for link in links}
    assert not found.rows.keys() & found.nowhere.keys()
    assert not set(found.rows.values()) & found.rows.keys()
