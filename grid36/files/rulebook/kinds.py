"""Kinds of columns: how their cells are read, what is expected, and how they are written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from grid36.files.rulebook.cells import (
    half_width,
    plain_code,
    read_list,
    read_text,
    split_list,
    tidy,
    write_list,
    write_text,
)
from grid36.files.rulebook.sheets import Raw, TypedCell
from schemas.limit import spelled
from schemas.milestone_overrides import step_change
from schemas.names import Language, Name

MOST_DIGITS: Final = 15  # what a spreadsheet keeps of a number
WORDS: Final = ";；\n"
CODES: Final = ";；\n、,，"
NOTHING: Final = object()
"""What `-` means in a cell that may say nothing on purpose."""


class Misread(Exception):  # a fact about a cell, caught where the place is known
    """The cell cannot be read as its column's kind; the text says why."""

    def __init__(self, text: Name, right: Name | None = None, code: str = "cell") -> None:
        super().__init__(text.en)
        self.text, self.right, self.code = text, right, code


@dataclass(frozen=True)
class Kind:
    """How cells of a kind of column are read and written. `text_format`: kept as text by spreadsheets."""

    name: str
    read: Callable[[Raw], Any]
    write: Callable[[Any, Language], str | TypedCell]
    right: Name
    text_format: bool = True
    is_code: bool = False
    """Leading zeros count."""
    choices: Mapping[str, Name] | None = None


def plain_number(raw: Raw) -> str:
    """A number as a person typed it; texts as they are."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, datetime) and raw.time() == datetime.min.time():
        raw = raw.date()
    return str(raw)


def _no_date(raw: Raw) -> str:
    if isinstance(raw, date):
        said = Name.of("files.cell.became_date")
        right = Name.of("files.cell.became_date.remedy")
        raise Misread(said, right, "became_date")
    return plain_number(raw)


def _text(raw: Raw) -> str:
    return read_text(_no_date(raw))


def _code(raw: Raw) -> str:
    text = _no_date(raw)
    if (isinstance(raw, int | float) and len(text.lstrip("-")) > MOST_DIGITS) or re.fullmatch(r"\d\.?\d*E\+\d+", text):
        said = Name.of("files.cell.code_lost_digits")
        right = Name.of("files.cell.code_lost_digits.remedy")
        raise Misread(said, right, "became_number")
    return read_text(text, plain_code)


def _limit(raw: Raw) -> Any:
    text = half_width(_no_date(raw)).replace(" ", "")
    if text == "-":
        return NOTHING
    found = re.fullmatch(r"(\d+)(minutes?|mins?|hours?|hrs?|days?|时|分|日)", text.casefold())
    if found:
        short = found[1] + _UNITS[found[2][0]]
        said = Name.of("files.cell.no_limit")
        raise Misread(said, Name.of("files.cell.write", what=short))
    return spelled(text.casefold())


_UNITS: Final = {"m": "m", "分": "m", "h": "h", "时": "h", "d": "d", "日": "d"}


def _number(raw: Raw) -> Any:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return raw
    text = half_width(_no_date(raw)).removesuffix("米").removesuffix("m").strip()
    try:
        return float(text) if "." in text or "e" in text.lower() else int(text)
    except ValueError:
        raise Misread(Name.of("files.cell.no_number")) from None


def _flag(raw: Raw) -> bool:
    word = half_width(plain_number(raw)).casefold()
    if word in {"是", "true", "yes", "y", "1", "√", "✓", "=true()"}:
        return True
    if word in {"否", "false", "no", "n", "0", "×", "=false()"}:
        return False
    raise Misread(Name.of("files.cell.no_flag"))


def _date(raw: Raw) -> date:
    if isinstance(raw, date):
        return raw.date() if isinstance(raw, datetime) else raw
    text = half_width(plain_number(raw))
    if re.fullmatch(r"[1-9]\d{4}(\.0)?", text):  # days since 1899-12-30, as spreadsheets count them
        day = date(1899, 12, 30) + timedelta(days=int(float(text)))
        said = Name.of("files.cell.serial_date", day=day)
        raise Misread(said, Name.of("files.cell.write", what=day), "serial_date")
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00)?)?", text)
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise Misread(Name.of("files.cell.no_date"))


def _milestones(raw: Raw) -> list[dict[str, Any]]:
    return [_milestone(part) for part in split_list(_no_date(raw), WORDS)]


def _milestone(part: str) -> dict[str, Any]:
    found = re.fullmatch(r"([^=(]+)(?:\(([^()|]+)(?:\|([^()|]*))?\))?=(.+)", half_width(part))
    if not found:
        raise Misread(Name.of("files.cell.no_milestone", part=part))
    step, zh, en, limit = (tidy(each or "") for each in found.groups())
    return {"id": step, "name": {"zh": zh or step, "en": en}, "limit": _limit(limit)}


def _write_milestones(milestones: list[dict[str, Any]], language: Language) -> str:
    return "; ".join(_written_milestone(**each) for each in milestones)


def _written_milestone(id: str, name: dict[str, str], limit: str) -> str:
    zh, en = name["zh"], name.get("en", "")
    if not f"{zh}{en}".isprintable():
        raise ValueError("a cell cannot say such a name")
    shown = "" if (zh, en) == (id, "") else f"({zh}|{en})" if en else f"({zh})"
    return f"{id}{shown}={limit}"


def _steps(raw: Raw) -> list[str]:
    """Milestones of a row of limits: a name in brackets is for people, the list has it already."""
    return [_step(part) for part in split_list(_no_date(raw), WORDS)]


def _step(part: str) -> str:
    step = step_change(re.sub(r"\(.*?\)", "", half_width(part)).casefold())
    if step is None:
        raise Misread(Name.of("files.cell.no_step", part=part))
    return str(step)


def _write_number(value: Any, language: Language) -> str | TypedCell:
    if float(f"{value:.15g}") != value:
        return repr(value)  # a workbook would round it
    whole = int(value) if float(value).is_integer() else value
    return TypedCell(whole, str(whole))


def choice(words: Mapping[str, Name], more: Mapping[str, str] | None = None) -> Kind:
    """One of a few values, each with a word in both languages; `more` are other words that are understood."""
    known = {word.casefold(): value for value, name in words.items() for word in (value, name.zh, name.en)}
    known |= more or {}
    listed = Name.joined("、", ", ", words.values())

    def read(raw: Raw) -> str:
        word = half_width(plain_number(raw)).casefold()
        if word not in known:
            raise Misread(Name.of("files.cell.no_choice"))
        return known[word]

    def write(value: Any, language: Language) -> str:
        return words[str(value)].to(language)

    return Kind("choice", read, write, Name.of("files.right.choice", words=listed), choices=words)


TEXT: Final = Kind(
    "text",
    _text,
    lambda value, _: write_text(value),
    Name.of("files.right.text"),
)
CODE: Final = Kind(
    "code",
    _code,
    lambda value, _: write_text(value, plain_code),
    Name.of("files.right.code"),
    is_code=True,
)
CODE_LIST: Final = Kind(
    "codes",
    lambda raw: read_list(_code_cell(raw), CODES, plain_code),
    lambda value, _: write_list(value, CODES, plain_code),
    Name.of("files.right.code_list"),
    is_code=True,
)
WORD_LIST: Final = Kind(
    "words",
    lambda raw: read_list(_no_date(raw), WORDS),
    lambda value, _: write_list(value, WORDS),
    Name.of("files.right.word_list"),
)
LIMIT: Final = Kind(
    "limit",
    _limit,
    lambda value, _: str(value),
    Name.of("files.right.limit"),
)
NUMBER: Final = Kind("number", _number, _write_number, Name.of("files.right.number"), text_format=False)
FLAG: Final = Kind(
    "flag",
    _flag,
    lambda value, language: Name(zh="是" if value else "否", en="yes" if value else "no").to(language),
    Name.of("files.right.flag"),
    choices={"true": Name(zh="是", en="yes"), "false": Name(zh="否", en="no")},
)
DATE: Final = Kind(
    "date",
    _date,
    lambda value, _: TypedCell(date.fromisoformat(value), value),
    Name.of("files.right.date"),
    text_format=False,
)
MILESTONES: Final = Kind(
    "milestones",
    _milestones,
    _write_milestones,
    Name.of("files.right.milestones"),
)

STEPS: Final = Kind(
    "steps",
    _steps,
    lambda value, _: "; ".join(value),
    Name.of("files.right.steps"),
)


def _code_cell(raw: Raw) -> str:
    return _code(raw) if isinstance(raw, int | float) else _no_date(raw)
