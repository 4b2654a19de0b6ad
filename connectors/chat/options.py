"""Settings of a chat door: `GRID36_DOOR_NAME_...` into a model; what is wrong is named by its variable."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from schemas.errors import WrongInput
from schemas.wrong_variables import with_detail, wrong_variables

Options = TypeVar("Options", bound=BaseModel)


class WrongDoorSettingsError(WrongInput):
    """A setting of this door is missing or wrong. Set the variable that is named."""


def read_options(model: type[Options], door: str, options: Mapping[str, str]) -> Options:
    """The settings of a door as its model; an empty one counts as not set.

    Raises `WrongDoorSettingsError`, which never quotes a value.
    """
    try:
        return model.model_validate({name: value for name, value in options.items() if value})
    except ValidationError as error:
        wrong = wrong_variables(error, f"GRID36_DOOR_{door.upper().replace('-', '_')}_")
        raise WrongDoorSettingsError(with_detail(WrongDoorSettingsError, wrong)) from None
