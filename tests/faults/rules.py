"""Rules with faults on purpose: chosen commands raise, always or once, and a zombie decides by other rules.

Workers under test and the plain run that judges them use the same ones (but for the zombie, whom nobody may hear).
"""

from dataclasses import replace
from typing import Final

from rules.decide import decide
from rules.decision.draft import Decision, DecisionContext
from schemas.case import Case
from schemas.command import AnyCommand

POISON: Final = "poison-"
"""Commands whose id begins so raise whenever they are decided."""
FLAKY: Final = "flaky-"
"""... raise the first time a process decides them."""
GHOST: Final = "ghost"
"""The fact that only a zombie adds to an event."""


class PoisonedError(RuntimeError):
    """This command was chosen to fail."""


class Faulty:
    """`decide` with its faults; one per process."""

    def __init__(self) -> None:
        self._met: set[str] = set()

    def __call__(self, case: Case | None, command: AnyCommand, context: DecisionContext) -> Decision:
        """Decide, or raise."""
        if command.id.startswith(POISON):
            raise PoisonedError
        if command.id.startswith(FLAKY) and command.id not in self._met:
            self._met.add(command.id)
            raise PoisonedError
        return decide(case, command, context)


def haunted(decision: Decision) -> Decision:
    """The same decision by other rules: every event says so."""
    return replace(decision, drafts=tuple(replace(draft, facts={**draft.facts, GHOST: 1}) for draft in decision.drafts))
