"""The YAML file in which a person writes a mapping; every mistake is listed at once, with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from grid36.files.strict_yaml import mistake_in
from grid36.replay.file.encoding import open_text
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.reasons import LongMessage, WrongFile, WrongMapping
from schemas.mistake_words import said_of

Path_ = tuple[int | str, ...]
Mistake = tuple[int, LongMessage]
"""Its line, and the words without it."""


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file. Raises `WrongMapping` with the line and field of every mistake."""
    text = _text(path)
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        raw = yaml.safe_load(text)
        lines: dict[Path_, int] = {(): 1}
        mistakes = list(_walk(root, (), lines)) if root is not None else []
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        line, said = mistake_in(fault)
        at = (f"第 {line} 行", f"line {line}: ") if line else ("", "")
        raise WrongMapping(
            LongMessage(f"{path.name} 不是 YAML：{at[0]}{said.zh}", f"{path.name} is not YAML: {at[1]}{said.en}")
        ) from None
    if not isinstance(root, yaml.MappingNode):
        raise WrongMapping(
            LongMessage(
                zh=f"{path.name} 是空的或是列表；映射文件由“字段: 列”各行组成",
                en=f"{path.name} is empty or a list; a mapping is `field: column` lines",
            )
        )
    try:
        mapping = Mapping.model_validate(raw)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False)
        mistakes += [(_line(tuple(row["loc"]), lines), _said(row)) for row in rows]
    else:
        if not mistakes:
            return mapping
    mistakes.sort()
    zh = [f"第 {line} 行：{words.zh}" for line, words in mistakes]
    en = [f"line {line}: {words.en}" for line, words in mistakes]
    many = "s" * (len(mistakes) > 1)
    raise WrongMapping(
        LongMessage(
            zh="\n  ".join((f"{path.name} 有 {len(mistakes)} 处错误：", *zh)),
            en="\n  ".join((f"{path.name} has {len(mistakes)} mistake{many}:", *en)),
        )
    )


def _text(path: Path) -> str:
    """In UTF-8 or, as editors in China save it, GB 18030."""
    if path.is_file() and path.stat().st_size == 0:
        return ""
    try:
        with open_text(path).file as file:
            file.seek(0)
            return file.read().decode("utf-8-sig")
    except WrongFile as fault:
        raise WrongMapping(
            LongMessage(
                zh="映射文件无法读取。请检查文件名，并存为 UTF-8 文本。",
                en="This mapping cannot be read. Check its name; it is a UTF-8 text.",
            ),
            file=str(path),
        ) from fault


def _walk(node: yaml.Node, where: Path_, lines: dict[Path_, int]) -> Iterator[Mistake]:
    """Note the line of every field, and yield the fields that stand twice (YAML would keep the last in silence)."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        here = (*where, str(key.value))
        if here in lines:
            name = _name(here)
            yield key.start_mark.line + 1, LongMessage(f"{name}写了两次，请保留一处", f"{name}stands twice; keep one")
        lines[here] = key.start_mark.line + 1
        yield from _walk(value, here, lines)


def _line(where: Path_, lines: dict[Path_, int]) -> int:
    while where not in lines:
        where = where[:-1]
    return lines[where]


def _name(where: Path_) -> str:
    return f"{'.'.join(map(str, where))}: " if where else ""


def _said(row: Any) -> LongMessage:
    name = _name(tuple(row["loc"]))
    match row["type"]:
        case "missing":
            return LongMessage(f"{name}缺少，请写明它的列", f"{name}is missing; name its column")
        case "extra_forbidden":
            known = ", ".join(Mapping.model_fields)
            return LongMessage(
                f"{name}没有这个字段；可用：{known}", f"{name}is no field of a mapping; there are {known}"
            )
    said = said_of(row)
    return LongMessage(f"{name}{said.zh}", f"{name}{said.en}")
