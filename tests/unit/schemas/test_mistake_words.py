"""What a person reads of a wrong value is in one language, whatever stands in its place."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from grid36.replay.file.mapping import Mapping
from grid36.settings import data_folder
from schemas.mistake import mistakes
from schemas.mistake_words import said_apart, said_of
from schemas.region import Region
from schemas.rulebook import Rulebook

EXAMPLE = data_folder("regions") / "example"
MAPPING = {
    "id": "no", "reported_at": {"column": "on", "zone": "Asia/Shanghai"}, "latitude": "lat", "longitude": "lon",
    "datum": "wgs84", "kind": {"column": "kind", "values": {"q": "question"}}, "department": {"column": "d"},
    "attributes": {"size": "size"}, "separator": ";", "encoding": "gbk",
}  # fmt: skip
WHOLE: list[tuple[type[BaseModel], Any]] = [
    (Region, json.loads(load_region(EXAMPLE).model_dump_json())),
    (Rulebook, json.loads(load_rulebook(EXAMPLE).model_dump_json())),
    (Mapping, MAPPING),
]
BAD = [None, True, 3.7, -5, 10**30, "", "x" * 3000, "no such / thing", [], [1, 1], {}, {"no": 1}, float("nan")]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every spot in a nested value: what holds it and under what name."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from places(each)


@given(st.data())
def test_no_sentence_mixes_languages(data: st.DataObject) -> None:
    """One spot of a whole region, rulebook or mapping becomes something else; its errors have words of our own."""
    model, good = data.draw(st.sampled_from(WHOLE))
    raw = json.loads(json.dumps(good))
    holder, key = data.draw(st.sampled_from(list(places(raw))))
    match data.draw(st.sampled_from([*BAD, "-more-", "-less-"])):
        case "-more-" if isinstance(holder, dict):
            holder["more"] = 1
        case "-less-":
            del holder[key]
        case bad:
            holder[key] = bad
    try:
        model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            said = said_of(detail)
            assert re.search("[\u4e00-\u9fff]", said.zh), detail
            assert not re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", said.zh), (said.zh, detail)
            assert not said.en.startswith(("Input", "String", "Value", "Extra", "Field", "List", "Tuple")), detail


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        ("gcj", "perhaps", "应为 true 或 false", "this must be true or false"),
        ("grids", 3, "应为列表", "this must be a list"),
        ("languages", ["fr"], "不是可选值；可写 zh-CN、en", "this must be zh-CN or en"),
        ("outside_limit_m", -1, "不能小于 0.0", "this must not be less than 0.0"),
        ("outside_limit_m", "far", "应为数字", "this must be a number"),
        ("fallback_department", "Street Office", "代码只能用小写字母、数字和短横线，如 road-office",
         "a code has only small letters, digits and hyphens, such as road-office"),
    ],
)  # fmt: skip
def test_a_wrong_value_says_what_is_right(field: str, value: object, zh: str, en: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Region.model_validate(WHOLE[0][1] | {field: value})
    said = said_of(caught.value.errors()[0])
    assert (said.zh, said.en) == (zh, en)


def test_several_mistakes_of_one_validator_stay_apart() -> None:
    wrong = mistakes([("甲", "a"), ("乙", "b")])
    error = ValidationError.from_exception_data("x", [{"type": wrong, "loc": (), "input": None}])
    assert said_apart(error.errors()[0]) == (("甲", "a"), ("乙", "b"))
    assert error.errors()[0]["msg"] == "a; b"
