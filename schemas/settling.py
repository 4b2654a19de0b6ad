"""A person's word on a parked record: try it again, or drop it. The partition that parked it acts on it once."""

from base64 import b64decode
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.command import AnyCommand, Command
from schemas.models import ChoiceEnum, LogModel
from schemas.parked import ParkedId
from schemas.report import AnyIncoming, Id, Text


class Settle(ChoiceEnum):
    """What a person wants of a parked record."""

    RETRY = "retry"
    """Process it as if it came now."""
    DROP = "drop"
    """It was looked at, and nothing will come of it."""


class Settling(LogModel):
    """A person's word on a parked record, sent to the partition that parked it; it acts once by `parked`."""

    parked: ParkedId
    settle: Settle
    by: Id
    why: Text = ""
    error: str
    """Of the parked record: what it counted as."""
    value_b64: str = ""
    """The value as it came, base64."""

    @property
    def value(self) -> bytes:
        """The value as it came."""
        return b64decode(self.value_b64)


class SettleReport(Settling):
    """The word on a record of `reports`."""

    v: Literal[1] = 1
    type: Literal["settle"] = "settle"
    id: Id


class SettleCommand(Command, Settling):
    """The word on a record of `commands`, or on a deadline; its home is `*`."""

    type: Literal["settle"] = "settle"


AnyInReports = AnyIncoming | SettleReport
IN_REPORTS: TypeAdapter[AnyInReports] = TypeAdapter(Annotated[AnyInReports, Field(discriminator="type")])
"""All that the topic `reports` carries."""
AnyInCommands = AnyCommand | SettleCommand
IN_COMMANDS: TypeAdapter[AnyInCommands] = TypeAdapter(Annotated[AnyInCommands, Field(discriminator="type")])
"""All that the topic `commands` carries: what the rules decide, and words on what they could not decide."""


def settling_id(parked: str) -> str:
    """The id of the command: the same for whatever is wanted, because a parked record is settled once."""
    return f"settle/{parked}"
