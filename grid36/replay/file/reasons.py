"""Why a file, a row or a single fact of a row cannot be used, and what to do: in the words of both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from schemas.errors import WrongInput
from schemas.names import Language, Name


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its facts filled in by name; `code` is what equal reasons are counted by."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def what(self, language: Language = Language.EN) -> str:
        """What is wrong, as part of a sentence."""
        return WORDS[self.code][0].to(language).format_map(self.facts)

    def remedy(self, language: Language = Language.EN) -> str:
        """What to do, as part of a sentence."""
        return WORDS[self.code][1].to(language).format_map(self.facts)


class UnusableValue(Exception):
    """A cell that cannot be used."""

    def __init__(self, column: str, code: str, **facts: object) -> None:
        super().__init__(code)
        self.column = column
        self.reason = Reason(code, facts)


class LongMessage(NamedTuple):
    """A message of any length in both languages."""

    zh: str
    en: str


class Worded(WrongInput):
    """This input cannot be used. Correct what is named and try again."""

    def __init__(self, words: LongMessage | Name, /, **facts: object) -> None:
        super().__init__(words.en, **facts)
        self.words = LongMessage(words.zh, words.en)

    def message(self, language: Language) -> str:
        """What is wrong, of any length."""
        return self.words.zh if language is Language.ZH else self.words.en


class WrongFile(Worded):
    """This file cannot be replayed. It is a CSV file with a header line and one past case a row."""


class WrongMapping(Worded):
    """The mapping has mistakes. Correct the lines that are named; `regions/README.md` lists its keys."""


def _words(what_zh: str, what_en: str, remedy_zh: str, remedy_en: str) -> tuple[Name, Name]:
    return Name(zh=what_zh, en=what_en), Name(zh=remedy_zh, en=remedy_en)


WORDS: Final[Mapping[str, tuple[Name, Name]]] = {
    "no_id": _words("缺少编号", "the id is missing", "给每一行一个自己的编号", "give every row an id of its own"),
    "id_again": _words(
        "编号“{id}”在第 {first} 行已出现", "the id {id!r} is already used in row {first}",
        "给每一行一个自己的编号", "give every row an id of its own",
    ),
    "long_id": _words("编号超过 {most} 个字符", "the id is longer than {most} characters", "缩短", "shorten it"),
    "long": _words("超过 {most} 个字符", "it is longer than {most} characters", "缩短", "shorten it"),
    "no_csv": _words(
        "这一行无法读取：{detail}", "the row cannot be read: {detail}",
        "检查是否有多余的引号", "look for a stray quotation mark",
    ),
    "cells": _words(
        "这一行有 {cells} 格，标题有 {header} 格", "the row has {cells} cells, the header {header}",
        "检查是否有未加引号的分隔符，或被截断的行",
        "look for a separator outside quotation marks, or a row that was cut off",
    ),
    "no_time": _words(
        "“{text}”不是时间", "{text!r} is no time",
        "写成 {form}，或在映射文件中写明格式", "write it as {form}, or name its format in the mapping",
    ),
    "number_time": _words(
        "“{text}”是数字，不是时间", "{text!r} is a number, no time",
        "在映射文件中写明它数的是什么：`format: excel`（表格的日期数）、`unix`（秒）或 `unix_ms`（毫秒）",
        "say in the mapping what it counts: `format: excel` (days of a spreadsheet), `unix` (seconds) or `unix_ms`",
    ),
    "rounded_id": _words(
        "编号“{text}”被表格程序改成了科学计数法，后几位已丢失", "a spreadsheet rounded the id to {text!r}",
        "从来源重新导出，把该列设为文本", "export it again, with this column as text",
    ),
    "no_offset": _words(
        "“{text}”没有时区", "{text!r} has no offset",
        "在映射文件中写明该列的时区", "name the column's zone in the mapping",
    ),
    "year": _words("不可能是 {year} 年", "the year {year} cannot be right", "更正时间", "correct the time"),
    "no_report_time": _words("缺少上报时间", "the time of the report is missing", "补上", "fill it in"),
    "before_report": _words(
        "“{text}”早于上报时间", "{text!r} lies before the time of the report",
        "更正其中一个时间", "correct one of the times",
    ),
    "after_closing": _words(
        "“{text}”晚于结案时间", "{text!r} lies after the time of closing",
        "更正其中一个时间", "correct one of the times",
    ),
    "no_position": _words(
        "“{text}”不是坐标", "{text!r} is no position", "更正坐标", "correct the coordinates",
    ),
    "half_position": _words(
        "经度和纬度只有一个", "only one of latitude and longitude is given", "补上另一个", "fill in the other one",
    ),
    "unknown_kind": _words(
        "“{text}”不是诉求类型", "{text!r} is no kind of report",
        "在映射文件 `kind` 的 `values` 中写明", "add it to `values` of `kind` in the mapping",
    ),
    "no_link": _words(
        "“{text}”不是链接", "{text!r} is no link",
        "应以 http:// 或 https:// 开头", "begin it with http:// or https://",
    ),
    "itself": _words("指向自己", "it names its own row", "写明主件的编号", "name the row that it is a duplicate of"),
    "no_master": _words(
        "“{text}”不在文件中，或该行无法使用", "{text!r} is no usable row of this file",
        "补上该行，或删去编号", "add that row, or clear the cell",
    ),
    "master_closed": _words(
        "主件“{text}”在此之前已结案", "its master {text!r} was closed before",
        "更正编号或时间", "correct the id or the times",
    ),
    "circle": _words(
        "并案关系成环：“{text}”", "the links between rows run in a circle through {text!r}",
        "写明哪一行是主件", "say which of the rows is the master",
    ),
}  # fmt: skip
