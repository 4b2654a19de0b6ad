"""The two kinds of model: what travels (tolerant of newer fields) and what a person edits (strict)."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value on the log; fields that a newer producer added are tolerated and dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Sheet(BaseModel):
    """A frozen value that a person writes in a file; an unknown field is a mistake and is named."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
