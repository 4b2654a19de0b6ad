"""Settings of a chat door: `GRID36_DOOR_NAME_...` into a model; what is wrong is named by its variable."""

from collections.abc import Mapping
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from connectors.intake.door_limit import DoorLimitSettings
from schemas.errors import WrongInput
from schemas.wrong_variables import with_detail, wrong_variables

Options = TypeVar("Options", bound=BaseModel)
SHARED: Final = frozenset(DoorLimitSettings.model_fields)


class WrongDoorSettingsError(WrongInput):
    """A setting of this door is missing or wrong. Set the variable that is named."""


def read_options(model: type[Options], door: str, options: Mapping[str, str]) -> Options:
    """The settings of a door as its model; an empty one counts as not set. Those of every door need no field there.

    Raises `WrongDoorSettingsError`, which never quotes a value.
    """
    try:
        own = {name: value for name, value in options.items() if name in model.model_fields or name not in SHARED}
        return model.model_validate({name: value for name, value in own.items() if value})
    except ValidationError as error:
        wrong = wrong_variables(error, f"GRID36_DOOR_{door.upper().replace('-', '_')}_")
        raise WrongDoorSettingsError(with_detail(WrongDoorSettingsError, wrong)) from None
