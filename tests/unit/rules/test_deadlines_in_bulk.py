"""Ten thousand open cases that people keep editing: no edit moves a deadline, and each fires once, at its due time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from heapq import heappop, heappush
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.deadlines import due
from rules.decide import decide
from rules.decision.draft import Decision
from schemas.case import Case, Deadline
from schemas.command import Act, Do, Open
from schemas.event import EventType
from schemas.place import PlaceFound, PlaceGiven
from schemas.rulebook import Merge
from tests.worlds.street import DAY, HOUR, ON_S1, ON_S2, T0, Street, a_report

LADDER = 3
D = Deadline


class Crowd(Street):
    """The street with an index of what is due, because ten thousand cases cannot be looked through each time."""

    def __init__(self) -> None:
        super().__init__()
        self._due: list[tuple[int, str, int]] = []
        self._order = list(Deadline)

    def case_of(self, home: str, report: str) -> Case | None:
        return None  # each comes once

    def open_cases(
        self, home: str, category: str, place: PlaceFound | None = None, merge: Merge | None = None
    ) -> Iterable[Case]:
        return ()  # nothing is a duplicate

    def wait_until(self, t_ms: int) -> None:
        while self._due and self._due[0][0] < t_ms:
            at, number, order = heappop(self._due)
            name = self._order[order]
            if self.cases[number].deadlines.get(name) == at:
                self.t_ms = max(self.t_ms, at)
                self.fired.append((number, name, at))
                self.decided(due(self.cases[number], name, self))
        self.t_ms = max(self.t_ms, t_ms)

    def decided(self, decision: Decision) -> None:
        """Take it in, with what is due after it."""
        self._take(replace(decision, written=()))  # words are looked through for each decision
        for number in {draft.case for draft in decision.drafts if draft.case}:
            for name, at in self.cases[number].deadlines.items():
                if name is not D.ARCHIVE:
                    heappush(self._due, (at, number, self._order.index(name)))

    def opens(self, n: int, t_ms: int) -> str:
        """One more case; its number."""
        self.wait_until(t_ms)
        report = a_report(f"r{n}", at=t_ms)
        command = Open(id=report.id, home="R1-G1", report=report, place=(ON_S1, ON_S2)[n % 2])
        self.decided(decide(None, command, self))
        return str(self.drafts[-1].case)

    def does(self, number: str, act: Act, by: str, **more: object) -> None:
        """One act."""
        self._acts += 1
        command = Do.model_validate(
            {"id": f"a{self._acts}", "home": "R1-G1", "case": number, "act": act, "by": by} | more
        )
        self.decided(decide(self.cases[number], command, self))


def edit(crowd: Crowd, number: str, chance: Random) -> bool:
    """Somebody changes something that is nobody's clock; whether it was possible."""
    who = crowd.cases[number].assignee
    match chance.randrange(5):
        case 0:
            crowd.does(number, Act.CORRECT, "office", place=PlaceGiven(code=chance.choice(("S1", "S2", "G1", "G2"))))
        case 1:
            crowd.does(number, Act.ASSIGN, "office", to=chance.choice(("head-1", "owner-1", "owner-2", "fallback")))
        case 2:
            crowd.does(number, Act.URGE, "office", note="请尽快")
        case 3:
            crowd.does(number, Act.ERASE, "office")
        case _:
            crowd.does(number, Act.HAND_ON, who or "", to="cleaner-1")
    return crowd.drafts[-1].type is not EventType.ACTION_REFUSED


def expected(start: int, signed: bool) -> list[tuple[Deadline, int]]:
    """What must fire of a case that nobody works on, from its limits alone: 1, 2 and 4 hours, then a rung a day."""
    found = [(D.RESPOND, start + 2 * HOUR), (D.RESOLVE, start + 4 * HOUR)]
    found = found if signed else [(D.ACCEPT, start + HOUR), *found]
    left = LADDER - len(found)
    return found + [(D.LADDER, start + 4 * HOUR + n * DAY) for n in range(1, left + 1)]


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_edits_move_nothing_and_everything_fires_once_in_time(seed: int) -> None:
    """Cases come one after the other; before, between and after their deadlines somebody edits them."""
    play(150, 300, Random(seed))


def test_ten_thousand_open_cases() -> None:
    """As many as a district has open: none is lost in the crowd."""
    play(10_000, 3_000, Random(36))


def play(cases: int, edits: int, chance: Random) -> None:
    """Open so many, edit so often, let time pass, and compare with what must have fired."""
    crowd, starts, signed, possible = Crowd(), dict[str, int](), set[str](), 0
    for n in range(cases):
        t = T0 + n * 10_000_000 // cases
        number = crowd.opens(n, t)
        starts[number] = t
        if chance.random() < 0.3:
            signed.add(number)
            crowd.does(number, Act.ACKNOWLEDGE, crowd.cases[number].assignee or "")
    numbers = sorted(starts)
    for n in range(edits):
        crowd.wait_until(T0 + 10_000_000 + n * (40 * HOUR // edits))
        number = chance.choice(numbers)
        before = crowd.cases[number]
        possible += edit(crowd, number, chance)
        after = crowd.cases[number]
        gone = {D.ACCEPT} if after.acknowledged_ms != before.acknowledged_ms else set()
        assert after.deadlines == {name: at for name, at in before.deadlines.items() if name not in gone}
        assert (after.due_ms, after.missed, after.rung) == (before.due_ms, before.missed, before.rung)
        if D.ACCEPT in before.deadlines and gone:
            signed.add(number)
    crowd.wait_until(T0 + 10 * DAY)
    assert possible > edits / 3
    wanted = [(number, *each) for number, start in starts.items() for each in expected(start, number in signed)]
    assert Counter(crowd.fired) == Counter(wanted)
    told = [draft for draft in crowd.drafts if draft.type is EventType.ESCALATED]
    assert len(told) == cases * LADDER
    assert {(draft.case, draft.t_ms) for draft in told} == {(number, at) for number, _, at in wanted}
