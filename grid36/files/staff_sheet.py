"""The staff spreadsheet: who is to be invited. It is compared with the region, which knows who does what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from grid36.files.rulebook.csv_sheets import read_csv
from grid36.files.rulebook.layout import BOOKS
from grid36.files.rulebook.problems import CellPlace, FileProblem, Problems
from grid36.files.rulebook.sheets import Raw, as_shown, is_blank
from grid36.files.rulebook.titles import plain_title
from grid36.files.rulebook.xlsx_sheets import open_workbook
from schemas.directory import Directory
from schemas.errors import WrongInput
from schemas.names import Language, Name
from schemas.people import Person, Role
from texts.catalogue import catalogue

PERSON, ROLE, SEGMENT, SUBSTITUTE, NOT_USED = "person", "role", "segment", "substitute", "not used"
TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    PERSON: ("person", "person_id", "id", "编号", "人员编号", "工号", "人员"),
    ROLE: ("role", "roles", "角色", "岗位"),
    SEGMENT: ("segment", "segments", "路段", "路段编号"),
    SUBSTITUTE: ("substitute", "cover", "代班", "代班人", "替班人"),
    NOT_USED: ("name", "姓名", "shift", "班次", "remark", "备注"),
}
"""How people call the columns. A shift is in the region's calendar, and who stands in on a day is said by `cover`."""
_SEPARATORS: Final = str.maketrans("；、，,/", ";;;;;")
Row = tuple[int, tuple[Raw, ...]]


class UnreadableStaffSheet(WrongInput):
    """This spreadsheet cannot be used. Its first row names the columns, one of them person; correct what is named."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__()

    def message(self, language: Language) -> str:
        """What is wrong, each with its remedy."""
        return "\n".join([super().message(language), *(f"  {each.say(language)}" for each in self.problems)])


@dataclass(frozen=True, slots=True)
class StaffSheet:
    """Who can be invited, in the order of the rows; `unusable` rows are no invitation, `remarks` stop nothing."""

    people: tuple[Person, ...]
    unusable: tuple[FileProblem, ...] = ()
    remarks: tuple[FileProblem, ...] = ()


def read_staff(file: Path, directory: Directory) -> StaffSheet:
    """The rows of a CSV file or of the first sheet of a workbook. Raises `UnreadableStaffSheet`."""
    problems = Problems()
    rows = _rows_of(file, problems)
    head = next(rows, None)
    if head is None and not problems.errors:
        problems.add("empty", CellPlace(file.name), *_said("empty"))
    columns = _columns(file.name, head[1], problems) if head is not None else {}
    if problems.errors:
        raise UnreadableStaffSheet(problems.errors)
    sheet = _Sheet(file.name, directory, columns, problems)
    found = [person for row in rows if (person := sheet.person(*row)) is not None]
    return StaffSheet(
        tuple(found), tuple(problems.errors), tuple(p for p in problems.found if p not in problems.errors)
    )


def _rows_of(file: Path, problems: Problems) -> Iterator[Row]:
    if file.suffix.lower() not in BOOKS:
        sheet = read_csv(file, "staff", problems)
        yield from sheet.rows if sheet is not None else ()
        return
    book = open_workbook(file, problems)
    for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1) if book is not None else ():
        row = tuple(cell if isinstance(cell, str | int | float) or cell is None else str(cell) for cell in cells)
        if not all(map(is_blank, row)):
            yield number, row


def _columns(file: str, titles: Iterable[Raw], problems: Problems) -> dict[str, int]:
    """Column to its number from 0."""
    named = {plain_title(title): column for column, titles in TITLES.items() for title in titles}
    found: dict[str, int] = {}
    for number, raw in enumerate(titles):
        title = (as_shown(raw) or "").strip()
        column = named.get(plain_title(title))
        place = CellPlace(file, 1, title, number + 1)
        if column is None and title:
            known = ", ".join(names[0] for name, names in TITLES.items() if name != NOT_USED)
            problems.warn("unknown_column", place, *_said("unknown_column", known=known))
        elif column in found and column != NOT_USED:
            problems.add("twice", place, *_said("column_twice"))
        elif column is not None:
            found[column] = number
    if PERSON not in found:
        problems.add("no_person", CellPlace(file, 1), *_said("no_person"))
    return found


@dataclass
class _Sheet:
    """The rows against the region; a person appears once."""

    file: str
    directory: Directory
    columns: Mapping[str, int]
    problems: Problems
    seen: dict[str, int] = field(default_factory=dict)

    def person(self, number: int, row: tuple[Raw, ...]) -> Person | None:
        """Whom the row invites; None after saying why it cannot be used."""
        id = self._cell(row, PERSON)
        known = self.directory.person(id)
        before = len(self.problems.errors)
        if not id:
            self._wrong(number, PERSON, "no_id")
        elif known is None:
            self._wrong(number, PERSON, "unknown_person", id)
        elif id in self.seen:
            self._wrong(number, PERSON, "person_twice", id, row=self.seen[id])
        else:
            self.seen[id] = number
            self._role(number, row, known)
            self._segments(number, row, known)
            self._substitute(number, row)
        return known if len(self.problems.errors) == before else None

    def _role(self, number: int, row: tuple[Raw, ...], person: Person) -> None:
        for given in self._several(row, ROLE):
            if role_called(given) not in person.roles:
                self._wrong(number, ROLE, "other_role", given, known=", ".join(person.roles))

    def _segments(self, number: int, row: tuple[Raw, ...], person: Person) -> None:
        for given in self._several(row, SEGMENT):
            segment = self.directory.segment(given)
            if segment is None:
                self._wrong(number, SEGMENT, "unknown_segment", given)
            elif person.id not in {segment.owner, *segment.executors}:
                self._wrong(number, SEGMENT, "other_segment", given, person=person.id)

    def _substitute(self, number: int, row: tuple[Raw, ...]) -> None:
        for given in self._several(row, SUBSTITUTE):
            if self.directory.person(given) is None:
                place = CellPlace(self.file, number, SUBSTITUTE, self.columns[SUBSTITUTE] + 1)
                self.problems.warn("unknown_substitute", place, *_said("unknown_substitute"), given)

    def _wrong(self, number: int, column: str, code: str, value: str = "", **facts: object) -> None:
        place = CellPlace(self.file, number, column, self.columns[column] + 1)
        self.problems.add(code, place, *_said(code, **facts), value or None)

    def _several(self, row: tuple[Raw, ...], column: str) -> list[str]:
        parts = self._cell(row, column).translate(_SEPARATORS).split(";")
        return [part.strip() for part in parts if part.strip()]

    def _cell(self, row: tuple[Raw, ...], column: str) -> str:
        at = self.columns.get(column)
        return (as_shown(row[at]) or "").strip() if at is not None and at < len(row) else ""


def role_called(word: str) -> Role | None:
    """The role of this code or of this name in either language."""
    for role in Role:
        names = {catalogue("pages", language).get(f"person.{role}", "").casefold() for language in Language}
        if word.casefold() in {role.value, *names}:
            return role
    return None


def _said(code: str, **facts: object) -> tuple[Name, Name]:
    """What is wrong, and what to do."""
    return Name.of(f"files.staff_sheet.{code}", **facts), Name.of(f"files.staff_sheet.{code}.remedy", **facts)
