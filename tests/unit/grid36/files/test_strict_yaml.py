"""YAML that people write, and what of YAML is refused."""

import pytest
import yaml

from grid36.files.strict_yaml import load, mistake_in


def test_plain_values_are_read_as_ever() -> None:
    text = "a: &a {x: 1, y: [2026-11-01, 08:30, null]}\nb:\n  <<: *a\n  x: 2\nc: *a\n"
    assert load(text) == yaml.safe_load(text)
    assert load("") is None


def test_a_key_that_stands_twice_is_a_mistake_with_its_line() -> None:
    """The last one would win in silence: half a rulebook gone."""
    with pytest.raises(yaml.YAMLError, match="'routing' is there twice") as found:
        load("name: a\nrouting: {}\nitems:\n  - {id: x}\nrouting: {}\n")
    assert found.value.problem_mark.line == 4  # type: ignore[attr-defined]  # of a MarkedYAMLError


def test_mappings_that_merge_more_keys_than_the_limit_are_refused() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {z: 3}\nc: {<<: [*a, *b], w: 4}\n"
    assert load(text, most_keys=4)["c"] == {"x": 1, "y": 2, "z": 3, "w": 4}
    with pytest.raises(yaml.YAMLError, match="more than 3 keys"):
        load(text, most_keys=3)


@pytest.mark.parametrize(
    "text",
    ["a: 0x1ffffffffffffffff", "a: 99999999:59:59:59:59:59:59:59", "a: 2026-13-45", "a: !other []", "[a]: 1", "a: \0"],
    ids=["hexadecimal", "sexagesimal", "date", "object", "key", "nul"],
)
def test_everything_else_is_an_error_of_yaml(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        load(text)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("a:\n\t- b", "有不能这样开头的字符：制表符请改为空格，@、% 等请加引号"),
        ("a: b: c", "这里不能再有冒号；内容含冒号请加引号"),
        ("a: 'b", "引号或括号没有写完"),
        ("a: [b", "方括号没有写完"),
        ("a: *b", "用了没有定义的 * 引用；内容以 * 开头请加引号"),
        ("a: \0", "有看不见的控制字符，请删除"),
        ('a: "\\q"', "双引号中的反斜杠写法不对，请改用单引号"),
        ("a: !b c", "有不认识的标记 !；内容以 ! 开头请加引号"),
        ("a: 1\na: 2", "“a”写了两次，请保留一处"),
        ("a: 2026-13-45", "有不存在的日期或数字"),
    ],
)
def test_a_mistake_is_said_in_chinese_alone(text: str, zh: str) -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        load(text)
    said = mistake_in(caught.value).said
    assert said.zh == zh
    assert said.en.isascii()
