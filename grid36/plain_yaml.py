"""YAML that people write: no key twice, bounded in size, and every mistake is an error of YAML."""

from typing import Any, Final

import yaml
from yaml.constructor import ConstructorError

MOST_KEYS: Final = 100_000
"""Of one mapping, with those that it merges."""
MOST_INT: Final = 2**63
_MERGE: Final = "tag:yaml.org,2002:merge"


class _Loader(yaml.CSafeLoader):
    """The safe loader in C, with an eye on sizes."""

    most_keys = MOST_KEYS

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        super().flatten_mapping(node)
        if len(node.value) > self.most_keys:
            raise ConstructorError(None, None, f"more than {self.most_keys} keys are merged here", node.start_mark)

    def small_int(self, node: yaml.ScalarNode) -> int:
        number = int(self.construct_yaml_int(node))
        if abs(number) >= MOST_INT:
            raise ConstructorError(None, None, "this number is too large", node.start_mark)
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
        raise ConstructorError(None, None, str(error), None) from None
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
                        raise ConstructorError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
                    keys.add(key.value)
                left += [key, value]
