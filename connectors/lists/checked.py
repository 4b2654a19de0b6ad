"""What the check of a draft found: problems, and what it changes of the list in force."""

from datetime import date

from schemas.models import ChoiceEnum, LogModel
from schemas.names import Name


class FindingKind(ChoiceEnum):
    """What a problem means."""

    ERROR = "error"  # it cannot be activated
    WARNING = "warning"  # it can be, but probably should not
    NOTE = "note"  # worth knowing, perhaps intended


class ListFinding(LogModel):
    """One problem: where it is, what it is, what to do."""

    kind: FindingKind
    where: Name
    text: Name
    remedy: Name
    value: str = ""
    """What stands in the cell, or the facts that show it."""


class FieldChange(LogModel):
    """One cell of a row, before and after, as the workbook shows them; None is empty."""

    column: Name
    before: Name | None = None
    after: Name | None = None


class RowChange(LogModel):
    """One row that was added, removed or changed."""

    change: str
    sheet: Name
    id: str
    label: Name | None = None
    fields: tuple[FieldChange, ...] = ()


class Hands(LogModel):
    """Who has the cases of a place; `person` None: nobody, because the list refuses them."""

    person: Name | None = None
    department: Name | None = None
    item: str = ""
    gap: bool = False
    """Nobody is named, so they are with the fallback owner."""


class HandsChange(LogModel):
    """Places where the cases of a category change hands."""

    category: Name
    before: Hands
    after: Hands
    places: tuple[str, ...] = ()
    """The first of them, by their codes."""
    count: int = 0
    given: str = ""
    """In which situation, where it is not always so."""


class ListCheck(LogModel):
    """The whole answer. Lists are cut, with their full numbers beside them."""

    rulebook: str = ""
    """Content hash of the draft; "": it could not be read."""
    against: tuple[str, str]
    """Content hashes of the region and the rulebook that were in force."""
    on: date
    """The day from which it was to hold."""
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    findings: tuple[ListFinding, ...] = ()
    unanswered: int = 0
    """Names that open cases use and that it drops without saying what they became."""
    rows: tuple[RowChange, ...] = ()
    rows_in_all: int = 0
    hands: tuple[HandsChange, ...] = ()
    hands_in_all: int = 0
    places: int = 0
    """Places, counted once for each category, that change hands."""

    @property
    def can_be_activated(self) -> bool:
        """Whether it has no errors."""
        return bool(self.rulebook) and not self.errors
