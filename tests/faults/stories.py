"""What people do while the system is being broken, and what must have become of each report, known beforehand.

A story is a list of (what must have happened, what is sent then): it depends on no time, so faults cannot change it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from schemas.command import Act, Do, Outcome, ReturnReason
from schemas.event import EventType
from schemas.people import Role
from schemas.place import PlaceGiven
from schemas.report import Photo, Report, Reporter, Supplement
from schemas.topics import home_of
from tests.faults.rules import FLAKY, POISON
from tests.generators.month_street import FALLBACK, KINDS, Kind, Spot, Street, photo

E = EventType
NOWHERE: Final = PlaceGiven(address="很远很远的地方")


@dataclass(slots=True)
class Fate:
    """What must stand in the ledger in the end."""

    state: str = "closed"
    share: str = "routed"
    outcome: str | None = "fixed"
    assignee: str | None = None
    reworks: int = 0
    returns: int = 0
    master: str | None = None
    """Report id."""


@dataclass(slots=True)
class Life:
    """One report: its story, how far it is, its case as events told of it."""

    report: Report
    kind: Kind
    spot: Spot | None
    fate: Fate
    steps: list[tuple[EventType, "Step"]] = field(default_factory=list)
    at: int = 0
    case: str = ""
    assignee: str | None = None
    parked: bool = False
    """Nothing of it may reach a case."""

    @property
    def over(self) -> bool:
        """Everything has happened."""
        return self.at == len(self.steps)


Step = Callable[[Life], Iterator[Do | Supplement | Life]]


def act(what: Act, by: str = "", id_prefix: str = "", *, with_photo: bool = False, **fields: object) -> Step:
    """A step in which somebody acts; `by` empty: the assignee, `reporter`: who reported."""

    def step(life: Life) -> Iterator[Do]:
        who = {"": life.assignee, "reporter": life.report.reporter.id}.get(by, by)
        name = f"{id_prefix}{what.value}-{life.report.id}-{life.at}"
        photos = (Photo(digest=photo(name)),) if with_photo else ()
        told = {"id": name, "home": home_of(life.case), "act": what, "case": life.case, "by": who, "photos": photos}
        yield Do.model_validate(told | fields)

    return step


def both(*steps: Step) -> Step:
    """Several at once."""

    def step(life: Life) -> Iterator[Do | Supplement | Life]:
        for one in steps:
            yield from one(life)

    return step


def nothing(_: Life) -> Iterator[Do]:
    """Only wait for it."""
    return iter(())


RESOLVE: Final = act(Act.RESOLVE, with_photo=True)
VERIFY: Final = act(Act.VERIFY, "reporter")
DONE: Final = [(E.RESOLVED, VERIFY), (E.CLOSED, nothing)]
BACK: Final = act(Act.RETURN, reason=ReturnReason.WRONG_TRADE, note="不归我管 not mine")


class Crowd:
    """Makes lives with places of their own; no two of one category are near each other."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.street = Street()
        self._pairs = [(kind, name) for kind in _KINDS for name in self.street.names]
        self.random.shuffle(self._pairs)
        self._count = 0

    def lives(self, number: int) -> list[Life]:
        """So many, of all stories in turn."""
        return [STORIES[i % len(STORIES)](self) for i in range(number)]

    def life(self, steps: list[tuple[EventType, Step]], fate: Fate, *, prefix: str = "", kinds: str = "") -> Life:
        """A life at a fresh place."""
        index = next(i for i, (kind, _) in enumerate(self._pairs) if not kinds or kind in kinds.split())
        category, segment = self._pairs.pop(index)
        kind, spot = KINDS[category], self.street.spot(segment)
        fate.assignee = fate.assignee or {"owner": spot.owner, "head": spot.head}.get(kind.who, kind.who) or None
        return Life(self.report(kind, spot.given("code"), prefix), kind, spot, fate, steps)

    def report(self, kind: Kind, place: PlaceGiven, prefix: str = "") -> Report:
        """A report with an id of its own."""
        self._count += 1
        reporter = Reporter(id=f"patroller-{self.random.randint(1, 20):02}", kind=Role.PATROLLER)
        return Report(
            id=f"{prefix}r{self._count:05}", text=kind.words, place=place, reporter=reporter, door="web", received_ms=0
        )


_KINDS: Final = (
    "greasy-pavement", "dirty-road", "rubbish", "graffiti", "shared-bicycle", "sign", "pothole", "manhole", "railing",
    "street-light", "tree",
)  # fmt: skip
_OWNERS: Final = "greasy-pavement dirty-road rubbish graffiti shared-bicycle sign"


def _plain(crowd: Crowd) -> Life:
    return crowd.life([(E.DISPATCHED, act(Act.ACKNOWLEDGE)), (E.ACKNOWLEDGED, RESOLVE), *DONE], Fate())


def _unverified(crowd: Crowd) -> Life:
    return crowd.life([(E.DISPATCHED, RESOLVE), (E.RESOLVED, nothing)], Fate(state="resolved"))


def _rework(crowd: Crowd) -> Life:
    again = [(E.RESOLVED, act(Act.REJECT, "reporter", note="不行")), (E.REWORK_ORDERED, RESOLVE)]
    return crowd.life([(E.DISPATCHED, RESOLVE), *again, *again, *DONE], Fate(reworks=2))


def _returned(crowd: Crowd) -> Life:
    steps = [(E.DISPATCHED, BACK), (E.DISPATCHED, BACK), (E.DISPATCHED, RESOLVE), *DONE]
    return crowd.life(steps, Fate(assignee=FALLBACK, returns=2), kinds=_OWNERS)


def _withdrawn(crowd: Crowd) -> Life:
    steps = [(E.DISPATCHED, act(Act.WITHDRAW, "reporter")), (E.CLOSED, nothing)]
    return crowd.life(steps, Fate(outcome=Outcome.WITHDRAWN.value))


def _refused(crowd: Crowd) -> Life:
    life = crowd.life([(E.REFUSED, nothing)], Fate("refused", "refused", None))
    life.kind, life.fate.assignee = KINDS["medical"], None
    life.report = life.report.model_copy(update={"text": KINDS["medical"].words})
    return life


def _waiting(crowd: Crowd) -> Life:
    kind = KINDS["pothole"]
    fate = Fate("needs_information", "waiting", None)
    return Life(crowd.report(kind, NOWHERE), kind, None, fate, [(E.INFORMATION_NEEDED, nothing)])


def _placed_later(crowd: Crowd) -> Life:
    def supply(life: Life) -> Iterator[Supplement]:
        assert life.spot is not None
        yield Supplement(
            id=f"more-{life.report.id}", report=life.report.id, place=life.spot.given("code"),
            reporter=life.report.reporter, door="web", received_ms=0,
        )  # fmt: skip

    steps: list[tuple[EventType, Step]] = [(E.INFORMATION_NEEDED, supply), (E.DISPATCHED, RESOLVE)]
    life = crowd.life([*steps, *DONE], Fate())
    life.report = life.report.model_copy(update={"place": NOWHERE})
    return life


def _duplicate(crowd: Crowd) -> Life:
    """The second report comes when the first is dispatched; the first goes on when the second is merged."""
    master = crowd.life([], Fate(), kinds="greasy-pavement dirty-road")

    def second(life: Life) -> Iterator[Life]:
        assert life.spot is not None
        fate = Fate(share="merged", master=life.report.id)
        report = crowd.report(life.kind, life.spot.given("code"))
        yield Life(report, life.kind, life.spot, fate, [(E.MERGED, nothing), (E.CLOSED, nothing)])

    master.steps = [(E.DISPATCHED, second), (E.FOLLOWER_JOINED, RESOLVE), *DONE]
    return master


def _poisoned_act(crowd: Crowd) -> Life:
    poison = act(Act.ACKNOWLEDGE, "", POISON)
    return crowd.life([(E.DISPATCHED, poison), (E.COMMAND_PARKED, RESOLVE), *DONE], Fate())


def _poisoned_report(crowd: Crowd) -> Life:
    life = crowd.life([], Fate("", "parked", None), prefix=POISON)
    life.parked = True
    return life


def _flaky(crowd: Crowd) -> Life:
    steps = [(E.DISPATCHED, act(Act.ACKNOWLEDGE, "", FLAKY)), (E.ACKNOWLEDGED, RESOLVE), *DONE]
    return crowd.life(steps, Fate(), prefix=FLAKY)


def _meddled(crowd: Crowd) -> Life:
    meddle = both(act(Act.RESOLVE, "resident-04"), act(Act.RETURN, "resident-04"))
    steps = [(E.DISPATCHED, meddle), (E.ACTION_REFUSED, nothing), (E.ACTION_REFUSED, RESOLVE), *DONE]
    return crowd.life(steps, Fate())


STORIES: Final[tuple[Callable[[Crowd], Life], ...]] = (
    _plain, _plain, _rework, _unverified, _duplicate, _returned, _plain, _withdrawn, _refused, _placed_later, _waiting,
    _poisoned_act, _flaky, _plain, _meddled, _duplicate, _poisoned_report, _plain,
)  # fmt: skip
