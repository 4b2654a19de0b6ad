"""`rulebook.yaml`: its content, and in which line a field stands."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from grid36.files.rulebook.problems import CellPlace, Problems
from grid36.files.strict_yaml import load, mistake_in


def read_yaml(path: Path, problems: Problems) -> dict[str, Any] | None:
    """The fields of the file; None with a problem when there are none."""
    try:
        content = load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        remedy = ("用 grid36 rules new 生成一份", "make one with `grid36 rules new` or `grid36 region new`")
        problems.add("missing_file", CellPlace(path.name), ("缺少此文件", "this file is missing"), remedy)
        return None
    except UnicodeDecodeError:
        problems.add(
            "encoding",
            CellPlace(path.name),
            ("不是 UTF-8 编码", "it is not UTF-8"),
            ("另存为 UTF-8", "save it as UTF-8"),
        )
        return None
    except OSError as error:
        text = ("无法打开此文件", f"this file cannot be opened: {error.strerror}")
        problems.add("yaml", CellPlace(path.name), text, ("检查文件和权限", "check the file and its rights"))
        return None
    except yaml.YAMLError as error:
        line, said = mistake_in(error)
        text = (f"不是有效的 YAML:{said.zh}", f"it is not YAML: {said.en}")
        problems.add("yaml", CellPlace(path.name, line), text, _LOOK)
        return None
    if not isinstance(content, dict):
        text = ("应为“键: 值”", "it must hold `key: value` lines")
        problems.add("yaml", CellPlace(path.name), text, _LOOK)
        return None
    return content


_LOOK = ("核对缩进、冒号和引号", "look at indents, colons and quotes")


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
