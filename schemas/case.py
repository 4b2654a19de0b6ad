"""A case: its states, the table of allowed transitions, its three clocks, and all its other fields."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from schemas.change_steps import CaseChangeStep
from schemas.clock import CaseLimits, CaseMilestone, ShiftClock, Stretch
from schemas.command import Act, Outcome, Rating, Trouble
from schemas.joint import Assist
from schemas.models import ChoiceEnum, LogModel
from schemas.names import Language
from schemas.pending import Offer, Request
from schemas.people import Role
from schemas.place import PlaceFound
from schemas.platform_facts import PlatformFacts
from schemas.remedy import Remedy
from schemas.report import Department, Photo, ReportKind


class State(ChoiceEnum):
    """The state of a case. Source: `domain.md` section 3, after the seven stages of GB/T 30428."""

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
    S.NEEDS_INFORMATION: frozenset(
        {S.MOVED, S.SUBMITTED, S.DISPATCHED, *_ENDS}
    ),  # submitted: waits at the admission gate
    S.MOVED: frozenset(),
    S.MERGED: frozenset({S.NEEDS_INFORMATION, S.SUBMITTED, S.DISPATCHED, S.CLOSED, S.REFUSED}),
    S.REFUSED: frozenset({S.REOPENED}),  # a follower whose master was refused continues on its own
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
ENDED = frozenset({S.CLOSED, S.REFUSED})
"""Nothing is added to it any more."""


class Count(ChoiceEnum):
    """The four shares of all accepted reports, whose sum proves that none was lost, and moves between homes."""

    ROUTED = "routed"
    REFUSED = "refused"
    MERGED = "merged"
    WAITING = "waiting"
    MOVED_OUT = "moved_out"
    MOVED_IN = "moved_in"


def share_of(case: "Case") -> Count:
    """The share of the accepted reports in which a case counts. A follower stays merged when its master ends."""
    if case.state is State.MOVED:
        return Count.MOVED_OUT
    if case.state in WAITING:
        return Count.WAITING
    if case.master is not None:
        return Count.MERGED
    if case.state is State.REFUSED or (case.dispatched_ms is None and not case.self_handled):
        return Count.REFUSED  # also one that its reporter withdrew before it was dispatched
    return Count.ROUTED


class Deadline(ChoiceEnum):
    """The deadlines of a case; each fires as an event of its own, at its due time."""

    ACCEPT = "accept"
    RESPOND = "respond"
    RESOLVE = "resolve"
    LADDER = "ladder"
    VERIFY = "verify"
    REMIND = "remind"
    REQUEST = "request"
    RESUME = "resume"
    MILESTONE = "milestone"
    """The next milestone that falls due."""
    ADMISSION = "admission"
    OFFER = "offer"
    REPORT_IN = "report_in"
    """The next report-in step that falls due at a department that was called."""
    ARCHIVE = "archive"


class Alert(ChoiceEnum):
    """Why a case deserves a second look; an alert never blocks anything."""

    HOPS = "hops"
    """It was passed on more than once."""
    DANGER = "danger"
    """Its texts contain words of danger without effect: they seem negated, or came after the work was done."""
    SAME_PHOTO = "same_photo"
    """Its after-photo equals or resembles one submitted for it before, by its reporter or as an earlier proof."""
    WITHDRAWN_THERE = "withdrawn_there"
    """Another platform that has it as well withdrew it: whoever has it here decides."""
    URGENT_THERE = "urgent_there"
    """Another platform calls it urgent, and it is not urgent here: whoever has it here looks."""


class UrgentBy(ChoiceEnum):
    """Who or what says that a case is urgent."""

    REPORTER = "reporter"
    WORDS = "words"
    SUBCATEGORY = "subcategory"
    CATEGORY = "category"


class TextRef(LogModel):
    """Refers to a text with its photos: the record `id` in `texts`, with the digest of its bytes."""

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


class Decided(LogModel):
    """The last act that changed who has a case, how far it is or what it is: whoever looked before must hear of it."""

    seq: int
    """The ordinal of its first event in the case."""
    act: Act
    by: str
    at_ms: int


class Case(LogModel):
    """The present case: the fold of its events. Times are milliseconds UTC; places WGS-84."""

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
    """Why it is urgent; empty: it is not."""
    item: str | None = None
    attributes: dict[str, str] = Field(default_factory=dict)
    """Values of the rulebook's free attributes that the report gave, by id."""
    pushed_by: str | None = None
    """The department that pushed this task down to the street; the task must pass the admission gate."""
    change: dict[str, Any] | None = None
    """The proposed version of a list item, as JSON of `schemas.items.Item`."""
    change_before: dict[str, Any] | None = None
    """The version in force at the time, which it would replace; {}: the item is new."""
    change_approved: bool | None = None
    """Whether a second person approved it; None: not decided yet."""
    change_from: date | None = None
    """The first day, in the region's zone, on which an approved change holds; None: not said, by an early release."""
    change_steps: tuple[CaseChangeStep, ...] = ()
    """Steps before the approval of the change, with who said yes; none: one person approves it."""
    duty: str | None = None
    """The duty that is due, by its id: done or not done by the end of its window."""
    remedy: Remedy | None = None
    """What it collects, as a standing remedy for these cases."""
    offer: Offer | None = None
    """Set while it waits for somebody who accepts it."""
    admitted: bool = False
    """The named approver admitted it although it is not on the list."""
    place: PlaceFound | None = None
    trouble: Trouble | None = None
    moved_from: str | None = None
    moved_to: str | None = None
    links: str | None = None
    platforms: tuple[PlatformFacts, ...] = ()
    """Other platforms that have it as well, each once, by what they said last."""
    history: bool = False
    self_handled: bool = False
    sampled: bool = False
    """It was fixed on the spot, and an inspector is to check it as a sample."""
    inspected: Literal["passed", "failed"] | None = None
    """The inspector's finding; stays when the case is worked on after all."""

    department: Department | None = None
    assignee: str | None = None
    accountable: str | None = None
    """Who is responsible by the list, when `assignee` covers for somebody who is away."""
    executor: str | None = None
    gap: bool = False
    """The list names nobody responsible; the fallback owner has it."""
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
    """When a report of danger made it urgent: its clocks count from then; None: from dispatch."""
    acknowledged_ms: int | None = None
    contacted_ms: int | None = None
    resolved_ms: int | None = None
    """The last time it was resolved."""
    resolved_by: str | None = None
    """Who resolved it, if not its assignee, accountable person or executor."""
    closed_ms: int | None = None
    acted_ms: int = 0
    """When the last act occurred; no later act gets an earlier time."""
    suspended_ms: int | None = None
    suspended_from: State | None = None
    paused_ms: int = 0
    """Sum of approved pauses."""
    verifying_ms: int = 0
    """Sum of waits for verification."""
    left_ms: int | None = None
    """How much of the resolution limit was left when its clock stopped."""
    deadlines: dict[Deadline, int] = Field(default_factory=dict)
    due_ms: int | None = None
    """Current resolution deadline; remains after the clock has ended, to tell whether it was on time."""
    clock: ShiftClock | None = None
    """Whose shifts the resolution clock counts, and how much is left; None: it runs at any hour."""
    limits: CaseLimits | None = None
    """The limits of its clocks; None: another system's, or set before releases recorded them."""
    granted_ms: int = 0
    """Sum of approved extensions, in the kind of time of the resolution clock."""
    still_since_ms: int | None = None
    """Since when the resolution clock is stopped; None: it runs."""
    still: tuple[Stretch, ...] = ()
    """When the resolution clock was stopped before, oldest first."""
    milestones: tuple[CaseMilestone, ...] = ()
    missed: tuple[Deadline, ...] = ()
    fired: dict[Deadline, int] = Field(default_factory=dict)
    """When each missed deadline was due."""
    climbed: dict[Deadline, int] = Field(default_factory=dict)
    """How many rungs each missed clock climbed, to undo when its notice is withdrawn."""
    on_time: bool | None = None
    by_day: bool = False
    """Only the day of its report or resolution is known: its duration counts in whole days, separately."""
    request: Request | None = None
    outcome: Outcome | None = None
    verified_by: Literal["reporter", "inspector", "policy", "source"] | None = None
    rating: Rating | None = None
    """Its reporter's latest rating; None before the first one and after it was reopened."""
    reopen_until_ms: int | None = None
    rate_until_ms: int | None = None
    """Until when a closed case can be reopened and rated; None: until it is archived."""

    assists: tuple[Assist, ...] = ()
    """Departments that were called beside the owner, by the list or by a whistle."""
    master: str | None = None
    split_from: tuple[str, ...] = ()
    """Masters it was split from: never merged into those again."""
    followers: tuple[Follower, ...] = ()
    related: tuple[str, ...] = ()
    """Nearby cases that were open at the same time and were not merged with it."""
    texts: tuple[TextRef, ...] = ()
    photos: tuple[Photo, ...] = ()
    """Photos submitted as proof of work (after-photos), digests only."""
    rulebook: str = ""
    row: str | None = None
    seq: int = 0
    """How many events this case has had: the sequence of its orders."""
    decided: Decided | None = None
    acts: tuple[str, ...] = ()
    """Ids of the commands decided for this case: each takes effect at most once."""

    @property
    def counted_ms(self) -> int | None:
        """From when its limits count; None before it is dispatched."""
        return self.dispatched_ms if self.urgent_ms is None else self.urgent_ms

    def after(self, now: dict[str, Any]) -> "Case":
        """A copy with the fields in `now` (Python values, not JSON) replaced."""
        case, put = object.__new__(Case), object.__setattr__  # what `model_copy` does, at half the cost
        put(case, "__dict__", {**self.__dict__, **now})
        put(case, "__pydantic_fields_set__", self.__pydantic_fields_set__ | now.keys())
        put(case, "__pydantic_extra__", None)
        put(case, "__pydantic_private__", None)
        return case
