"""The port to the system: what pages of lists ask of it. `grid36/lists/` answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from connectors.lists.backtested import ListBacktest
from connectors.lists.checked import ListCheck
from connectors.lists.editing import EditableRow, ListSheet
from connectors.lists.question import ListQuestion
from schemas.case import Case
from schemas.names import Language


@dataclass(frozen=True, slots=True)
class ListVersion:
    """One version: in force from a moment on (ms UTC; 0: since the system was created), by whom, why."""

    rulebook: str
    """Content hash."""
    state: str
    """past, in_force, planned or replaced, as of when it was asked for."""
    name: str
    from_ms: int = 0
    by: str = ""
    at_ms: int = 0
    note: str = ""
    in_flight: bool = False
    proposed_by: str = ""


@dataclass(frozen=True, slots=True)
class UncheckedWorkbook:
    """A workbook with the lists, and in YAML what no workbook holds."""

    workbook: bytes
    yaml: str


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """A workbook after its check."""

    check: ListCheck
    rulebook: str
    """The whole rulebook as JSON; "" where it could not be read."""
    remarked: bytes
    """The same workbook with each problem at its cell; empty where it cannot be opened."""


@dataclass(frozen=True, slots=True)
class ActivationOrder:
    """What was approved: the switch has the `id`, so that it is made once, whoever asks again."""

    id: str
    rulebook: str
    """The whole list as JSON."""
    restored: tuple[str, str] | None
    """Content hashes of the region and the rulebook of an earlier version to go back to."""
    against: tuple[str, str]
    """Content hashes of what was in force when it was approved."""
    after: int
    """How many switches there were then."""
    by: str
    """Who approved it."""
    proposed_by: str
    from_ms: int | None
    in_flight: bool
    note: str


@dataclass(frozen=True, slots=True)
class EarlierList:
    """The version before the one in force."""

    title: str
    restored: tuple[str, str]
    rulebook: str


class ListDesk(Protocol):
    """What the system does for the steward. Every method may raise `Retry` and `Stop` with what to do next."""

    async def in_force(self) -> tuple[str, str]:
        """Content hashes of the region and the rulebook in force."""

    def versions(self, t_ms: int) -> tuple[ListVersion, ...]:
        """All versions in order of time, as far as the log was read; empty before that."""

    async def workbook(self, language: Language) -> bytes:
        """The lists in force, with titles in `language`."""

    async def beside_workbook(self) -> str:
        """The rest of the rulebook in force, as YAML."""

    async def dmn(self, version: str, language: Language) -> bytes:
        """The decision tables in force as a DMN file of a version, with labels in `language`."""

    async def from_dmn(self, content: bytes, language: Language) -> UncheckedWorkbook:
        """The lists in force with the decision tables of a DMN file instead of theirs."""

    async def check_workbook(self, draft: UncheckedWorkbook, on: date, language: Language) -> CheckedWorkbook:
        """Check an uploaded workbook as `grid36 rules check` and `diff` do; remarks in `language`."""

    async def sheets(self, draft: str) -> tuple[ListSheet, ...]:
        """The rows of a draft as JSON, sheet by sheet."""

    async def row(self, draft: str, sheet: str, number: int, language: Language) -> EditableRow:
        """One of its rows. Raises `RowElsewhere`."""

    async def with_row(
        self, draft: str, sheet: str, number: int, id: str, cells: Sequence[str], language: Language
    ) -> UncheckedWorkbook:
        """The draft with other cells in this row. Raises `RowUnreadable` and `RowElsewhere`."""

    async def check_rulebook(self, rulebook: str, on: date) -> ListCheck:
        """The same for a whole rulebook as JSON."""

    async def explain(self, question: ListQuestion, draft: str | None, language: Language) -> tuple[str, ...]:
        """What would become of it by the list in force, or by a draft as JSON: lines, as `rules explain` says them."""

    async def backtest(self, draft: str, from_ms: int, to_ms: int) -> ListBacktest:
        """What would have become of the cases of a period (ms UTC) by a draft as JSON."""

    async def earlier(self) -> EarlierList | None:
        """The version before the one in force; None when that is the first."""

    async def activate(self, order: ActivationOrder) -> int:
        """Switch to a list, once for its id; the moment (ms UTC)."""

    async def apply_change(self, case: Case, by: str) -> int:
        """Bring the change that an approved case proposes into the lists in force and planned; the moment (ms UTC)."""

    @property
    def switches(self) -> int:
        """How many switches there are, past and planned, as far as the log was read."""
