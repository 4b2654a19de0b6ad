"""The step `cases`: commands in; events, texts, orders and effects out; its state is every case not yet archived."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decide import decide, due, questions
from rules.decision.draft import Decision, DecisionContext
from rules.succession import taken_over
from rules.tables.matcher import Question
from schemas.case import Case, Deadline
from schemas.codec import UnreadableError, decode_any, encode
from schemas.command import (
    COMMAND,
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
from schemas.errors import Parked, Stop
from schemas.topics import CASES, COMMANDS, EVERYWHERE, TEXTS, department_topic, partition_of
from streams.cases.case_cache import RecentlyUsed
from streams.cases.event_writer import written_events
from streams.cases.orders import OrderWriter
from streams.cases.parked_events import parked_command, parked_deadline
from streams.cases.state import PartitionState
from streams.cases.succession import Succession
from streams.cases.unit_of_work import UnitOfWork
from streams.parked import parked, reason_of
from streams.partition.batches import check_size
from streams.partition.contract import ConsumedRecord, Effects, Output
from streams.rulebooks.cache import RulebookCache, UnknownContentError
from streams.rulebooks.schedule import Switch, switch_of

Decide = Callable[[Case | None, AnyCommand, DecisionContext], Decision]
DecideDue = Callable[[Case, Deadline, DecisionContext], Decision]
Ask = Callable[[AnyCommand, DecisionContext], list[Question]]

log = logging.getLogger(__name__)

_ASKING = (Open, Recorded)
"""Commands that may ask the matcher; should another one ask, it does so when it is decided, alone."""
ROOM = 100
"""Bytes for what an event makes of a case beside its own fields."""

_home_partition = lru_cache(65_536)(partition_of)


class WrongHomeError(Parked):
    """This command is not in the partition of its home. Let `schemas.topics` compute the partition."""


class StuckDeadlineError(Stop):
    """A deadline fired and nothing changed. This is a fault of the rules: report it with the case."""


class CasesStep:
    """One partition of cases; see `streams.partition.contract.Step` for the contract.

    `prefix` stands before every topic name. In a `history` there are no ticks: only the replay moves time. `recent` is
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
        self._prefix = prefix
        self._history = history
        self._decide = decide
        self._due = due
        self._questions = questions
        self._orders = OrderWriter()
        self._read: dict[int, AnyCommand | UnreadableError] = {}

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Take in state."""
        self.memory.restore(items)

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """The numbers that go with the state; refuses when cases are missing."""
        self.memory.resume(bookkeeping)

    def bookkeeping(self) -> Mapping[str, object]:
        """Ordinal, digest, counts and planned rulebooks."""
        return self.memory.totals.dump()

    def next_due(self) -> int | None:
        """When the earliest deadline falls due, or a region takes effect that may hand cases over."""
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
        commands = [command for command in self._read.values() if not isinstance(command, UnreadableError)]
        await self._load(commands, max((record.t_ms for record in records), default=None))
        asked: dict[int, tuple[CompiledRulebook, list[Question]]] = {}
        for record in records:
            command = self._read[record.offset]
            if isinstance(command, _ASKING):
                book = self._book(record.t_ms)
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
        self._check(command)
        case = _case_of(command, self.memory)
        change = UnitOfWork(self.memory, self._book(t_ms, case), t_ms)
        return self._done(self._decide(case, command, change), change, record.offset)

    def due(self, t_ms: int) -> Effects | None:
        """Fire the earliest deadline before `t_ms`, at its own time."""
        first = self.memory.first_due()
        handed = self._handed_over(t_ms if first is None else min(t_ms, first[2] + 1))
        if handed is not None:
            return handed
        if first is None or first[2] >= t_ms:
            return None
        case, deadline, due_ms = first
        change = UnitOfWork(self.memory, self._book(due_ms, case), due_ms)
        decision = self._due(case, deadline, change)
        return self._done(decision, change, None, (case.number, deadline, due_ms))

    def _handed_over(self, before_ms: int) -> Effects | None:
        """One case more that a region which took effect before then gives to whoever replaces its people."""
        switch = self._succession.next()
        if switch is None or switch.effective_ms >= before_ms:
            return None
        given = self._succession.next_case(switch, lambda case: self._book(switch.effective_ms, case))
        if given is None:
            return Effects()
        change = UnitOfWork(self.memory, given[1], switch.effective_ms)
        decision = taken_over(given[0], change)
        effects = self._done(decision, change, None) if decision.drafts else Effects()
        self._succession.done()
        return effects

    def park(self, record: ConsumedRecord, error: Exception, t_ms: int) -> Effects:
        """Set a command aside, and say so among the events."""
        read = self._read.get(record.offset) or _read(record)
        command = None if isinstance(read, UnreadableError) else read
        change = UnitOfWork(self.memory, self._book(t_ms), t_ms)
        draft = parked_command(record, command, error, change.book.region.code, t_ms)
        aside = self._aside(record, error, t_ms, command.id if command else None, draft.case)
        return self._done(Decision((draft,)), change, record.offset, extra=[aside])

    def park_due(self, error: Exception, t_ms: int) -> Effects:
        """Take the earliest deadline away, and say so among the events."""
        if (number := self._succession.done()) is not None:
            log.error("case %s keeps the people that it had: %r", number, error)
            return Effects()
        if (first := self.memory.first_due()) is None:
            return Effects()
        case, deadline, due_ms = first
        change = UnitOfWork(self.memory, self._book(due_ms), due_ms)
        draft = parked_deadline(case, deadline, error, change.book.region.code, due_ms)
        aside = self._aside(None, error, due_ms, draft.command, case.number)
        return self._done(Decision((draft,)), change, None, extra=[aside])

    def _aside(
        self, record: ConsumedRecord | None, error: Exception, t_ms: int, id: str | None, case: str | None
    ) -> Output:
        return parked(
            record,
            topic=self.source,
            partition=self._partition,
            prefix=self._prefix,
            t_ms=t_ms,
            error=type(error).__name__,
            reason=reason_of(error),
            id=id,
            case=case,
        )

    def _done(
        self,
        decision: Decision,
        change: UnitOfWork,
        offset: int | None,
        fired: tuple[str, Deadline, int] | None = None,
        extra: Sequence[Output] = (),
    ) -> Effects:
        """Fold the decision, write it down, and take it into memory as the very last thing."""
        folded = decision.folded or (None,) * len(decision.drafts)
        for draft, after in zip(decision.drafts, folded, strict=True):
            change.take(draft, after)
        texts = self._texts(decision, change)
        if fired is not None:
            _check_fired(change.case(fired[0]), *fired)
        outputs = written_events(decision.drafts, change.totals, self._partition, self._prefix, offset)
        grown = sum([len(event.value or b"") + ROOM for event in outputs])
        outputs += texts
        outputs += self._told(decision, change)
        outputs += [self._effect(command, change.t_ms) for command in decision.effects]
        effects = Effects([*outputs, *extra], change.changes(grown))
        check_size(effects)
        change.accept()
        return effects

    def _texts(self, decision: Decision, change: UnitOfWork) -> list[Output]:
        """What was written and what is erased, taken into the change."""
        outputs: list[Output] = []
        if not decision.written and not decision.erased:
            return outputs
        topic = self._prefix + TEXTS
        for words in decision.written:
            text = encode(words)
            change.write(words.case, text)
            outputs.append(Output(topic, self._partition, words.id.encode(), text, t_ms=change.t_ms))
        change.erase(decision.erased)
        outputs += [Output(topic, self._partition, id.encode(), None, t_ms=change.t_ms) for id in decision.erased]
        return outputs

    def _told(self, decision: Decision, change: UnitOfWork) -> list[Output]:
        """What departments are told."""
        outputs: list[Output] = []
        for number, before, after in change.touched():
            drafts = [draft for draft in decision.drafts if draft.case == number]
            for told in self._orders.records(before, after, change.book, drafts, change.words(number)):
                topic = self._prefix + department_topic(told.department)
                headers = told.headers(change.t_ms)
                outputs.append(Output(topic, self._partition, told.case.encode(), told.value, headers, change.t_ms))
        return outputs

    def _effect(self, command: AnyCommand, t_ms: int) -> Output:
        partition = _home_partition(command.home, self._partitions)
        return Output(self.source, partition, command.home.encode(), encode(command), t_ms=t_ms)

    def _check(self, command: AnyCommand) -> None:
        if command.home != EVERYWHERE and _home_partition(command.home, self._partitions) != self._partition:
            raise WrongHomeError(home=command.home, partition=self._partition)
        if isinstance(command, Recorded) and command.what is RecordWhat.OPENED:  # the others an importer sends as well
            self._cache.check_past()
        if isinstance(command, Activate) and not self._cache.has(switch_of(command)):
            raise UnknownContentError(rulebook=command.rulebook, region=command.region)

    def _book(self, t_ms: int, case: Case | None = None) -> CompiledRulebook:
        """What is active at a time; for a case in flight with the rulebook that it goes by."""
        totals = self.memory.totals
        switch = totals.active(t_ms) or self._cache.first
        own = totals.rulebook_of(case, t_ms)
        if case is None or own is None:
            return self._cache.need(switch)
        return self._cache.need_for(case, switch._replace(rulebook=own))

    async def _load(self, commands: Sequence[AnyCommand], until_ms: int | None) -> None:
        """Have all books that may decide until then; those of a later time are begun, and nobody waits for them."""
        planned = [self._cache.first, *self.memory.totals.switches]
        asked = [switch_of(command) for command in commands if isinstance(command, Activate)]
        self._cache.needs(self, [*planned, *asked], self._books_by([*planned, *asked]))
        planned += [each for each in asked if await self._cache.offer(each, until_ms)]  # `apply` sets others aside
        for switch in self._books_by(planned):
            await self._cache.plan(switch, until_ms)
        if any(isinstance(command, Recorded) for command in commands):
            await self._cache.remember()

    def _books_by(self, planned: Sequence[Switch]) -> Iterator[Switch]:
        """Each book that may decide when these are planned: also for cases in flight, with the rulebook of theirs."""
        for switch in planned:
            until = (each.rulebook for each in planned if each.effective_ms <= switch.effective_ms)
            for version in sorted({*self.memory.versions(), *until}):
                yield switch._replace(rulebook=version)

    def _questions_of(self, command: AnyCommand, book: CompiledRulebook, t_ms: int) -> list[Question]:
        try:
            return self._questions(command, UnitOfWork(self.memory, book, t_ms))
        except Exception:  # noqa: BLE001  # asking ahead is optional; `apply` meets the same fault and has it parked
            return []


def _read(record: ConsumedRecord) -> AnyCommand | UnreadableError:
    try:
        return decode_any(COMMAND, record.value)
    except UnreadableError as error:
        return error


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


def _check_fired(case: Case | None, number: str, deadline: Deadline, due_ms: int) -> None:
    if case is not None and case.deadlines.get(deadline, due_ms + 1) <= due_ms:
        raise StuckDeadlineError(case=number, deadline=deadline)
