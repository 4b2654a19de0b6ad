"""Rows of lists as cells and back: what is saved unchanged changes nothing, what cannot be read is named."""

import pytest

from connectors.lists.errors import RowElsewhere, RowUnreadable
from grid36.lists.row_editing import row_of, sheets_of, with_row
from schemas.names import Language
from schemas.rulebook import Rulebook
from tests.worlds.small_town import example_street


def street() -> Rulebook:
    return example_street().rulebook


@pytest.mark.parametrize("language", Language)
def test_rows_that_are_saved_unchanged_change_nothing(language: Language) -> None:
    """The first, middle and last row of every sheet."""
    sheets = sheets_of(street())
    assert {each.key for each in sheets} >= {"items", "categories", "routing", "limits", "whistles"}
    for sheet in sheets:
        for n in {0, len(sheet.rows) // 2, len(sheet.rows) - 1}:
            row = row_of(street(), sheet.key, n, language)
            cells = [each.text for each in row.cells]
            assert row.id == sheet.rows[n].id
            assert with_row(street(), sheet.key, n, row.id, cells, language) == street()


def test_cells_are_read_as_in_a_workbook_and_faults_are_named() -> None:
    row = row_of(street(), "categories", 0, Language.EN)
    at = next(n for n, each in enumerate(row.cells) if each.title == "resolve")
    cells = [each.text for each in row.cells]

    def saved(text: str) -> Rulebook:
        changed = [*cells[:at], text, *cells[at + 1 :]]
        return with_row(street(), "categories", 0, row.id, changed, Language.EN)

    assert saved("6 小时").categories[0].limits.resolve == "6h"
    assert saved("").categories[0].limits.resolve is None
    with pytest.raises(RowUnreadable) as found:
        saved("soon")
    assert found.value.say(Language.EN).startswith("resolve: this is no limit; write one such as 4h")
    with pytest.raises(RowElsewhere):
        with_row(street(), "categories", 1, row.id, cells, Language.EN)
    with pytest.raises(RowUnreadable):
        with_row(street(), "categories", 0, row.id, ["# remark", *cells[1:]], Language.EN)


def test_an_id_that_others_use_is_not_lost_unseen() -> None:
    """A category that a subcategory belongs to cannot be renamed alone."""
    rulebook = street()
    parent = rulebook.subcategories[0].category
    number = next(n for n, each in enumerate(rulebook.categories) if each.id == parent)
    cells = [each.text for each in row_of(rulebook, "categories", number, Language.EN).cells]
    assert cells[0] == parent
    with pytest.raises(RowUnreadable) as found:
        with_row(rulebook, "categories", number, parent, ["other-id", *cells[1:]], Language.EN)
    assert parent in found.value.say(Language.EN)
