"""Field types: convert JSON or form values, or report a mistake by its code in `connectors.intake.messages`.

Times without an offset are in the zone that is passed as the validation context.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, ValidationInfo, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema, from_json

from schemas.days import read_day
from schemas.moments import FROM_MS, TO_MS
from schemas.report import MOST_ATTRIBUTES

MOST_TEXT: Final = 4000
MOST_ADDRESS: Final = 500
MOST_CODE: Final = 100
SHORT: Final = 200
MOST_ATTRIBUTE: Final = 60
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{0,30})?")
ID_PATTERN: Final = r"^[^\s\x00-\x1f\x7f/?#%]{1,100}$"
"""As `schemas.people.ID_PATTERN`: an id that is safe in keys and URLs."""
_FLAGS: Final = {
    word: on for on, words in ((True, "true 1 on yes"), (False, "false 0 off no")) for word in words.split()
}


class FieldMistake:
    """Replaces any pydantic error of the value with this code and these facts."""

    def __init__(self, code: str, **facts: str | int) -> None:
        self.code, self.facts = code, facts

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            handler(source), self.code, custom_error_message=self.code, custom_error_context=self.facts
        )


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of a closed list; the mistake lists the allowed ones."""

    code: str = "not_one_of"
    without: tuple[StrEnum, ...] = ()

    def __get_pydantic_core_schema__(self, source: type[StrEnum], handler: GetCoreSchemaHandler) -> CoreSchema:
        words = [word for word in source if word not in self.without]
        return core_schema.custom_error_schema(
            core_schema.no_info_after_validator_function(self._open, handler(source)),
            self.code,
            custom_error_message=self.code,
            custom_error_context={"known": ", ".join(words)},
        )

    def _open(self, word: StrEnum) -> StrEnum:
        if word in self.without:
            raise ValueError(word)
        return word


def wrong(code: str, **facts: str | int) -> PydanticCustomError:
    """A mistake for a validator to raise."""
    return PydanticCustomError(code, code, facts)


def _clean(value: Any) -> Any:
    """Remove control characters and surrounding spaces."""
    return (
        _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip() if isinstance(value, str) else value
    )


def _flag(value: Any) -> Any:
    return _FLAGS.get(value, value) if isinstance(value, str) else value


def _digits(value: Any) -> Any:
    """Convert the digits of a form field to a number."""
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else value


def _whole(value: Any) -> Any:
    number = _digits(value)
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _object(value: Any) -> Any:
    """A JSON object; forms send it as text."""
    if isinstance(value, str):
        try:
            value = from_json(value, allow_inf_nan=False)
        except ValueError:
            value = None
    if not isinstance(value, dict):
        raise wrong("wrong_type", wanted="{…}")
    return value


def _time_ms(value: Any, info: ValidationInfo) -> int:
    """Convert RFC 3339 text or milliseconds to milliseconds UTC."""
    t = _parsed_ms(value, info.context)
    if t is None:
        raise wrong("bad_time")
    if not FROM_MS <= t < TO_MS:
        raise wrong("time_out_of_range")
    return t


def _day(value: Any) -> date:
    try:
        return read_day(value)
    except ValueError:
        raise wrong("bad_day") from None


def _parsed_ms(value: Any, zone: tzinfo | None) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
        if time.tzinfo is None:
            if zone is None:
                return None
            time = time.replace(tzinfo=zone)
        return round(time.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def is_id(text: str) -> bool:
    """True if it is safe in keys and URLs."""
    return re.fullmatch(ID_PATTERN, text) is not None


Id = Annotated[str, Field(pattern=ID_PATTERN), FieldMistake("bad_id")]
Line = Annotated[str, Field(max_length=SHORT), BeforeValidator(_clean)]
"""One line of text; empty if absent, like all text fields."""
Text = Annotated[str, Field(max_length=MOST_TEXT), BeforeValidator(_clean)]
Address = Annotated[str, Field(max_length=MOST_ADDRESS), BeforeValidator(_clean)]
PlaceCode = Annotated[str, Field(max_length=MOST_CODE), BeforeValidator(_clean)]
Flag = Annotated[bool, Field(strict=True), BeforeValidator(_flag), FieldMistake("wrong_type", wanted="true / false")]
Latitude = Annotated[
    float, Field(ge=-90, le=90, strict=True), BeforeValidator(_digits), FieldMistake("bad_coordinate", limit=90)
]
Longitude = Annotated[
    float, Field(ge=-180, le=180, strict=True), BeforeValidator(_digits), FieldMistake("bad_coordinate", limit=180)
]
WhenMs = Annotated[
    int,
    BeforeValidator(_time_ms),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": FROM_MS, "exclusiveMaximum": TO_MS},
                {"type": "string", "format": "date-time"},
            ]
        }
    ),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Object = Annotated[dict[str, Any], BeforeValidator(_object)]
_Attribute = Annotated[str, Field(min_length=1, max_length=MOST_ATTRIBUTE)]
Attributes = Annotated[
    dict[_Attribute, _Attribute],
    FieldMistake("wrong_type", wanted="{id: value}"),
    Field(max_length=MOST_ATTRIBUTES),
    BeforeValidator(_object),
]


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = core_schema.int_schema(ge=self.low, le=self.high, strict=True)
        return core_schema.custom_error_schema(
            core_schema.no_info_before_validator_function(_whole, number), "bad_number",
            custom_error_message="bad_number", custom_error_context={"low": self.low, "high": self.high},
        )  # fmt: skip
