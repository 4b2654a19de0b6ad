"""Describes wrong settings of a process in both languages."""

from pydantic import ValidationError
from pydantic_settings import SettingsError

from schemas.names import Name
from schemas.wrong_variables import wrong_variables


def wrong_settings(error: ValidationError | SettingsError, prefix: str) -> Name:
    """Each variable with its mistake; `prefix` is what the names of all begin with."""
    return Name.same(str(error)) if isinstance(error, SettingsError) else wrong_variables(error, prefix)
