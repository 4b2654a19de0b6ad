import pytest

from connectors.chat.json_values import list_of, mapping_of, mappings_of, number_of, text_of, texts_of


@pytest.mark.parametrize(
    ("value", "text"), [("井盖", "井盖"), ("a\ud800b\0", "a?b"), (None, ""), (3, ""), ({"a": 1}, ""), ("abc", "abc")]
)
def test_a_text_can_be_stored_anywhere(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_long_text_is_cut() -> None:
    assert text_of("a" * 100_000, 10) == "a" * 10


@pytest.mark.parametrize(
    ("value", "number"), [(0, 0), (2**53, 2**53), (2**53 + 1, None), (-1, None), (True, None), (1.5, None), ("1", None)]
)
def test_a_number_is_one_that_json_can_carry(value: object, number: int | None) -> None:
    assert number_of(value) == number


def test_what_is_of_another_kind_counts_as_missing() -> None:
    assert mapping_of([1]) == {}
    assert list_of({"a": 1}) == []
    assert mappings_of([{"a": 1}, 2, None]) == [{"a": 1}]
    assert texts_of(["a", 2, None]) == ["a"]
