"""The step `cases`: commands in; events, texts, orders and effects out; its state is every case not yet archived."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decide import decide, due, questions
from rules.decision.draft import Decision, DecisionContext
from rules.succession import taken_over
from rules.tables.matcher import Question
from schemas.case import Case, Deadline
from schemas.codec import UnreadableError, decode_any, encode
from schemas.command import (
    Activate,
    AnyCommand,
    Do,
    Join,
    Joined,
    Leave,
    MasterEnded,
    Open,
    RecordWhat,
    Supply,
    Tick,
)
from schemas.command import Record as Recorded
from schemas.errors import Parked
from schemas.settling import IN_COMMANDS, AnyInCommands, Settle, SettleCommand
from schemas.topics import CASES, COMMANDS, EVERYWHERE
from streams.cases.case_cache import RecentlyUsed
from streams.cases.effects import EffectWriter, home_partition
from streams.cases.parked_events import parked_command, parked_deadline, settled_command
from streams.cases.rulebooks import PartitionRulebooks
from streams.cases.state import PartitionState
from streams.cases.succession import Succession
from streams.cases.unit_of_work import UnitOfWork
from streams.partition.contract import ConsumedRecord, Effects, Output
from streams.rulebooks.cache import RulebookCache, UnknownContentError
from streams.rulebooks.schedule import switch_of

Decide = Callable[[Case | None, AnyCommand, DecisionContext], Decision]
DecideDue = Callable[[Case, Deadline, DecisionContext], Decision]
Ask = Callable[[AnyCommand, DecisionContext], list[Question]]

log = logging.getLogger(__name__)

_ASKING = (Open, Recorded)
"""Commands whose questions are asked ahead, in one batch; any other asks the matcher when it is decided."""


class NothingToRetryError(Parked):
    """A deadline, and what cannot be read, cannot be tried again. Act on the case, or drop the record."""


class WrongHomeError(Parked):
    """This command is not in the partition of its home. Let `schemas.topics` compute the partition."""


class CasesStep:
    """One partition of cases; see `streams.partition.contract.Step` for the contract.

    `prefix` goes before every topic name. In a `history` there are no ticks: only the replay moves time. `recent` is
    shared by the partitions of a worker. The three functions are the rules; a bench or a proof may bring its own.
    """

    def __init__(
        self,
        partition: int,
        partitions: int,
        cache: RulebookCache,
        *,
        prefix: str = "",
        history: bool = False,
        recent: RecentlyUsed | None = None,
        decide: Decide = decide,
        due: DecideDue = due,
        questions: Ask = questions,
    ) -> None:
        self.source = prefix + COMMANDS
        self.state = prefix + CASES
        self.memory = PartitionState(recent)
        self._succession = Succession(self.memory)
        self._partition = partition
        self._partitions = partitions
        self._cache = cache
        self._rulebooks = PartitionRulebooks(cache, self.memory)
        self._effects = EffectWriter(partition, partitions, prefix)
        self._history = history
        self._decide = decide
        self._due = due
        self._questions = questions
        self._read: dict[int, AnyInCommands | UnreadableError] = {}

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Take in state."""
        self.memory.restore(items)

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """Load the numbers that go with the state. Raises `StateBrokenError` when cases are missing."""
        self.memory.resume(bookkeeping)

    def bookkeeping(self) -> Mapping[str, object]:
        """Ordinal, digest, counts and planned rulebooks."""
        return self.memory.totals.dump()

    def next_due(self) -> int | None:
        """When the earliest deadline falls due, or when a region takes effect that may hand cases over."""
        due_ms, switch = self.memory.next_due(), self._succession.next()
        return due_ms if switch is None else min(switch.effective_ms, switch.effective_ms if due_ms is None else due_ms)

    def tick(self) -> Output | None:
        """A wake-up for this partition; none in a history."""
        totals = self.memory.totals
        if self._history or totals.history:
            return None
        tick = Tick(id=f"tick-{self._partition}-{totals.n}", home=EVERYWHERE)
        return Output(self.source, self._partition, EVERYWHERE.encode(), encode(tick))

    async def prepare(self, records: Sequence[ConsumedRecord]) -> None:
        """Read the commands, load the books they need, and let the matcher answer all their questions at once."""
        self._read = {record.offset: _read(record) for record in records}
        commands = [each for read in self._read.values() if (each := _decided_in(read)) is not None]
        await self._rulebooks.load(commands, max((record.t_ms for record in records), default=None))
        asked: dict[int, tuple[CompiledRulebook, list[Question]]] = {}
        for record in records:
            command = self._read[record.offset]
            if isinstance(command, _ASKING):
                book = self._rulebooks.at(record.t_ms)
                asked.setdefault(id(book), (book, []))[1].extend(self._questions_of(command, book, record.t_ms))
        for book, wanted in asked.values():
            if wanted:
                await book.matcher.prepare(wanted)

    def apply(self, record: ConsumedRecord, t_ms: int) -> Effects:
        """Decide one command."""
        command = self._read.get(record.offset) or _read(record)
        if isinstance(command, UnreadableError):
            raise command
        if isinstance(command, Tick):
            return Effects()
        if isinstance(command, SettleCommand):
            return self._settle(command, record, t_ms)
        self._check(command)
        case = _case_of(command, self.memory)
        change = UnitOfWork(self.memory, self._rulebooks.at(t_ms, case), t_ms)
        return self._effects.write(self._decide(case, command, change), change, record.offset)

    def due(self, t_ms: int) -> Effects | None:
        """Fire the earliest deadline before `t_ms`, at its own time."""
        first = self.memory.first_due()
        handed = self._handed_over(t_ms if first is None else min(t_ms, first[2] + 1))
        if handed is not None:
            return handed
        if first is None or first[2] >= t_ms:
            return None
        case, deadline, due_ms = first
        change = UnitOfWork(self.memory, self._rulebooks.at(due_ms, case), due_ms)
        decision = self._due(case, deadline, change)
        return self._effects.write(decision, change, None, (case.number, deadline, due_ms))

    def _handed_over(self, before_ms: int) -> Effects | None:
        """Hand over one more case to whoever replaces its people in a region that took effect before `before_ms`."""
        switch = self._succession.next()
        if switch is None or switch.effective_ms >= before_ms:
            return None
        given = self._succession.next_case(switch, lambda case: self._rulebooks.at(switch.effective_ms, case))
        if given is None:
            return Effects()
        change = UnitOfWork(self.memory, given[1], switch.effective_ms)
        decision = taken_over(given[0], change)
        effects = self._effects.write(decision, change, None) if decision.drafts else Effects()
        self._succession.done()
        return effects

    def park(self, record: ConsumedRecord, error: Exception, t_ms: int) -> Effects:
        """Park a command, and write an event about it."""
        read = self._read.get(record.offset) or _read(record)
        if isinstance(read, SettleCommand):
            return Effects([self._effects.settled(read, t_ms, error=error)])
        command = None if isinstance(read, UnreadableError) else read
        change = UnitOfWork(self.memory, self._rulebooks.at(t_ms), t_ms)
        draft = parked_command(record, command, error, change.book.region.code, t_ms)
        aside = self._effects.parked(record, error, t_ms, command.id if command else None, draft.case)
        return self._effects.write(Decision((draft,)), change, record.offset, extra=[aside])

    def park_due(self, error: Exception, t_ms: int) -> Effects:
        """Remove the earliest deadline, and write an event about it."""
        if (number := self._succession.done()) is not None:
            log.error("a case keeps the people that it had: %r", error, extra={"case": number})
            return Effects()
        if (first := self.memory.first_due()) is None:
            return Effects()
        case, deadline, due_ms = first
        change = UnitOfWork(self.memory, self._rulebooks.at(due_ms), due_ms)
        draft = parked_deadline(case, deadline, error, change.book.region.code, due_ms)
        aside = self._effects.parked(None, error, due_ms, draft.command, case.number)
        return self._effects.write(Decision((draft,)), change, None, extra=[aside])

    def _settle(self, asked: SettleCommand, record: ConsumedRecord, t_ms: int) -> Effects:
        """Decide a parked command as if it came now, or drop it: once, whoever asks how often."""
        change = UnitOfWork(self.memory, self._rulebooks.at(t_ms), t_ms)
        if change.seen(asked.id):
            return Effects()
        parked = _parked_in(asked)
        draft = settled_command(asked, parked, change.book.region.code, t_ms)
        decision = Decision()
        if asked.settle is Settle.RETRY:
            if parked is None:
                raise NothingToRetryError
            self._check(parked)
            case = _case_of(parked, self.memory)
            if isinstance(parked, Open) and case is not None:
                return Effects()  # it was tried again so long ago that this is forgotten
            change = UnitOfWork(self.memory, self._rulebooks.at(t_ms, case), t_ms)
            decision = self._decide(case, parked, change)
        folded = decision.folded or (None,) * len(decision.drafts)
        both = replace(decision, drafts=(draft, *decision.drafts), folded=(None, *folded))
        done = self._effects.settled(asked, t_ms, report=draft.facts.get("report"))
        return self._effects.write(both, change, record.offset, extra=[done])

    def _check(self, command: AnyCommand) -> None:
        if command.home != EVERYWHERE and home_partition(command.home, self._partitions) != self._partition:
            raise WrongHomeError(home=command.home, partition=self._partition)
        if (
            isinstance(command, Recorded) and command.what is RecordWhat.OPENED
        ):  # importers of live systems send the other kinds too
            self._cache.check_past()
        if isinstance(command, Activate) and not self._cache.has(switch_of(command)):
            raise UnknownContentError(rulebook=command.rulebook, region=command.region)

    def _questions_of(self, command: AnyCommand, book: CompiledRulebook, t_ms: int) -> list[Question]:
        try:
            return self._questions(command, UnitOfWork(self.memory, book, t_ms))
        except Exception:  # noqa: BLE001  # asking ahead is optional; `apply` meets the same fault and has it parked
            return []


def _read(record: ConsumedRecord) -> AnyInCommands | UnreadableError:
    try:
        return decode_any(IN_COMMANDS, record.value)
    except UnreadableError as error:
        return error


def _parked_in(asked: SettleCommand) -> AnyCommand | None:
    """The parked command; None for a deadline, and for what still cannot be read."""
    try:
        parked = decode_any(IN_COMMANDS, asked.value)
    except UnreadableError:
        return None
    return None if isinstance(parked, SettleCommand) else parked


def _decided_in(read: AnyInCommands | UnreadableError) -> AnyCommand | None:
    """The command that is to be decided: for a word on a parked one, that."""
    if isinstance(read, SettleCommand):
        return _parked_in(read)
    return None if isinstance(read, UnreadableError) else read


def _case_of(command: AnyCommand, memory: PartitionState) -> Case | None:
    match command:
        case Do() | Join() | Joined() | Leave() | MasterEnded():
            return memory.case(command.case)
        case Open() | Recorded():
            return memory.case_of(command.home, command.report.id)
        case Supply():
            return memory.case_of(command.home, command.report)
        case _:
            return None
