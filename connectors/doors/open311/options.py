"""Settings of the door: `GRID36_DOOR_OPEN311_KEYS` is `keys`, and so on."""

import re
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, SecretStr

from connectors.intake.door_limit import DoorLimitSettings
from schemas.mistake import mistake

_KEY: Final = re.compile(r"([a-z0-9]{1,20}):([^\s,:]{20,200})")


def _named_keys(keys: SecretStr) -> SecretStr:
    if any(_KEY.fullmatch(each.strip()) is None for each in keys.get_secret_value().split(",")):
        raise mistake("open311.keys")
    return keys


def _names(text: str) -> str:
    if text and any(re.fullmatch("[a-z0-9]{1,20}", each.strip()) is None for each in text.split(",")):
        raise mistake("open311.names")
    return text


class Open311Options(DoorLimitSettings):
    """None has to be set: then everybody may report, and nobody sees more than what they sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: Annotated[SecretStr, AfterValidator(_named_keys)] | None = None
    """`name:key` of each program, with commas between; with any, only these may report."""
    trusted: Annotated[str, AfterValidator(_names)] = ""
    """Names of programs, with commas between, that see words and photos of all requests."""
    list: Literal["keys", "everybody"] = "keys"
    """Who sees the list of requests."""
    place: Literal["area", "exact"] = "area"
    """What strangers see of where something is: road or grid, or the address."""
    jurisdiction: str = ""
    """Our `jurisdiction_id`; the code of the region unless told."""
    contact: str = ""
    """Whom programmers turn to, for the discovery document."""

    @cached_property
    def key_names(self) -> dict[str, str]:
        """Key to the name of its program."""
        if self.keys is None:
            return {}
        pairs = (each.strip().partition(":") for each in self.keys.get_secret_value().split(","))
        return {key: name for name, _, key in pairs}

    @cached_property
    def trusted_names(self) -> frozenset[str]:
        """Who sees words and photos of all requests."""
        return frozenset(each.strip() for each in self.trusted.split(","))
