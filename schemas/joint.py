"""Departments that work on a case beside its owner: called by the list or by a whistle, each with clocks of its own."""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from schemas.models import ChoiceEnum, LogModel
from schemas.report import Department

Score = Annotated[int, Field(ge=1, le=5)]


class ReportInStep(ChoiceEnum):
    """The steps of reporting in 报到, in this order; a later step includes the earlier ones."""

    SIGN = "sign"
    CONTACT = "contact"
    ATTEND = "attend"


class Scores(LogModel):
    """The street's rating of a report-in, 1 to 5; 3 is as expected."""

    cooperation: Score = 3  # 配合度
    professionalism: Score = 3  # 专业性
    responsibility: Score = 3  # 担当意识


class Assist(LogModel):
    """One department that was called, and how it reported in. Times are milliseconds UTC."""

    department: Department
    cause: Literal["list", "whistle"]
    item: str | None = None
    """The list item, or that of the whistle list."""
    called_ms: int
    due: dict[ReportInStep, int]
    done: dict[ReportInStep, int] = Field(default_factory=dict)
    missed: tuple[ReportInStep, ...] = ()
    rate_until_ms: int | None = None
    """Until when the street can rate it; set when it attended or missed the limit. Later it counts as not rated."""
    scores: Scores | None = None

    def late(self, step: ReportInStep, t_ms: int) -> bool:
        """Whether a step was done after its limit, or is overdue at `t_ms`."""
        due_ms = self.due.get(step)
        return step in self.missed or (due_ms is not None and due_ms < self.done.get(step, t_ms))

    def open_steps(self) -> dict[ReportInStep, int]:
        """When each step falls due that is neither done nor missed."""
        return {step: at for step, at in self.due.items() if step not in self.done and step not in self.missed}


ASSISTS: Final = TypeAdapter(tuple[Assist, ...])
