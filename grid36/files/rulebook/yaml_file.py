"""Reads `rulebook.yaml`: its content, and the line of each field."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from grid36.files.rulebook.problems import CellPlace, Problems
from grid36.files.strict_yaml import load, mistake_in
from schemas.names import Name


def read_yaml(path: Path, problems: Problems) -> dict[str, Any] | None:
    """The fields of the file; None with a problem when there are none."""
    try:
        content = load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        remedy = Name.of("files.sheet.no_rulebook.remedy")
        problems.add("missing_file", CellPlace(path.name), Name.of("files.fault.file_missing"), remedy)
        return None
    except UnicodeDecodeError:
        problems.add(
            "encoding",
            CellPlace(path.name),
            Name.of("files.sheet.not_utf_8"),
            Name.of("files.sheet.not_utf_8.remedy"),
        )
        return None
    except OSError as error:
        text = Name.of("files.sheet.cannot_be_opened")
        text = Name(zh=text.zh, en=f"{text.en}: {error.strerror}")
        problems.add("yaml", CellPlace(path.name), text, Name.of("files.sheet.cannot_be_opened.remedy"))
        return None
    except yaml.YAMLError as error:
        line, said = mistake_in(error)
        text = Name.of("files.sheet.not_yaml", said=said)
        problems.add("yaml", CellPlace(path.name, line), text, Name.of("files.sheet.not_yaml.remedy"))
        return None
    if not isinstance(content, dict):
        text = Name.of("files.sheet.not_key_value_lines")
        problems.add("yaml", CellPlace(path.name), text, Name.of("files.sheet.not_yaml.remedy"))
        return None
    return content


def line_of(path: Path, where: Sequence[int | str]) -> int | None:
    """The line of a field, or of the nearest one around it."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, OSError):
        return None
    line = None
    for step in where:
        node = _inside(node, step)
        if node is None:
            break
        line = int(node.start_mark.line) + 1
    return line


def _inside(node: Any, step: int | str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


class _Dumper(yaml.SafeDumper):
    """Puts texts with signs that cannot be seen in quotes; written plainly, some are read as line ends."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')


_Dumper.add_representer(str, _quoted)


def as_yaml(content: Mapping[str, Any]) -> str:
    """The fields as YAML, in their order."""
    return str(yaml.dump(dict(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=118))
