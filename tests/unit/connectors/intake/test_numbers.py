import pytest

from connectors.intake.numbers import looks_like_case_number


@pytest.mark.parametrize("number", ["350203006-G017-2611-00042", "T-U-2512-99999", "NYC-a-b-2601-123456"])
def test_case_numbers(number: str) -> None:
    assert looks_like_case_number(number)


@pytest.mark.parametrize(
    "number",
    ["", "42", "T-G01-2613-00042", "T-G01-2600-00042", "T-G01-26011-0042", "T/G-2601-00042", "T-G 1-2601-00042"],
)
def test_other_things(number: str) -> None:
    assert not looks_like_case_number(number)
