"""Reads a mapping from a YAML file; lists all mistakes at once, with their lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from grid36.files.strict_yaml import mistake_in
from grid36.replay.file.encoding import open_text
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.reasons import LongMessage, WrongFile, WrongMapping, in_lines
from schemas.mistake_words import said_of
from schemas.names import Name

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
        if line:
            said = Name.of("replay.mapping.yaml_line", line=line, said=said)
        raise WrongMapping(LongMessage.of("replay.mapping.not_yaml", file=path.name, said=said)) from None
    if not isinstance(root, yaml.MappingNode):
        raise WrongMapping(LongMessage.of("replay.mapping.empty_or_list", file=path.name))
    try:
        mapping = Mapping.model_validate(raw)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False)
        mistakes += [(_line(tuple(row["loc"]), lines), _said(row)) for row in rows]
    else:
        if not mistakes:
            return mapping
    mistakes.sort()
    raise WrongMapping(
        in_lines(
            LongMessage.of("replay.mapping.mistakes", file=path.name, n=len(mistakes)),
            *(LongMessage.of("replay.mapping.line", line=line, words=words) for line, words in mistakes),
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
            LongMessage.of("replay.mapping.unreadable"),
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
            yield key.start_mark.line + 1, LongMessage.of("replay.mapping.twice", name=name)
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
            return LongMessage.of("replay.mapping.missing", name=name)
        case "extra_forbidden":
            known = ", ".join(Mapping.model_fields)
            return LongMessage.of("replay.mapping.no_such_field", name=name, known=known)
    said = said_of(row)
    return LongMessage(f"{name}{said.zh}", f"{name}{said.en}")
