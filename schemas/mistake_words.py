"""Turns pydantic's errors about values that a person wrote into sentences of both languages; ours pass unchanged."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from schemas.calendar import SPAN_PATTERN, TIME_PATTERN
from schemas.limit import LIMIT_PATTERN, PLAIN_LIMIT_PATTERN
from schemas.mistake import SEVERAL, Said, said
from schemas.names import MOST, Language, Name
from schemas.people import CODE_PATTERN, ID_PATTERN
from texts.catalogue import say


def said_apart(detail: ErrorDetails) -> tuple[Said, ...]:
    """The sentences of one error: several where our own validators found several mistakes."""
    context: Mapping[str, Any] = detail.get("ctx", {})
    if SEVERAL in context:
        return tuple(context[SEVERAL])
    match _SAID.get(detail["type"]):
        case None:
            other = say(Language.ZH, "mistakes.value.other")
            return ((other, detail["msg"].removeprefix("Value error, ")),)
        case str(key):
            return (said(f"mistakes.value.{key}", **context),)
        case made:
            return (made(context),)


def said_of(detail: ErrorDetails) -> Name:
    """The same, joined into one sentence."""
    several = said_apart(detail)
    return Name(zh=_short("；".join(zh for zh, _ in several)), en=_short("; ".join(en for _, en in several)))


def _short(text: str) -> str:
    """Shorten a sentence that quotes something long in the middle: its end says what is wrong."""
    return text if len(text) <= MOST else f"{text[: MOST // 2]}…{text[1 - MOST // 2 :]}"


_FORMS: Final[Mapping[str, str]] = {
    CODE_PATTERN: "code",
    ID_PATTERN: "id",
    TIME_PATTERN: "time",
    SPAN_PATTERN: "span",
    LIMIT_PATTERN: "limit",
    PLAIN_LIMIT_PATTERN: "plain_limit",
}
"""What a person has to write where a pattern is asked for."""


def _pattern(context: Mapping[str, Any]) -> Said:
    pattern = str(context["pattern"])
    form = _FORMS.get(pattern)
    return said("mistakes.value.pattern", pattern=pattern) if form is None else said(f"mistakes.form.{form}")


def _one_of(context: Mapping[str, Any]) -> Said:
    words = str(context["expected"]).replace("'", "")
    known = Name(zh=words.replace(" or ", "、").replace(", ", "、"), en=words)
    return said("mistakes.value.one_of", known=known)


_SAID: Final[Mapping[str, str | Callable[[Mapping[str, Any]], Said]]] = {
    "missing": "empty",
    "extra_forbidden": "no_field",
    **dict.fromkeys(("enum", "literal_error"), _one_of),
    "string_pattern_mismatch": _pattern,
    "string_too_short": "empty",
    "string_too_long": "too_many_characters",
    "string_type": "text",
    "string_unicode": "no_text",
    "too_short": "too_few",
    "too_long": "too_many",
    "greater_than": "greater_than",
    "greater_than_equal": "at_least",
    "less_than": "less_than",
    "less_than_equal": "at_most",
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), "whole"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "flag"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "list"),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), "fields"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), "day"),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"), "moment"
    ),
}  # fmt: skip
"""Type of an error of pydantic to the end of its key, or to what makes its sentence."""
