"""Context of an act: its command, its case, when it really happened, and the decision that it builds."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Unpack

from rules.book.labels import ACT_NAMES, STATE_NAMES, names_of
from rules.book.reasons import because
from rules.decision.builder import DecisionBuilder, with_ref
from schemas.case import Case, State
from schemas.case_change import CaseChange
from schemas.command import Act, Do, RecordWhat
from schemas.event import Because, EventType
from schemas.names import Name
from schemas.rights import CaseRole


class RefusedAct(Exception):  # an answer to the sender, not an error
    """The act is refused; `reason` says why and what to do."""

    def __init__(self, reason: Because) -> None:
        super().__init__(reason.code)
        self.reason = reason


def refused(code: str, **facts: Hashable) -> RefusedAct:
    """The error to raise, with a reason code."""
    return RefusedAct(because(code, **facts))


def wrong_state(state: State, act: Act | RecordWhat, can: Iterable[Act] = ()) -> RefusedAct:
    """The error to raise when the state of a case does not allow the act; names the acts that it allows."""
    allowed = names_of(ACT_NAMES[each] for each in can)
    return refused("wrong_state", state=STATE_NAMES[state], act=ACT_NAMES[act], can=allowed)


@dataclass(slots=True)
class ActContext:
    """`occurred_ms` is clamped between the case's last act and the command's time."""

    command: Do
    case: Case
    builder: DecisionBuilder
    occurred_ms: int
    roles: frozenset[CaseRole]

    @property
    def as_assignee(self) -> bool:
        """Whether the assignee acts, or who does the work for them: that ends the accept clock."""
        return bool(self.roles & {CaseRole.ASSIGNEE, CaseRole.EXECUTOR})

    @property
    def t_ms(self) -> int:
        """The command's time."""
        return self.builder.t_ms

    def happen(
        self,
        kind: EventType,
        reason: Because | None = None,
        /,
        *,
        facts: dict[str, Any] | None = None,
        **now: Unpack[CaseChange],
    ) -> Case:
        """Add an event of this act, dated when it occurred; `case` becomes the case after it."""
        now.setdefault("acted_ms", max(self.occurred_ms, self.case.acted_ms))
        self.case = self.builder.happen(
            self.case, kind, reason or self.reason(), occurred_ms=self.occurred_ms, facts=facts, **now
        )
        return self.case

    def system(
        self, kind: EventType, reason: Because, /, *, facts: dict[str, Any] | None = None, **now: Unpack[CaseChange]
    ) -> Case:
        """Add an event that follows from this act by rule, not from the person."""
        self.case = self.builder.happen(self.case, kind, reason, by="system", facts=facts, **now)
        return self.case

    def reason(self) -> Because:
        """The plain reason: this person did it."""
        return because("act", by=self.name(self.command.by))

    def name(self, person: str) -> Name | str:
        """How to call a person."""
        known = self.builder.book.person(person)
        return known.name if known else person

    def note(self, role: str) -> dict[str, Any]:
        """Store the note, photos and recordings of this act; returns the change that refers to them."""
        ref = self.builder.write(
            self.case.number,
            self.command.id,
            role=role,
            text=self.command.note,
            photos=self.command.photos,
            recordings=self.command.recordings,
            at_ms=self.occurred_ms,
        )
        return with_ref(self.case, ref)
