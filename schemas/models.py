"""Base classes: models of the log (tolerate newer fields), models of files (strict), and enumerations."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict


class LogModel(BaseModel):  # noqa: PLW1641  # pydantic makes the hash, because values are frozen
    """A frozen value on the log; fields that a newer producer added are tolerated and dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    def __eq__(self, other: object) -> bool:
        """Same class and equal fields. Pydantic's own comparison took half of the time of writing JSON."""
        return self is other or (type(self) is type(other) and self.__dict__ == other.__dict__)


@contextmanager
def plain_attributes() -> Iterator[None]:
    """Let Python read the attributes of all pydantic models the fast way, in a process whose models are all ours.

    Pydantic looks in `BaseModel.__getattr__` for private attributes and extras, which no model of ours has. As long as
    a class has this method, every attribute of its objects is read by a slower way: a tenth of the CPU of a worker.
    A program that imports us keeps it: its own models may need it.
    """
    hook = vars(BaseModel).get("__getattr__")
    if hook is None:  # inside another one
        yield
        return
    delattr(BaseModel, "__getattr__")
    try:
        yield
    finally:
        setattr(BaseModel, "__getattr__", hook)  # noqa: B010  # mypy does not know the method


class FileModel(BaseModel):
    """A frozen value that a person writes in a file; an unknown field is an error that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ChoiceEnum(StrEnum):
    """The values that a field may have."""

    if not TYPE_CHECKING:  # else mypy takes it for a member
        # the property of `enum` is Python code: it took a tenth of a worker's time, twenty calls a command
        value = property(attrgetter("_value_"))
