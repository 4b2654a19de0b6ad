"""The two kinds of model, what travels (tolerant of newer fields) and what a person edits (strict); and choices."""

from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict


class LogModel(BaseModel):  # noqa: PLW1641  # pydantic makes the hash, because values are frozen
    """A frozen value on the log; fields that a newer producer added are tolerated and dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    def __eq__(self, other: object) -> bool:
        """Of one kind, with equal fields. Half of the time of writing JSON went into pydantic's own comparison."""
        return self is other or (type(self) is type(other) and self.__dict__ == other.__dict__)


class FileModel(BaseModel):
    """A frozen value that a person writes in a file; an unknown field is a mistake and is named."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ChoiceEnum(StrEnum):
    """One of a few words that a field may have."""

    if not TYPE_CHECKING:  # else mypy takes it for a member
        # `enum` gets at it by Python code: a tenth of the time of a worker, which asks twenty times a command
        value = property(attrgetter("_value_"))
