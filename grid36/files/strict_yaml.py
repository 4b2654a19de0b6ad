"""Loads YAML that people write: no repeated keys, bounded in size, and every mistake is a YAML error."""

from typing import Any, Final, NamedTuple

import yaml
from yaml.constructor import ConstructorError

from schemas.names import Language, Name
from texts.catalogue import say

MOST_KEYS: Final = 100_000
"""Of one mapping, with those that it merges."""
MOST_INT: Final = 2**63
_MERGE: Final = "tag:yaml.org,2002:merge"


class _Refused(ConstructorError):
    """What YAML would take, and we do not; said in both languages."""

    def __init__(self, said: Name, mark: yaml.Mark | None) -> None:
        super().__init__(None, None, said.en, mark)
        self.said = said


class Mistake(NamedTuple):
    """What is wrong with a YAML file, and in which line, where that is known."""

    line: int | None
    said: Name


def mistake_in(error: Exception) -> Mistake:
    """A mistake in words of both languages: an error of YAML, or what its values raise."""
    if isinstance(error, RecursionError):
        return Mistake(None, Name.of("files.yaml.too_deep"))
    if isinstance(error, ValueError):
        none = Name.of("files.yaml.no_such_date")
        return Mistake(None, Name(zh=none.zh, en=f"{none.en}: {error}"))
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    line = mark.line + 1 if mark else None
    if isinstance(error, _Refused):
        return Mistake(line, error.said)
    en = problem or " ".join(str(error).split())
    key = next((key for sign, key in _KEYS.items() if sign in en), "other")
    return Mistake(line, Name(zh=say(Language.ZH, f"files.yaml.library.{key}"), en=en))


_KEYS: Final = {
    "cannot start any token": "wrong_beginning",
    "unacceptable character": "control_character",
    "block sequence entries": "list_on_new_line",
    "another document": "two_documents",
    "unhashable": "unquoted_braces",
    "mapping values are not allowed": "second_colon",
    "expected ':'": "no_colon",
    "did not find expected key": "indent_or_quotes",
    "expected <block end>": "indent_or_quotes",
    "'-' indicator": "indent_of_list",
    "or '}'": "open_brace",
    "or ']'": "open_bracket",
    "end of stream": "open_quote_or_bracket",
    "quoted scalar": "open_quote",
    "alias": "unknown_alias",
    "anchor": "wrong_anchor",
    "escape": "wrong_escape",
    "constructor for the tag": "unknown_tag",
}
"""A sign of what the library says, which it says in English, to what the catalogue has."""


class _Loader(yaml.CSafeLoader):
    """The safe loader in C, with an eye on sizes."""

    most_keys = MOST_KEYS

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        super().flatten_mapping(node)
        if len(node.value) > self.most_keys:
            text = Name.of("files.yaml.too_many_keys", most_keys=self.most_keys)
            raise _Refused(text, node.start_mark)

    def small_int(self, node: yaml.ScalarNode) -> int:
        number = int(self.construct_yaml_int(node))
        if abs(number) >= MOST_INT:
            raise _Refused(Name.of("files.yaml.too_large_number"), node.start_mark)
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
        raise _Refused(said, None) from None
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
                        text = Name.of("files.yaml.key_twice", value=key.value)
                        raise _Refused(text, key.start_mark)
                    keys.add(key.value)
                left += [key, value]
