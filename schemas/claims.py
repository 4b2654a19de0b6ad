"""What a case has by itself, as another home is told that is asked to take it over."""

from pydantic import Field

from schemas.models import LogModel
from schemas.report import ReportKind


class Claims(LogModel):
    """What a case has by itself; times are milliseconds UTC."""

    kind: ReportKind = ReportKind.PROBLEM
    urgent_by: tuple[str, ...] = ()
    """By whom it is urgent, as `schemas.case.UrgentBy`."""
    submitted_ms: int = 0
    due: dict[str, int] = Field(default_factory=dict)
    """When its clocks that still run end: `accept`, `respond`, `resolve`, and `milestone:<id>`."""
