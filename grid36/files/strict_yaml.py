"""YAML that people write: no key twice, bounded in size, and every mistake is an error of YAML."""

from typing import Any, Final, NamedTuple

import yaml
from yaml.constructor import ConstructorError

from schemas.names import Name

MOST_KEYS: Final = 100_000
"""Of one mapping, with those that it merges."""
MOST_INT: Final = 2**63
_MERGE: Final = "tag:yaml.org,2002:merge"


class _Refused(ConstructorError):
    """What YAML would take, and we do not; said in both languages."""

    def __init__(self, zh: str, en: str, mark: yaml.Mark | None) -> None:
        super().__init__(None, None, en, mark)
        self.said = Name(zh=zh, en=en)


class Mistake(NamedTuple):
    """What is wrong with a YAML file, and in which line, where that is known."""

    line: int | None
    said: Name


def mistake_in(error: Exception) -> Mistake:
    """A mistake in words of both languages: an error of YAML, or what its values raise."""
    if isinstance(error, RecursionError):
        return Mistake(None, Name(zh="层级太深", en="it nests too deep"))
    if isinstance(error, ValueError):
        return Mistake(None, Name(zh="有不存在的日期或数字", en=f"a date or a number does not exist: {error}"))
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    line = mark.line + 1 if mark else None
    if isinstance(error, _Refused):
        return Mistake(line, error.said)
    en = problem or " ".join(str(error).split())
    return Mistake(line, Name(zh=next((zh for sign, zh in _ZH.items() if sign in en), "写法不对"), en=en))


_ZH: Final = {
    "cannot start any token": "有不能这样开头的字符：制表符请改为空格，@、% 等请加引号",
    "unacceptable character": "有看不见的控制字符，请删除",
    "block sequence entries": "列表要从新的一行开始，每项以 - 开头",
    "another document": "有两份文档，请删去 --- 和其中一份",
    "unhashable": "花括号的内容请加引号",
    "mapping values are not allowed": "这里不能再有冒号；内容含冒号请加引号",
    "expected ':'": "缺少冒号",
    "did not find expected key": "缩进或引号不对",
    "expected <block end>": "缩进或引号不对",
    "'-' indicator": "列表的缩进不对，每项以 - 开头",
    "or '}'": "花括号没有写完",
    "or ']'": "方括号没有写完",
    "end of stream": "引号或括号没有写完",
    "quoted scalar": "引号没有写完",
    "alias": "用了没有定义的 * 引用；内容以 * 开头请加引号",
    "anchor": "& 的用法不对；内容以 & 开头请加引号",
    "escape": "双引号中的反斜杠写法不对，请改用单引号",
    "constructor for the tag": "有不认识的标记 !；内容以 ! 开头请加引号",
}
"""What the library says, by a sign of it."""


class _Loader(yaml.CSafeLoader):
    """The safe loader in C, with an eye on sizes."""

    most_keys = MOST_KEYS

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        super().flatten_mapping(node)
        if len(node.value) > self.most_keys:
            zh, en = f"这里合并了超过 {self.most_keys} 个键", f"more than {self.most_keys} keys are merged here"
            raise _Refused(zh, en, node.start_mark)

    def small_int(self, node: yaml.ScalarNode) -> int:
        number = int(self.construct_yaml_int(node))
        if abs(number) >= MOST_INT:
            raise _Refused("数字太大", "this number is too large", node.start_mark)
        return number


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.small_int)


def load(text: str, most_keys: int = MOST_KEYS) -> Any:
    """What stands in `text`, as plain values. Raises `yaml.YAMLError`, with the place in `problem_mark`."""
    loader = _Loader(text)
    loader.most_keys = most_keys
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _no_key_twice(node)
        return loader.construct_document(node)
    except (ValueError, RecursionError) as error:  # a date that is none, or too many levels
        said = mistake_in(error).said
        raise _Refused(said.zh, said.en, None) from None
    finally:
        loader.dispose()


def _no_key_twice(root: yaml.Node) -> None:
    """The last would win in silence. Before anything is merged, when what stands there is what was written."""
    seen, left = set[int](), [root]
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            left += node.value
        elif isinstance(node, yaml.MappingNode):
            keys = set[str]()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                    if key.value in keys:
                        zh, en = f"“{key.value}”写了两次，请保留一处", f"the key {key.value!r} is there twice; keep one"
                        raise _Refused(zh, en, key.start_mark)
                    keys.add(key.value)
                left += [key, value]
