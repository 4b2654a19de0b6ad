"""Settings of the door: `GRID36_DOOR_BROWSER_DEMO` is `demo`, and so on."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=1, le=1_000_000)]


class BrowserOptions(BaseModel):
    """All settings of the door; none has to be set."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    demo: bool = False
    """Whether anybody on this machine may write as any person of the region, by `?as=`. `grid36 demo` sets it."""
    keep_days: Annotated[float, Field(gt=0, le=3650)] = 14.0
    """How long a conversation and the files sent in it can be read again."""
    shown: Count = 300
    """How many messages a page that is opened anew shows."""
    file_bytes: Annotated[int, Field(ge=1)] = 12_000_000
    """The largest file."""
    characters: Count = 4000
    """The longest message of a person."""
    buttons: Annotated[int, Field(ge=0, le=100)] = 12
    heartbeat_s: Annotated[float, Field(gt=0, le=300)] = 15.0
    """Seconds between signs of life on the live stream."""
    burst: Count = 60
    """How many messages one account may send at once; after that, one in each second."""
