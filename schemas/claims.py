"""What a case is entitled to, sent along when another home is asked to take it over by a merge."""

from pydantic import Field

from schemas.models import LogModel
from schemas.report import ReportKind


class Claims(LogModel):
    """What a case is entitled to; times are milliseconds UTC."""

    kind: ReportKind = ReportKind.PROBLEM
    urgent_by: tuple[str, ...] = ()
    """Why it is urgent, as `schemas.case.UrgentBy`."""
    submitted_ms: int = 0
    due: dict[str, int] = Field(default_factory=dict)
    """When its running clocks end: `accept`, `respond`, `resolve`, and `milestone:<id>`."""
