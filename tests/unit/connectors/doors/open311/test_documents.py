"""XML and JSON carry the same, whatever is in it."""

import json
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.open311.documents import GeoReportDocument, errors
from tests.worlds.open311_town import parsed

NAMES = ("service_code", "description", "status_notes", "lat")
LISTS = ("notes", "values", "attributes")
LEAVES = st.one_of(
    st.text(max_size=20), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)
)
ROWS = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=4),
    lambda rows: st.fixed_dictionaries(
        {"service_code": LEAVES}, optional={name: st.lists(rows | LEAVES, max_size=3) for name in LISTS}
    ),
    max_leaves=6,
)


def in_words(value: Any, element: ElementTree.Element) -> Any:
    """What the XML of a JSON value says, in the shape of that value."""
    match value:
        case dict():
            assert [child.tag for child in element] == list(value)
            return {name: in_words(each, child) for (name, each), child in zip(value.items(), element, strict=True)}
        case list():
            return [in_words(each, child) for each, child in zip(value, element, strict=True)]
        case bool():
            return {"true": True, "false": False}[element.text or ""]
        case int() | float():
            return type(value)(element.text or "")
    return element.text or value  # what is empty or left out stands for itself


@given(st.lists(ROWS, max_size=3))
def test_both_say_the_same(rows: list[Any]) -> None:
    document = GeoReportDocument("service_requests", "request", rows)
    told = json.loads(document.to_bytes("json"))
    root = parsed(document.to_bytes("xml"))
    assert (root.tag, {child.tag for child in root} - {"request"}) == ("service_requests", set())
    assert in_words(told, root) == told


@given(ROWS)
def test_both_say_the_same_of_one_thing(row: Any) -> None:
    document = GeoReportDocument("service_definition", "", [row])
    told = json.loads(document.to_bytes("json"))
    assert in_words(told, parsed(document.to_bytes("xml"))) == told


def test_what_is_empty_is_left_out() -> None:
    """Some readers take an empty element for something with parts."""
    document = GeoReportDocument("services", "service", [{"service_code": "7", "keywords": "", "group": None, "n": 0}])
    assert json.loads(document.to_bytes("json")) == [{"service_code": "7", "n": 0}]
    assert document.to_bytes("xml").endswith(
        b"<services><service><service_code>7</service_code><n>0</n></service></services>"
    )


def test_errors_are_lists() -> None:
    document = errors(400, ["one & two", "三"])
    assert json.loads(document.to_bytes("json"))[1] == {"code": "400", "description": "三"}
    assert document.to_bytes("xml").decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n<errors>'
        "<error><code>400</code><description>one &amp; two</description></error>"
        "<error><code>400</code><description>三</description></error></errors>"
    )
