"""Hands cases to the people who replace others in a new region: when it takes effect, one by one, like deadlines.

State, switches and the time of the last event determine what is left, so a restart finds the rest again.
"""

from collections.abc import Callable

from pydantic_core import to_json

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.case import Case
from streams.cases.state import PartitionState
from streams.rulebooks.schedule import Switch


class Succession:
    """The switches not looked at yet, and the cases that the current one hands over."""

    def __init__(self, memory: PartitionState) -> None:
        self._memory = memory
        self._looked_ms = -1
        self._left: list[str] | None = None

    def next(self) -> Switch | None:
        """The first switch not looked at; those before the last event are done."""
        totals = self._memory.totals
        if not totals.switches:  # nearly always, and this is asked with every record
            return None
        since = max(self._looked_ms, totals.last_ms - 1)
        return next((each for each in totals.switches if each.effective_ms > since), None)

    def next_case(
        self, switch: Switch, book_of: Callable[[Case | None], CompiledRulebook]
    ) -> tuple[Case, CompiledRulebook] | None:
        """A case that names somebody who is replaced from this switch on, and its book; None: that was the last."""
        if self._left is None:
            words = [to_json(name) for name in sorted(book_of(None).heirs.gone)]
            self._left = sorted(self._memory.mentioning(words), reverse=True) if words else []
        while self._left:
            case = self._memory.case(self._left[-1])
            if case is not None:
                return case, book_of(case)
            self.done()
        self._looked_ms, self._left = switch.effective_ms, None
        return None

    def done(self) -> str | None:
        """Finish the case given last, handed over or parked; its number, or None when none was given."""
        return self._left.pop() if self._left else None
