"""What is refused of a row is told by the columns of its platform, never by fields of ours."""

import pytest

from connectors.intake.refusal import bad
from connectors.platforms.refusals import bad_cell, by_columns
from schemas.names import Language
from tests.worlds.small_town import example_street

HOTLINE = next(each for each in example_street().region.platforms if each.code == "hotline")


@pytest.mark.parametrize("column", ["after", "text", "lat", "address"])
def test_a_column_keeps_its_name_where_a_field_of_ours_is_called_so(column: str) -> None:
    answer = bad_cell("platform_no_id", column).answer(Language.ZH)
    assert (answer["where"], f"“{column}”" in answer["message"]) == (column, True)


def test_a_row_that_says_nothing_is_asked_for_its_columns() -> None:
    answer = by_columns(HOTLINE, bad("nothing_said", "text")).answer(Language.EN)
    assert answer["error"] == "platform_nothing_said"
    for column in (*HOTLINE.columns.text, *HOTLINE.columns.address):
        assert column in answer["message"]


def test_a_platform_without_such_columns_hears_the_plain_words() -> None:
    bare = HOTLINE.model_copy(update={"columns": HOTLINE.columns.model_validate({"id": "n"})})
    assert by_columns(bare, bad("nothing_said", "text")).answer(Language.EN)["error"] == "nothing_said"
