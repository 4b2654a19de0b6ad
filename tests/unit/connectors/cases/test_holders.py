"""Who has had a case, one after the other."""

from connectors.cases.holders import holders
from schemas.command import Act
from schemas.event import EventType
from tests.unit.connectors.cases.test_three_clocks import events_of
from tests.worlds.street import PHOTO, T0, Street

MINUTE = 60_000


def test_everybody_who_got_it_in_their_order() -> None:
    street = Street()
    case = street.report(photos=(PHOTO,))
    street.act(case, Act.HAND_ON, "owner-1", at=T0 + MINUTE, to="cleaner-1")
    street.act(case, Act.ASSIGN, "office", at=T0 + 2 * MINUTE, to="owner-2")
    street.act(case, Act.ASSIGN, "office", at=T0 + 3 * MINUTE, to="owner-1")
    found = holders(events_of(street, case.number))
    assert [(each.person, each.part) for each in found] == [
        ("owner-1", "assignee"), ("cleaner-1", "executor"), ("owner-2", "assignee"), ("owner-1", "assignee"),
    ]  # fmt: skip
    assert [(each.since_ms - T0) // MINUTE for each in found] == [0, 1, 2, 3]
    assert [found[0].by, found[1].by] == [EventType.DISPATCHED, EventType.HANDED_ON]
    assert street.cases[case.number].hops == 2


def test_nobody_before_the_dispatch() -> None:
    street = Street()
    assert holders(events_of(street, street.report(None).number)) == []
