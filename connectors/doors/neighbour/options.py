"""Settings of the door: `GRID36_DOOR_NEIGHBOUR_URL` is `url`, and so on."""

import re
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from connectors.chat.option_types import Address, Seconds, Secret
from connectors.intake.door_limit import DoorLimitSettings
from schemas.mistake import mistake


def _pairs(text: str) -> str:
    if text and any(re.fullmatch(r"\s*[^=,]+=[^=,]+", each) is None for each in text.split(",")):
        raise mistake("open311.pairs")
    return text


class NeighbourOptions(DoorLimitSettings):
    """Only `url` has to be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Address
    """Of the server, such as `https://city.example.org/open311/v2`: what `/requests.json` is put behind."""
    key: Secret | None = None
    """Our `api_key` there."""
    jurisdiction: str = ""
    """Its `jurisdiction_id`, where it wants one."""
    services: Annotated[str, AfterValidator(_pairs)] = ""
    """`theirs=ours` with commas between: service codes of theirs, categories of ours. Of others words decide."""
    updates: bool = False
    """Whether ends of their requests are posted to `/servicerequestupdates`: for a server that does not ask ours."""
    poll_s: Seconds = 60.0
    """The pause between two questions."""
    answer_s: Seconds = 60.0
    """How long the server may take."""
    since_days: Annotated[float, Field(gt=0, le=90, allow_inf_nan=False)] = 1.0
    """How far back the first question goes."""

    def categories(self) -> dict[str, str]:
        """Their service codes, and our categories."""
        pairs = (each.partition("=") for each in self.services.split(",") if each)
        return {theirs.strip(): ours.strip() for theirs, _, ours in pairs}
