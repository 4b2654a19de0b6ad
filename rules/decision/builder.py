"""Builder of a decision; each event is folded into its case before the next."""

from collections.abc import Iterable
from typing import Any, Unpack, cast

from rules.decision.draft import Decision, DecisionContext, Draft
from rules.decision.fold import fold
from schemas.case import Case, Decided, TextRef
from schemas.case_change import NAMES, CaseChange
from schemas.codec import encode
from schemas.command import Act, AnyCommand
from schemas.event import Because, EventType, digest_of
from schemas.order import Written
from schemas.report import Photo, Recording

MOST_ID = 100
"""Characters of the id of a command, as `schemas.report.Id` has it."""


class DecisionBuilder:
    """Collects drafts, texts and commands of one decision; nothing outside sees it change."""

    def __init__(self, context: DecisionContext, command: str, by: str, home: str) -> None:
        self.context = context
        self.book = context.book
        self.t_ms = context.t_ms
        self.command = command
        self.by = by
        self.home = home
        self._drafts: list[Draft] = []
        self._folded: list[Case | None] = []
        self._written: list[Written] = []
        self._texts: list[bytes] = []
        self._erased: list[str] = []
        self._effects: list[AnyCommand] = []
        self._stands: dict[str, Case] = {}
        self._signed: tuple[str, Act, int] | None = None

    def sign(self, number: str, act: Act, at_ms: int) -> None:
        """The first event of this case carries the act and its person, for those who looked at the case before."""
        self._signed = (number, act, at_ms)

    def happen(
        self,
        case: Case | None,
        kind: EventType,
        because: Because | None = None,
        /,
        *,
        number: str | None = None,
        by: str | None = None,
        occurred_ms: int | None = None,
        facts: dict[str, Any] | None = None,
        **now: Unpack[CaseChange],
    ) -> Case:
        """Add an event of `case` (None: the first one of `number`); returns the case after it.

        The result is the case as the log has it: other changes that a caller made to `case` are dropped.
        """
        if not NAMES.issuperset(now):
            raise TypeError(f"a case has no {', '.join(sorted(now.keys() - NAMES))}")
        case = case and self.standing(case)
        if case is not None and self._signed is not None and self._signed[0] == case.number:
            _, act, at_ms = self._signed
            now["decided"] = Decided(seq=case.seq + 1, act=act, by=self.by, at_ms=at_ms)
            self._signed = None
        place = now.get("place") or (case.place if case else None)
        draft = Draft(
            type=kind,
            home=case.home if case else self.home,
            grid=place.grid if place else self._own_grid(),
            t_ms=self.t_ms,
            command=self.command,
            by=by or self.by,
            case=case.number if case else number,
            occurred_ms=occurred_ms if occurred_ms != self.t_ms else None,
            because=because,
            now=cast("dict[str, Any]", now),
            facts=facts or {},
        )
        after = fold(case, draft)
        self._drafts.append(draft)
        self._folded.append(after)
        self._stands[after.number] = after
        return after

    def aside(self) -> "DecisionBuilder":
        """A copy to try what would follow: it sees this decision so far, and its own events are discarded."""
        other = DecisionBuilder(self.context, self.command, self.by, self.home)
        other._stands = dict(self._stands)
        return other

    def standing(self, case: Case) -> Case:
        """The case after all events of this decision."""
        return self._stands.get(case.number) or self.context.case(case.number) or case

    def note(
        self,
        kind: EventType,
        because: Because,
        facts: dict[str, Any],
        *,
        grid: str | None = None,
        case: str | None = None,
    ) -> None:
        """Add an event that changes no case of this partition; `case` is the number of an archived one."""
        self._drafts.append(
            Draft(
                kind,
                self.home,
                grid or self._own_grid(),
                self.t_ms,
                self.command,
                self.by,
                case=case,
                because=because,
                facts=facts,
            )
        )
        self._folded.append(None)

    def follow_up(self, *parts: str) -> str:
        """Id of a command that follows from this one: deterministic, and never too long."""
        name = "/".join(parts)
        return name if len(name) <= MOST_ID else f"{name[:40]}~{digest_of(name.encode())}"

    def write(
        self,
        number: str,
        text_id: str,
        *,
        role: str,
        text: str,
        photos: Iterable[Photo],
        at_ms: int,
        recordings: tuple[Recording, ...] = (),
    ) -> TextRef | None:
        """Store a text with what came with it; None when there is nothing to store."""
        shown = tuple(photos)
        if not text and not shown and not recordings:
            return None
        words = Written(
            id=text_id, case=number, by=self.by, role=role, at_ms=at_ms, text=text, photos=shown, recordings=recordings
        )
        raw = encode(words)
        self._written.append(words)
        self._texts.append(raw)
        return TextRef(id=text_id, digest=digest_of(raw), by=self.by, at_ms=at_ms, role=role, photos=len(shown))

    def words_of(self, case: Case) -> tuple[Written, ...]:
        """The texts of a case, oldest first, including those of this decision."""
        earlier = self.context.written(case.number)
        return (*earlier, *(words for words in self._written if words.case == case.number))

    def erase(self, ids: Iterable[str]) -> None:
        """Make tombstones of these texts."""
        self._erased.extend(ids)

    def send(self, command: AnyCommand) -> None:
        """Append a command for another home."""
        self._effects.append(command)

    def done(self) -> Decision:
        """The finished decision."""
        return Decision(
            tuple(self._drafts),
            tuple(self._written),
            tuple(self._erased),
            tuple(self._effects),
            tuple(self._folded),
            tuple(self._texts),
        )

    def _own_grid(self) -> str:
        return self.home.removeprefix(self.book.region.code + "-")


def with_ref(case: Case, ref: TextRef | None) -> dict[str, Any]:
    """The change that adds a text reference to a case, if there is one."""
    return {"texts": (*case.texts, ref)} if ref else {}
