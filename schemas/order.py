"""An order: the whole present job as its department sees it. Topics `department.<code>`, key = case number."""

from typing import Final, Literal

from pydantic import Field

from schemas.case import WITH_ORDER, Alert, Case, Deadline, State, UrgentBy
from schemas.clock import CaseMilestone
from schemas.event import Because, EventType
from schemas.joint import Assist
from schemas.models import LogModel
from schemas.names import Name
from schemas.place import PlaceFound
from schemas.remedy import Remedy
from schemas.report import Department, Photo, Recording, ReportKind

ORDER_KIND: Final = "grid36.order"
"""CloudEvents type of an order."""
FINISHED_KIND: Final = f"{ORDER_KIND}.finished"
"""CloudEvents type of the tombstone that ends one."""

NOT_OF_AN_ORDER: Final = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
"""Events that change no order."""
TOLD: Final = WITH_ORDER | {State.CLOSED, State.MERGED, State.REFUSED}
"""States of cases of which departments have an order."""


class Written(LogModel):
    """What somebody added to a case, in words, photos or voice: a record of `texts` (key = `id`), and part of an order.

    Erasing is a tombstone; the digest in the event stays.
    """

    v: Literal[1] = 1
    id: str
    case: str
    by: str
    role: str
    at_ms: int
    text: str = ""
    photos: tuple[Photo, ...] = ()
    recordings: tuple[Recording, ...] = ()


class Order(LogModel):
    """The whole present order, what changed, and its sequence within the case; a finished one ends with a tombstone."""

    v: Literal[1] = 1
    case: str
    seq: int
    """Grows with every event of the case; a gap only means events that came as one order, or did not concern it."""
    changed: tuple[EventType, ...]
    """All events since the order before: what happens to a case within one transaction comes as one order."""
    state: State
    kind: ReportKind
    category: str
    category_name: Name | None = None
    subcategory: str | None = None
    urgent_by: tuple[UrgentBy, ...] = ()
    """Why it is urgent; empty: it is not."""
    item: str | None = None
    post: str | None = None
    """The post that handles it 岗位, as the list item says."""
    task: Name | None = None
    """What is to be done 任务明."""
    standard: Name | None = None
    """When it counts as done well 标准明."""
    guide: Name | None = None
    """The steps 步骤明."""
    method: Name | None = None
    """How each step is done 方法明."""
    remedy: Remedy | None = None
    """The cases that it collects: a standing remedy for all of them is wanted, not the end of one."""
    department: Department
    """The owner's department."""
    assisting: Department | None = None
    """The department of this topic, when it was called besides the owner's."""
    assignee: str
    accountable: str | None = None
    executor: str | None = None
    place: PlaceFound | None = None
    submitted_ms: int
    dispatched_ms: int
    deadlines: dict[Deadline, int] = Field(default_factory=dict)
    due_ms: int | None = None
    milestones: tuple[CaseMilestone, ...] = ()
    assists: tuple[Assist, ...] = ()
    """All departments that were called, and how they reported in."""
    hops: int = 0
    reworks: int = 0
    rung: int = 0
    alerts: tuple[Alert, ...] = ()
    written: tuple[Written, ...] = ()
    because: Because | None = None
    """The reasons of its latest change."""


def ordered_from(case: Case | None) -> dict[str, Department | None]:
    """Codes of the departments that have an order for this case: first the lead (None), then each that was called."""
    if case is None or case.department is None or case.assignee is None or case.dispatched_ms is None:
        return {}
    if case.state not in TOLD:
        return {}
    lead = case.department.code
    called = {each.department.code: each.department for each in case.assists if each.department.code != lead}
    return {lead: None, **called}
