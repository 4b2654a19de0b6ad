"""Steps before a proposed change of the list is approved: discussion, legal check, opinions. Who must say yes in each.

The last yes, from when on it holds, is always that of somebody who decides about the list.
"""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.mistake import mistake
from schemas.models import FileModel, LogModel
from schemas.names import Name
from schemas.people import Id, Role

MOST = 10
"""Steps of one chain."""


class ChangeStep(FileModel):
    """A row of the policy `change_steps`: anybody with one of the roles, or one of the persons, says yes or no."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
    name: Name
    roles: tuple[Role, ...] = ()
    persons: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.roles and not self.persons:
            raise mistake("mistakes.change_step_whose", step=self.id)
        return self


class CaseChangeStep(LogModel):
    """A step of a case: as the list said when the case was opened, and who said yes when and why."""

    id: str
    name: Name
    roles: tuple[Role, ...] = ()
    persons: tuple[str, ...] = ()
    by: str | None = None
    """Who said yes; None: nobody yet."""
    at_ms: int | None = None
    note: str | None = None
    """Id of their words in `texts`."""


def steps_of(steps: Iterable[ChangeStep]) -> tuple[CaseChangeStep, ...]:
    """The steps of a case that begins."""
    return tuple(CaseChangeStep(id=each.id, name=each.name, roles=each.roles, persons=each.persons) for each in steps)


def step_due(steps: Iterable[CaseChangeStep]) -> CaseChangeStep | None:
    """The first to which nobody said yes; None: what is left is the approval."""
    return next((each for each in steps if each.by is None), None)
