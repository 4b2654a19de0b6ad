"""Any life of a small street: commands drawn at random, most of them possible, some of them nonsense."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from rules.decision.draft import Decision
from schemas.case import Case
from schemas.command import Act, AnyCommand, Cover, Do, Open, Outcome, Rating, ReturnReason, Supply
from schemas.duty import DOOR
from schemas.place import PlaceFound, PlaceGiven
from schemas.report import ReportKind
from schemas.rights import CaseRole, possible, right_of
from schemas.rulebook import Rulebook
from schemas.topics import home_of
from tests.worlds.street import (
    CLEAN,
    HOUR,
    IN_G2,
    ON_S1,
    ON_S2,
    PHOTO,
    T0,
    Street,
    a_book,
    a_region,
    a_report,
    a_rulebook,
)
from tests.worlds.working_street import a_working_region, a_working_rulebook

PLACES: tuple[PlaceFound | None, ...] = (ON_S1, ON_S2, IN_G2, None)
TEXTS = ("路面油污", "坑", "漏水", "办证", "别的", "")
REPORTERS = ("patrol-1", "patrol-2", "owner-1", "inspector")
OTHERS = ("owner-1", "owner-2", "head-1", "water-desk", "office", "lane-chief", "steward", "fallback", "nobody")
GIVEN = (None, PlaceGiven(code="S1"), PlaceGiven(code="S2"), PlaceGiven(code="G2"), PlaceGiven(code="nowhere"))


DUTIES = [
    {"id": name, "name": {"zh": "值守"}, "place": "S1", "window": window, "person": person}
    for name, window, person in (("watch", "00:30-23:30", "cleaner-1"), ("run", "19:00-19:30", "owner-1"))
]


@dataclass(frozen=True)
class Step:
    """One thing that happens; the numbers choose among what there is then."""

    what: str
    pause: int
    a: int
    b: int
    c: int


WHATS = ("report", "report", "supply", "cover", *["act"] * 9)
PAUSES = (0, 1, 60_000, HOUR, 2 * HOUR, 3 * HOUR, 30 * HOUR)


def step(number: int) -> Step:
    """The step that a number stands for; small numbers are simple steps."""
    number, what = divmod(number, len(WHATS))
    number, pause = divmod(number, len(PAUSES))
    number, a = divmod(number, 60)
    number, b = divmod(number, 60)
    return Step(WHATS[what], PAUSES[pause], a, b, number % 60)


STEPS = st.lists(st.integers(0, len(WHATS) * len(PAUSES) * 60**3 - 1).map(step), min_size=1, max_size=60)


class Life:
    """Plays steps on a street (or several) and remembers the commands."""

    def __init__(self, apply: Callable[[AnyCommand, int], Decision], look: Callable[[], Sequence[Case]]) -> None:
        self.t_ms = T0
        self.commands: list[tuple[AnyCommand, int]] = []
        self._apply = apply
        self._look = look

    def play(self, steps: Sequence[Step]) -> Iterator[AnyCommand]:
        """Apply one command for each step."""
        for number, step in enumerate(steps):
            self.t_ms += step.pause
            command = self._command(f"{number}", step)
            self.commands.append((command, self.t_ms))
            self._apply(command, self.t_ms)
            yield command

    def _command(self, name: str, step: Step) -> AnyCommand:
        cases = sorted(self._look(), key=lambda case: case.number)
        if step.what == "report" or not cases:
            return self._report(name, step)
        case = sorted(cases, key=lambda case: case.acted_ms)[-1 - step.a % min(len(cases), 5)]
        if step.what == "supply":
            place = PLACES[step.b % len(PLACES)]
            text = TEXTS[step.c % len(TEXTS)]
            return Supply(id=f"s{name}", home=case.home, report=case.report, by=case.reporter, text=text, place=place)
        if step.what == "cover":
            who = OTHERS[step.a % len(OTHERS)]
            cover = (None, *OTHERS)[step.b % len(OTHERS)]
            until = self.t_ms + (1 + step.c) * HOUR
            return Cover(id=f"c{name}", home="*", person=who, cover=cover, by=who, from_ms=self.t_ms, until_ms=until)
        return self._act(name, step, case, cases)

    def _report(self, name: str, step: Step) -> Open:
        place = PLACES[step.a % len(PLACES)]
        more: dict[str, Any] = {}
        if step.c % 7 == 0:
            more = {"fixed": True, "photos": (PHOTO,), "after_photos": ((CLEAN, PHOTO)[step.a % 2],)}
        elif step.c % 7 == 1:
            more = {"pushed_by": "water", "item": (None, "I1", "I3", "?")[step.a % 4]}
        elif step.c % 7 == 2:
            more = {"change": {"id": "I3", "name": {"zh": "办证"}, "verdict": ("handle", "?")[step.a % 2]}}
        elif step.c % 7 == 3:
            more = {"door": DOOR, "duty": ("watch", "run", "?")[step.a % 3]}
        report = a_report(
            f"r{name}",
            at=self.t_ms - step.c * 1000,
            by=REPORTERS[step.b % len(REPORTERS)],
            text=TEXTS[step.c % len(TEXTS)],
            kind=ReportKind.QUESTION if step.b % 5 == 0 else ReportKind.PROBLEM,
            **more,
        )
        return Open(id=report.id, home=f"R1-{place.grid if place else 'U'}", report=report, place=place)

    def _act(self, name: str, step: Step, case: Case, cases: Sequence[Case]) -> Do:
        sensible = step.b % 8 != 0
        acts = (likely(case, step.a % 9) if sensible else None) or list(Act)
        act = acts[(step.b + step.pause) % len(acts)]
        people = (
            [person for who in sorted(right_of(act, case).who) for person in _people(who, case)] if sensible else OTHERS
        )
        other = cases[step.c % len(cases)].number
        return Do(
            id=f"a{name}",
            home=home_of(case.number),
            act=act,
            case=case.number,
            by=people[step.c % len(people)] if people else "nobody",
            occurred_ms=self.t_ms - (0, 0, 1000, HOUR, 50 * HOUR)[step.c % 5],
            note=("说明", "")[step.c % 6 == 0],
            photos=() if step.c % 4 == 0 else (PHOTO,),
            cite=_cited(act, step),
            reason=(None, *ReturnReason)[step.c % 5],
            to=_whom(act, other, step),
            category=(None, "dirty", "leak", "permit", "other", "?")[step.c % 6],
            place=GIVEN[step.a % len(GIVEN)],
            outcome=(None, *Outcome)[step.a % 6],
            rating=(None, *Rating)[step.b % 3],
            hours=(None, 5, 100, 5)[step.a % 4],
        )


def _cited(act: Act, step: Step) -> str | None:
    if act is Act.RATE_REPORT_IN:
        return (None, "W1", None, "I1")[step.b % 4]
    return ("W1", "W1", "?")[step.b % 3] if act is Act.WHISTLE else (None, "I1", "?")[step.a % 3]


def _whom(act: Act, other: str, step: Step) -> str | None:
    if act is Act.MERGE:
        return other
    if act in {Act.WHISTLE, Act.RATE_REPORT_IN}:
        return ("water", "water", "street,water", "water", "?")[step.c % 5]
    if act is Act.MILESTONE:
        return ("fence", "repair", "restore", None, "?")[step.c % 5]
    return (None, "owner-2", "cleaner-1", "lane-chief", "?")[step.c % 5]


RARE = frozenset({Act.ERASE, Act.WITHDRAW, Act.URGE, Act.ASK, Act.RAISE})


def likely(case: Case, mood: int) -> list[Act]:
    """What people would do to a case now; what is asked for gets decided, what is done gets checked."""
    if case.request is not None and mood < 5:
        return [Act.APPROVE, Act.APPROVE, Act.DENY]
    waits = (each for each in case.assists if each.cause == "whistle" and each.scores is None)
    if mood < 4 and any(each.rate_until_ms is not None for each in waits):
        return [Act.RATE_REPORT_IN]
    if mood == 5 and Act.WHISTLE in possible(case):
        return [Act.SIGN, Act.ATTEND] if case.assists else [Act.WHISTLE]
    if case.change is not None and mood > 5:
        return [Act.APPROVE_CHANGE, Act.DENY_CHANGE]
    can = possible(case)
    return can if mood == 0 else [act for act in can if act not in RARE]


def _people(who: CaseRole, case: Case) -> list[str]:
    """Those who are this to a case."""
    followers = [follower.reporter for follower in case.followers]
    near: dict[CaseRole, Sequence[str | None]] = {
        CaseRole.REPORTER: [case.reporter],
        CaseRole.FOLLOWER: followers,
        CaseRole.ASSIGNEE: [case.assignee, case.accountable],
        CaseRole.EXECUTOR: [case.executor],
        CaseRole.SUPERIOR: ["office"],
        CaseRole.INSPECTOR: ["inspector"],
        CaseRole.APPROVER: ["street-chief"],
        CaseRole.STEWARD: ["office"] if case.change else [],
        CaseRole.CONSULTED: ["office"] if case.change_steps else [],
        CaseRole.OFFERED: ["head-1" if case.place and case.place.grid == "G1" else "head-2"],
        CaseRole.ASSISTANT: ["water-desk"] if case.assists else [],
        CaseRole.COORDINATOR: ["office"],
        CaseRole.EVALUATOR: ["office"],
        CaseRole.EMERGENCY: ["office"],
    }
    return [person for person in near[who] if person]


def one_street(*, at_work: bool = False) -> tuple[Street, Life]:
    """A street that holds all homes in one partition, effects delivered at once; with shifts and milestones or none."""
    region, rulebook = (a_working_region(), a_working_rulebook) if at_work else (a_region(), a_rulebook)
    told = rulebook(off_list="approve", approver="street-chief", self_handled_sample=70).model_dump(mode="json")
    told["routing"]["rows"][2]["then"]["offer"] = "workers"
    told["duties"] = DUTIES
    if at_work:
        told["policy"]["change_steps"] = [{"id": "talk", "name": {"zh": "讨论"}, "roles": ["street_office"]}]
    street = Street(a_book(region, Rulebook.model_validate(told)))

    def apply(command: AnyCommand, t_ms: int) -> Decision:
        decision = street.apply(command, t_ms)
        street.settle()
        return decision

    return street, Life(apply, lambda: list(street.cases.values()))
