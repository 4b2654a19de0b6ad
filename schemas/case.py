"""A case: its states, the table of allowed changes, its three clocks, and what it remembers."""

from typing import Any, Literal

from pydantic import Field

from schemas.clock import CaseLimits, CaseMilestone, ShiftClock, Stretch
from schemas.command import Outcome, Rating, Trouble
from schemas.joint import Assist
from schemas.models import ChoiceEnum, LogModel
from schemas.names import Language
from schemas.pending import Offer, Request
from schemas.people import Role
from schemas.place import PlaceFound
from schemas.report import Department, Photo, ReportKind


class State(ChoiceEnum):
    """Where a case stands. Source: `domain.md` section 3, after the seven stages of GB/T 30428."""

    SUBMITTED = "submitted"
    NEEDS_INFORMATION = "needs_information"
    MOVED = "moved"
    MERGED = "merged"
    REFUSED = "refused"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    REWORK = "rework"
    CLOSED = "closed"
    REOPENED = "reopened"


S = State
_ENDS = {S.CLOSED, S.MERGED, S.REFUSED}
TRANSITIONS: dict[State | None, frozenset[State]] = {
    None: frozenset({S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.NEEDS_INFORMATION, S.DISPATCHED, *_ENDS}),
    S.NEEDS_INFORMATION: frozenset({S.MOVED, S.SUBMITTED, S.DISPATCHED, *_ENDS}),  # submitted: at the admission gate
    S.MOVED: frozenset(),
    S.MERGED: frozenset({S.NEEDS_INFORMATION, S.SUBMITTED, S.DISPATCHED, S.CLOSED, S.REFUSED}),
    S.REFUSED: frozenset({S.REOPENED}),  # a follower whose master was refused goes its own way
    S.DISPATCHED: frozenset({S.ACKNOWLEDGED, S.RETURNED, S.SUSPENDED, S.RESOLVED, S.DISPATCHED, *_ENDS}),
    S.ACKNOWLEDGED: frozenset({S.RETURNED, S.SUSPENDED, S.RESOLVED, S.DISPATCHED, *_ENDS}),
    S.RETURNED: frozenset({S.DISPATCHED, S.REFUSED, S.CLOSED}),
    S.SUSPENDED: frozenset({S.DISPATCHED, S.ACKNOWLEDGED, S.REWORK, S.REOPENED, S.RESOLVED, *_ENDS}),
    S.RESOLVED: frozenset({S.CLOSED, S.REWORK, S.MERGED}),
    S.REWORK: frozenset({S.RESOLVED, S.RETURNED, S.SUSPENDED, S.DISPATCHED, *_ENDS}),
    S.CLOSED: frozenset({S.REOPENED, S.MERGED}),  # merged again: its master was reopened
    S.REOPENED: frozenset({S.NEEDS_INFORMATION, S.RESOLVED, S.RETURNED, S.SUSPENDED, S.DISPATCHED, *_ENDS}),
}
"""From state to the states it may go to; `None` is "no case yet". Everything else is illegal."""

WORKING = frozenset({S.DISPATCHED, S.ACKNOWLEDGED, S.REWORK, S.REOPENED})
"""The assignee has the job and the resolution clock runs."""
WITH_ORDER = WORKING | {S.RETURNED, S.SUSPENDED, S.RESOLVED}
"""A department has an open order for it."""
WAITING = frozenset({S.SUBMITTED, S.NEEDS_INFORMATION})


class Count(ChoiceEnum):
    """The four shares of all accepted reports, whose sum is the "nothing lost" check, and the way between homes."""

    ROUTED = "routed"
    REFUSED = "refused"
    MERGED = "merged"
    WAITING = "waiting"
    MOVED_OUT = "moved_out"
    MOVED_IN = "moved_in"


def share_of(case: "Case") -> Count:
    """In which share of the accepted reports a case counts. A follower stays merged when its master ends."""
    if case.state is State.MOVED:
        return Count.MOVED_OUT
    if case.state in WAITING:
        return Count.WAITING
    if case.master is not None:
        return Count.MERGED
    if case.state is State.REFUSED or (case.dispatched_ms is None and not case.self_handled):
        return Count.REFUSED  # also what its reporter withdrew before anybody got it
    return Count.ROUTED


class Deadline(ChoiceEnum):
    """What a case can be due for; each fires as an event of its own, at its due time."""

    ACCEPT = "accept"
    RESPOND = "respond"
    RESOLVE = "resolve"
    LADDER = "ladder"
    VERIFY = "verify"
    REMIND = "remind"
    REQUEST = "request"
    RESUME = "resume"
    MILESTONE = "milestone"
    """The first milestone that falls due next."""
    ADMISSION = "admission"
    OFFER = "offer"
    REPORT_IN = "report_in"
    """The first step that a department which was called has to do next."""
    ARCHIVE = "archive"


class Alert(ChoiceEnum):
    """What makes a case worth a second look; it never blocks anything."""

    HOPS = "hops"
    """It changed hands more than once."""
    DANGER = "danger"
    """Words of danger were said of it that decided nothing: denied, it seems, or said after the work was done."""
    SAME_PHOTO = "same_photo"
    """Its after-photo is one that was handed in for it before, by its reporter or as an earlier proof."""


class UrgentBy(ChoiceEnum):
    """Who or what says that a case is urgent."""

    REPORTER = "reporter"
    WORDS = "words"
    SUBCATEGORY = "subcategory"
    CATEGORY = "category"


class TextRef(LogModel):
    """Points at what somebody wrote and photographed: the record `id` in `texts`, with the digest of its bytes."""

    id: str
    digest: str
    by: str
    at_ms: int
    role: str
    """Why it was written: report, supplement, after, return, ask, answer, note."""
    photos: int = 0


class Follower(LogModel):
    """A merged report that follows this case to its end."""

    case: str
    reporter: str


class Case(LogModel):
    """A case as it stands: the fold of its events. Times are milliseconds UTC; places WGS-84."""

    v: Literal[1] = 1
    number: str
    home: str
    report: str
    state: State
    kind: ReportKind = ReportKind.PROBLEM
    door: str = ""
    reporter: str = ""
    reporter_kind: Role = Role.RESIDENT
    team: str | None = None
    language: Language = Language.ZH
    category: str = ""
    subcategory: str | None = None
    urgent_by: tuple[UrgentBy, ...] = ()
    """By whom it is urgent; empty: it is not."""
    item: str | None = None
    attributes: dict[str, str] = Field(default_factory=dict)
    """Free attributes of the rulebook that the report gave, by id."""
    pushed_by: str | None = None
    """The department that pushed this task down to the street; it has to pass the admission gate."""
    change: dict[str, Any] | None = None
    """The version of a list item that is proposed, as JSON of `schemas.items.Item`."""
    change_before: dict[str, Any] | None = None
    """The version that was in force then, that it is proposed instead of; {}: the item is new."""
    change_approved: bool | None = None
    """What a second person decided about it."""
    duty: str | None = None
    """The duty that is due, by its id: done or not done by the end of its window."""
    offer: Offer | None = None
    """It waits for somebody who accepts it."""
    admitted: bool = False
    """The named approver let it pass although it is not on the list."""
    place: PlaceFound | None = None
    trouble: Trouble | None = None
    moved_from: str | None = None
    moved_to: str | None = None
    links: str | None = None
    history: bool = False
    self_handled: bool = False
    sampled: bool = False
    """It was fixed on the spot, and is among those that an inspector is to look at."""
    inspected: Literal["passed", "failed"] | None = None
    """What an inspector found of such a sample; stays when the case is worked on after all."""

    department: Department | None = None
    assignee: str | None = None
    accountable: str | None = None
    """Whose matter it is by the list, when `assignee` covers for somebody who is away."""
    executor: str | None = None
    gap: bool = False
    """Nobody was responsible by the list; the fallback owner has it."""
    returned_by: tuple[str, ...] = ()
    hops: int = 0
    raises: int = 0
    """How many of the hops were raises by decision."""
    returns: int = 0
    reworks: int = 0
    reopenings: int = 0
    extensions: int = 0
    urged: int = 0
    reminders: int = 0
    rung: int = 0
    raised: int = 0
    alerts: tuple[Alert, ...] = ()

    submitted_ms: int = 0
    dispatched_ms: int | None = None
    urgent_ms: int | None = None
    """When somebody told of danger in a case that was not urgent: its clocks count from then; None: from dispatch."""
    acknowledged_ms: int | None = None
    contacted_ms: int | None = None
    resolved_ms: int | None = None
    """The last time it was resolved."""
    resolved_by: str | None = None
    """Who did so, where it was none of its assignee, its accountable person and its executor."""
    closed_ms: int | None = None
    acted_ms: int = 0
    """When the last act occurred: no later act is dated before it."""
    suspended_ms: int | None = None
    suspended_from: State | None = None
    paused_ms: int = 0
    """Sum of approved pauses."""
    verifying_ms: int = 0
    """Sum of waits for verification."""
    left_ms: int | None = None
    """What was left of the resolution limit when that clock stopped."""
    deadlines: dict[Deadline, int] = Field(default_factory=dict)
    due_ms: int | None = None
    """Present resolution deadline; kept when the clock has ended, so that on time can be judged."""
    clock: ShiftClock | None = None
    """By whose shifts the resolution clock runs, and what is left of it is counted; None: it runs at any hour."""
    limits: CaseLimits | None = None
    """By which its clocks run; None: they are another system's, or were set before this was kept."""
    granted_ms: int = 0
    """Sum of approved extensions, in the kind of time of the resolution clock."""
    still_since_ms: int | None = None
    """Since when the resolution clock stands still; None: it runs."""
    still: tuple[Stretch, ...] = ()
    """When the resolution clock stood still before, oldest first."""
    milestones: tuple[CaseMilestone, ...] = ()
    missed: tuple[Deadline, ...] = ()
    fired: dict[Deadline, int] = Field(default_factory=dict)
    """When each missed deadline was due."""
    climbed: dict[Deadline, int] = Field(default_factory=dict)
    """How many rungs each missed clock climbed, to be taken back when its notice is withdrawn."""
    on_time: bool | None = None
    by_day: bool = False
    """Of its report or its resolution only the day is known: its duration counts in whole days, and apart."""
    request: Request | None = None
    outcome: Outcome | None = None
    verified_by: Literal["reporter", "inspector", "policy", "source"] | None = None
    rating: Rating | None = None
    """Its reporter's last word on it; none while nothing was said, and after it was reopened."""
    reopen_until_ms: int | None = None
    rate_until_ms: int | None = None
    """When these windows of a closed case end; None: with the archive."""

    assists: tuple[Assist, ...] = ()
    """Departments that were called beside the owner, by the list or by a whistle."""
    master: str | None = None
    split_from: tuple[str, ...] = ()
    """Masters it was split from: never merged into those again."""
    followers: tuple[Follower, ...] = ()
    related: tuple[str, ...] = ()
    """Cases near it that came while it was open, or that were open when it came, and that were not joined."""
    texts: tuple[TextRef, ...] = ()
    photos: tuple[Photo, ...] = ()
    """Photos handed in as proof of work (after photos), digests only."""
    rulebook: str = ""
    row: str | None = None
    seq: int = 0
    """How many events this case has had: the sequence of its orders."""
    acts: tuple[str, ...] = ()
    """Ids of commands that were decided for this case: each acts at most once."""

    @property
    def counted_ms(self) -> int | None:
        """From when its limits count; None before it is dispatched."""
        return self.dispatched_ms if self.urgent_ms is None else self.urgent_ms

    def after(self, now: dict[str, Any]) -> "Case":
        """The case with the fields in `now` (already values, not JSON) replaced."""
        return self.model_copy(update=now)
