"""What an event changes of its case: any fields of `Case`, each of its own type."""

from datetime import date
from typing import Any, Literal, TypedDict

from schemas.case import Alert, Deadline, Decided, Follower, State, TextRef, UrgentBy
from schemas.change_steps import CaseChangeStep
from schemas.clock import CaseLimits, CaseMilestone, ShiftClock, Stretch
from schemas.command import Outcome, Rating, Trouble
from schemas.joint import Assist
from schemas.names import Language
from schemas.pending import Offer, Request
from schemas.people import Role
from schemas.place import PlaceFound
from schemas.platform_facts import PlatformFacts
from schemas.remedy import Remedy
from schemas.report import Department, Photo, ReportKind


class CaseChange(TypedDict, total=False):
    """Fields of a case that an event sets. Number and home never change; a test compares this with `Case`."""

    v: Literal[1]
    report: str
    state: State
    kind: ReportKind
    door: str
    reporter: str
    reporter_kind: Role
    team: str | None
    language: Language
    category: str
    subcategory: str | None
    urgent_by: tuple[UrgentBy, ...]
    item: str | None
    attributes: dict[str, str]
    pushed_by: str | None
    change: dict[str, Any] | None
    change_before: dict[str, Any] | None
    change_approved: bool | None
    change_from: date | None
    change_steps: tuple[CaseChangeStep, ...]
    duty: str | None
    remedy: Remedy | None
    offer: Offer | None
    admitted: bool
    place: PlaceFound | None
    trouble: Trouble | None
    moved_from: str | None
    moved_to: str | None
    links: str | None
    platforms: tuple[PlatformFacts, ...]
    history: bool
    self_handled: bool
    sampled: bool
    inspected: Literal["passed", "failed"] | None
    department: Department | None
    assignee: str | None
    accountable: str | None
    executor: str | None
    gap: bool
    returned_by: tuple[str, ...]
    hops: int
    raises: int
    returns: int
    reworks: int
    reopenings: int
    extensions: int
    urged: int
    reminders: int
    rung: int
    raised: int
    alerts: tuple[Alert, ...]
    submitted_ms: int
    dispatched_ms: int | None
    urgent_ms: int | None
    acknowledged_ms: int | None
    contacted_ms: int | None
    resolved_ms: int | None
    resolved_by: str | None
    closed_ms: int | None
    acted_ms: int
    suspended_ms: int | None
    suspended_from: State | None
    paused_ms: int
    verifying_ms: int
    left_ms: int | None
    deadlines: dict[Deadline, int]
    due_ms: int | None
    clock: ShiftClock | None
    limits: CaseLimits | None
    granted_ms: int
    still_since_ms: int | None
    still: tuple[Stretch, ...]
    milestones: tuple[CaseMilestone, ...]
    missed: tuple[Deadline, ...]
    fired: dict[Deadline, int]
    climbed: dict[Deadline, int]
    on_time: bool | None
    by_day: bool
    request: Request | None
    outcome: Outcome | None
    verified_by: Literal["reporter", "inspector", "policy", "source"] | None
    rating: Rating | None
    reopen_until_ms: int | None
    rate_until_ms: int | None
    assists: tuple[Assist, ...]
    master: str | None
    split_from: tuple[str, ...]
    followers: tuple[Follower, ...]
    related: tuple[str, ...]
    texts: tuple[TextRef, ...]
    photos: tuple[Photo, ...]
    rulebook: str
    row: str | None
    seq: int
    decided: Decided | None
    acts: tuple[str, ...]


NAMES = frozenset(CaseChange.__annotations__)
