"""Commands: everything that can change a case. Topic `commands`, key = home."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter

from schemas.claims import Claims
from schemas.event import Because
from schemas.joint import Scores
from schemas.models import ChoiceEnum, LogModel
from schemas.moments import TimeMs
from schemas.place import Ambiguous, Candidate, NotFound, PlaceFound, PlaceGiven
from schemas.platform_facts import PlatformFacts
from schemas.report import Id, Photo, Recording, Report, Text


class Trouble(LogModel):
    """Why a report has no place: a reason code, and up to three candidates to ask back with."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    more: int = 0
    """How many more places are possible besides the candidates."""

    @classmethod
    def of(cls, result: Ambiguous | NotFound) -> Self:
        """Why a result of the search is not a place."""
        if isinstance(result, NotFound):
            return cls(reason=result.reason.value)
        return cls(reason="ambiguous", candidates=result.candidates, more=result.more)


CaseNumber = Annotated[str, Field(max_length=250)]
"""The number of a case as somebody gave it: bounded, because refusals repeat it."""
Word = Annotated[str, Field(max_length=250)]
"""A code or an id as somebody gave it, bounded for the same reason."""


class Command(LogModel):
    """What all commands share. `id` acts at most once; `home` names the partition."""

    v: Literal[1] = 1
    id: Id
    home: str


class Open(Command):
    """A located report opens a case (written by `locate`); with `moved_from` it arrives from the unplaced home."""

    type: Literal["open"] = "open"
    report: Report
    place: PlaceFound | None = None
    trouble: Trouble | None = None
    moved_from: str | None = None
    submitted_ms: TimeMs | None = None
    """When the reporter first reported it, if the case waited in another home before."""


class Supply(Command):
    """What the reporter of a waiting report supplied, with the place found for it, if any."""

    type: Literal["supply"] = "supply"
    report: Id
    by: Id
    text: Text = ""
    photos: tuple[Photo, ...] = ()
    recordings: tuple[Recording, ...] = ()
    place: PlaceFound | None = None
    trouble: Trouble | None = None
    address: str | None = Field(default=None, max_length=500)
    """The address as it was written, if it gave no place: a house number alone can choose a candidate."""
    platform: PlatformFacts | None = None
    """What another platform says of the case now."""


class Act(ChoiceEnum):
    """What a person can do to a case. Source: `domain.md` section 3."""

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    RESOLVE = "resolve"
    MILESTONE = "milestone"
    RETURN = "return"
    HAND_ON = "hand-on"
    REQUEST_PAUSE = "request-pause"
    REQUEST_EXTENSION = "request-extension"
    APPROVE = "approve"
    DENY = "deny"
    RESUME = "resume"
    VERIFY = "verify"
    REJECT = "reject"
    REOPEN = "reopen"
    RATE = "rate"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    ASK = "ask"
    ANSWER = "answer"
    URGE = "urge"
    RAISE = "raise"
    ASSIGN = "assign"
    MERGE = "merge"
    SPLIT = "split"
    ERASE = "erase"
    APPROVE_CHANGE = "approve-change"
    DENY_CHANGE = "deny-change"
    ACCEPT = "accept"
    ADMIT = "admit"
    TURN_AWAY = "turn-away"
    WHISTLE = "whistle"
    SIGN = "sign"
    ATTEND = "attend"
    RATE_REPORT_IN = "rate-report-in"


class ReturnReason(ChoiceEnum):
    """Why a person says "not mine"."""

    WRONG_PLACE = "wrong_place"
    WRONG_TRADE = "wrong_trade"
    ALREADY_DONE = "already_done"
    UNSAFE = "unsafe"


class Outcome(ChoiceEnum):
    """How a case ended."""

    FIXED = "fixed"
    NOTHING_FOUND = "nothing_found"
    TEMPORARY_MEASURE = "temporary_measure"
    HANDLED_BY_ANOTHER = "handled_by_another"
    WITHDRAWN = "withdrawn"
    NOT_DONE = "not_done"
    """A duty whose window ended; no person sets it."""


NOBODY_SAYS = frozenset({Outcome.WITHDRAWN, Outcome.NOT_DONE})
"""Outcomes that do not say what became of the work."""


class Rating(ChoiceEnum):
    """How content a reporter is with what was done."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"


class KnownText(LogModel):
    """A text of a case as the ledger has it: its id and who wrote it."""

    id: Word
    by: Id


class Do(Command):
    """One act of one person on one case. `occurred_ms` is the door's clock, never the person's."""

    type: Literal["do"] = "do"
    act: Act
    case: CaseNumber
    by: Id
    occurred_ms: TimeMs | None = None
    note: Text = ""
    photos: tuple[Photo, ...] = ()
    recordings: tuple[Recording, ...] = ()
    cite: Word | None = None
    """The list item that a department cites when it returns a case, or that of the whistle list."""
    reason: ReturnReason | None = None
    to: Word | None = None
    """The target: executor (hand-on), person (assign), case number (merge), text (erase), milestone (milestone),
    department (rate-report-in), or departments with commas between (whistle; without it those of the item)."""
    category: Word | None = None
    place: PlaceGiven | None = None
    """A corrected place."""
    outcome: Outcome | None = None
    rating: Rating | None = None
    """With rate, or with verify in one tap."""
    scores: Scores | None = None
    """With rate-report-in; without them all scores are "as expected"."""
    texts: Annotated[tuple[KnownText, ...], Field(max_length=500)] = ()
    """With erase: what the door found in the ledger about a case that is archived and in no partition's state."""
    until_ms: TimeMs | None = None
    hours: Annotated[int, Field(gt=0, le=24 * 365)] | None = None
    """Requested length of the pause or the extension."""
    day: date | None = None
    """With approve-change: the first day on which it is to hold; None: the day of the act."""
    seen: Annotated[int, Field(ge=0)] | None = None
    """How many events the case had when its sender looked at it; None: not said, so nothing is compared."""
    department: Word | None = None
    """The department whose program sent it: only for a case of which it has an order."""

    @property
    def says_something(self) -> bool:
        """Whether there are words, a photo or a recording with it."""
        return bool(self.note or self.photos or self.recordings)


class RecordWhat(ChoiceEnum):
    """Which fact about a past case a `record` carries."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    MERGED = "merged"
    CLOSED = "closed"


class Record(Command):
    """A fact about a past case, as its source recorded it (replay). `at_ms` is the source's time."""

    type: Literal["record"] = "record"
    what: RecordWhat
    report: Report
    """The whole row for `opened`; for later facts only id, reporter, door and times matter."""
    at_ms: TimeMs
    place: PlaceFound | None = None
    trouble: Trouble | None = None
    into: Id | None = None
    """The report id of the master (merged)."""
    by_day: bool = False
    """Only the day of `at_ms` is known, in the region's zone: it gives no duration."""


class Join(Command):
    """From another home: take over the followers of the case `source` (a merge by a person)."""

    type: Literal["join"] = "join"
    case: str
    source: str
    report: Id
    reporter: Id
    by: Id
    claims: Claims | None = None
    """What the case is entitled to, all of which the master must give it."""


class Joined(Command):
    """The answer to `join`: `case` is now merged into `into`, or not, with the reason."""

    type: Literal["joined"] = "joined"
    case: str
    into: str
    accepted: bool
    reason: str = ""
    by: Id


class Leave(Command):
    """From another home: the follower `source` of `case` leaves it (split, withdrawn, or never merged)."""

    type: Literal["leave"] = "leave"
    case: str
    source: str
    by: Id


class MasterEnded(Command):
    """To the home of a follower: its master closed, was refused (with the reason), or was reopened."""

    type: Literal["master-ended"] = "master-ended"
    case: str
    master: str
    state: str
    outcome: Outcome | None = None
    because: Because | None = None


class Cover(Command):
    """Who covers for a person, from when to when; goes to every partition. Without `cover`: the person is away."""

    type: Literal["cover"] = "cover"
    person: Id
    cover: Id | None = None
    by: Id
    from_ms: TimeMs
    until_ms: TimeMs


class Activate(Command):
    """Switch to another rulebook and region at a moment; goes to every partition in one transaction."""

    type: Literal["activate"] = "activate"
    rulebook: str
    region: str
    by: Id
    effective_ms: TimeMs
    in_flight: bool = False
    """Move cases in flight too; else they go by the rulebook that they were opened by."""


class Tick(Command):
    """A wake-up: time passes and nothing else happens."""

    type: Literal["tick"] = "tick"


AnyCommand = Open | Supply | Do | Record | Join | Joined | Leave | MasterEnded | Cover | Activate | Tick
COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(Annotated[AnyCommand, Field(discriminator="type")])
