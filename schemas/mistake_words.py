"""Turns pydantic's errors about values that a person wrote into sentences of both languages; ours pass unchanged."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from schemas.calendar import SPAN_PATTERN, TIME_PATTERN
from schemas.limit import LIMIT_PATTERN, PLAIN_LIMIT_PATTERN
from schemas.mistake import SEVERAL
from schemas.names import Name
from schemas.people import CODE_PATTERN, ID_PATTERN

Said = tuple[str, str]
"""One sentence in Chinese and in English."""
_MOST: Final = 2000


def said_apart(detail: ErrorDetails) -> tuple[Said, ...]:
    """The sentences of one error: several where our own validators found several mistakes."""
    context: Mapping[str, Any] = detail.get("ctx", {})
    if SEVERAL in context:
        return tuple(context[SEVERAL])
    said = _SAID.get(detail["type"], ("写法不对", detail["msg"].removeprefix("Value error, ")))
    return (said(context) if callable(said) else said,)


def said_of(detail: ErrorDetails) -> Name:
    """The same, joined into one sentence."""
    several = said_apart(detail)
    return Name(zh=_short("；".join(zh for zh, _ in several)), en=_short("; ".join(en for _, en in several)))


def _short(text: str) -> str:
    """Shorten a sentence that quotes something long in the middle: its end says what is wrong."""
    return text if len(text) <= _MOST else f"{text[: _MOST // 2]}…{text[1 - _MOST // 2 :]}"


_FORMS: Final[Mapping[str, Said]] = {
    CODE_PATTERN: (
        "代码只能用小写字母、数字和短横线，如 road-office",
        "a code has only small letters, digits and hyphens, such as road-office",
    ),
    ID_PATTERN: (
        "编号不能有空格和 / ? # %，最多 100 个字符",
        "an id has no blanks, none of / ? # %, and at most 100 characters",
    ),
    TIME_PATTERN: ("应为时刻，如 17:00", "this must be a time of day, such as 17:00"),
    SPAN_PATTERN: ("应为时段，如 08:30-12:00", "this must be hours such as 08:30-12:00"),
    LIMIT_PATTERN: (
        "不是时限；可写 4h、3uh、4wh、5wd 或 sd",
        "this is no limit; write one such as 4h, 3uh, 4wh, 5wd or sd",
    ),
    PLAIN_LIMIT_PATTERN: ("不是时限；可写 30m、4h、3d", "this is no limit; write one such as 30m, 4h or 3d"),
}
"""Patterns, described for the person who has to match them."""


def _pattern(context: Mapping[str, Any]) -> Said:
    pattern = str(context["pattern"])
    return _FORMS.get(pattern) or (f"写法不对，应符合 {pattern}", f"this is not written as it should be: {pattern}")


def _one_of(context: Mapping[str, Any]) -> Said:
    words = str(context["expected"]).replace("'", "")
    return f"不是可选值；可写 {words.replace(' or ', '、').replace(', ', '、')}", f"this must be {words}"


def _filled(zh: str, en: str) -> Callable[[Mapping[str, Any]], Said]:
    return lambda context: (zh.format_map(context), en.format_map(context))


_EMPTY: Final = ("不能为空", "this must not be empty")
_FIELDS: Final = ("应为“键: 值”各行", "this must be `key: value` lines")
_LIST: Final = ("应为列表", "this must be a list")
_WHOLE: Final = ("应为整数", "this must be a whole number")
_NUMBER: Final = ("应为数字", "this must be a number")
_FLAG: Final = ("应为 true 或 false", "this must be true or false")
_DAY: Final = ("应为日期，如 2027-01-31", "this must be a date such as 2027-01-31")
_MOMENT: Final = (
    "应为带时差的时间，如 2027-01-31T08:00:00+08:00",
    "this must be a time with its offset, such as 2027-01-31T08:00:00+08:00",
)
_SAID: Final[Mapping[str, Said | Callable[[Mapping[str, Any]], Said]]] = {
    "missing": _EMPTY,
    "extra_forbidden": ("没有这一项", "there is no such field"),
    **dict.fromkeys(("enum", "literal_error"), _one_of),
    "string_pattern_mismatch": _pattern,
    "string_too_short": _EMPTY,
    "string_too_long": _filled("太长，最多 {max_length} 个字符", "this is longer than {max_length} characters"),
    "string_type": ("应为文字；数字和 yes、no 请加引号", "this must be a text; put quotes round numbers, yes and no"),
    "string_unicode": ("不是可用的文字", "this is no usable text"),
    "too_short": _filled("至少要有 {min_length} 个", "there must be at least {min_length}"),
    "too_long": _filled("最多 {max_length} 个", "there may be at most {max_length}"),
    "greater_than": _filled("应大于 {gt}", "this must be greater than {gt}"),
    "greater_than_equal": _filled("不能小于 {ge}", "this must not be less than {ge}"),
    "less_than": _filled("应小于 {lt}", "this must be less than {lt}"),
    "less_than_equal": _filled("不能大于 {le}", "this must not be greater than {le}"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _FLAG),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), _LIST),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), _FIELDS),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DAY),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"), _MOMENT
    ),
}  # fmt: skip
