"""One row of a draft as a form shows it: its cells as a workbook would have them."""

from typing import NamedTuple

from schemas.names import Name


class ListRow(NamedTuple):
    """A row that can be chosen: its number from 0, its id, and what it is called."""

    number: int
    id: str
    label: Name | None


class ListSheet(NamedTuple):
    """A sheet with its rows."""

    key: str
    name: Name
    rows: tuple[ListRow, ...]


class EditableCell(NamedTuple):
    """A cell with the title of its column, what goes into it, and the words to choose from; none: any text."""

    title: str
    text: str
    about: str
    choices: tuple[str, ...] = ()


class EditableRow(NamedTuple):
    """A row with all its cells, in the order of the sheet."""

    sheet: Name
    id: str
    cells: tuple[EditableCell, ...]
