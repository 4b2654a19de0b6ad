"""The value of a decision: drafts of events, texts to store with them, and commands for other homes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.case import Case
from schemas.command import AnyCommand
from schemas.event import Because, EventType
from schemas.order import Written
from schemas.place import PlaceFound
from schemas.rulebook import Merge


@dataclass(frozen=True, slots=True)
class Draft:
    """An event without its place in the log yet. `now` holds Python values of `Case` fields."""

    type: EventType
    home: str
    grid: str
    t_ms: int
    command: str
    by: str
    case: str | None = None
    occurred_ms: int | None = None
    because: Because | None = None
    now: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from one command or deadline, in order. Empty: a duplicate, or nothing was due."""

    drafts: tuple[Draft, ...] = ()
    written: tuple[Written, ...] = ()
    erased: tuple[str, ...] = ()
    """Ids in `texts` that become tombstones."""
    effects: tuple[AnyCommand, ...] = ()
    """Commands for other homes, appended in the same transaction."""
    folded: tuple[Case | None, ...] = field(default=(), compare=False, repr=False)
    """The case after each draft (see `rules.decision.fold.fold`), so that nobody has to fold again; or empty."""
    texts: tuple[bytes, ...] = field(default=(), compare=False, repr=False)
    """The bytes of `written`, so that nobody has to encode it again; or empty."""


class DecisionContext(Protocol):
    """What a decision may read besides its case: the state of the partition as of `t_ms`."""

    book: CompiledRulebook
    t_ms: int

    def case(self, number: str) -> Case | None:
        """A case of this partition that is not archived."""

    def case_of(self, home: str, report: str) -> Case | None:
        """The case that the report opened in `home`."""

    def open_cases(
        self, home: str, category: str, place: PlaceFound | None = None, merge: Merge | None = None
    ) -> Iterable[Case]:
        """Cases of one home and category that a new report could be a duplicate of, oldest first.

        With `place` and `merge`, cases too far away for that rule may be left out.
        """

    def next_number(self, home: str, t_ms: int) -> str:
        """The number that the next case of `home` gets, counted per month of the region's zone."""

    def written(self, number: str) -> tuple[Written, ...]:
        """The texts of an open case, oldest first."""

    def seen(self, command: str) -> bool:
        """Whether this command, which concerns no case of this partition, is among the recent ones."""

    def repeats(self, home: str, categories: Iterable[str], segment: str | None) -> tuple[int, int]:
        """How often it was reported under these names on the segment and in the home in the seven days before now.

        The stream counts it while the active rulebook uses it.
        """

    def load(self, home: str, person: str) -> int:
        """How many open cases of a home somebody has."""

    def stands_in(self, person: str, t_ms: int) -> str | None:
        """Who covers for `person`; the person itself when not away; None when away without cover."""
