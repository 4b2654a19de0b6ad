"""YAML that people write, and YAML that somebody wrote to break the reader."""

import time

import pytest
import yaml

from grid36.plain_yaml import load


def test_plain_values_are_read_as_ever() -> None:
    text = "a: &a {x: 1, y: [2026-11-01, 08:30, null]}\nb:\n  <<: *a\n  x: 2\nc: *a\n"
    assert load(text) == yaml.safe_load(text)
    assert load("") is None


def test_a_key_that_stands_twice_is_a_mistake_with_its_line() -> None:
    """The last one would win in silence: half a rulebook gone."""
    with pytest.raises(yaml.YAMLError, match="'routing' stands twice") as found:
        load("name: a\nrouting: {}\nitems:\n  - {id: x}\nrouting: {}\n")
    assert found.value.problem_mark.line == 4  # type: ignore[attr-defined]  # of a MarkedYAMLError


MERGES = "a: &a {x: 1}\n" + "".join(
    f"m{i}: &m{i} {{<<: [*{'a' if not i else f'm{i - 1}'}, *{'a' if not i else f'm{i - 1}'}]}}\n" for i in range(40)
)


@pytest.mark.parametrize(
    "text",
    [
        MERGES,
        "a: 0x" + "f" * 6000,
        "a: 1:" + "59:" * 3000 + "59",
        "a: 2026-13-45",
        "a: !!python/object/apply:os.getcwd []",
        "[a]: 1",
        "a: \0",
    ],
    ids=["merges", "hexadecimal", "sexagesimal", "date", "object", "key", "nul"],
)
def test_everything_else_is_an_error_of_yaml_and_soon(text: str) -> None:
    began = time.process_time()
    with pytest.raises(yaml.YAMLError):
        load(text)
    assert time.process_time() - began < 10, "two to the power of forty keys take for ever"
