"""Turns a decision into the records of its transaction: events, texts, orders, further commands and state."""

from collections.abc import Sequence
from functools import lru_cache

from rules.decision.draft import Decision
from schemas.case import Case, Deadline
from schemas.codec import encode
from schemas.command import AnyCommand
from schemas.errors import Stop
from schemas.settling import SettleCommand
from schemas.topics import COMMANDS, TEXTS, partition_of
from streams.cases.event_writer import written_events
from streams.cases.orders import OrderWriter
from streams.cases.unit_of_work import UnitOfWork
from streams.parked import parked, reason_of, settled
from streams.partition.batches import check_size
from streams.partition.contract import ConsumedRecord, Effects, Latest, Output, Slot

ROOM = 100
"""Bytes by which an event may make its case grow, beside the event's own fields."""


home_partition = lru_cache(65_536)(partition_of)


class StuckDeadlineError(Stop):
    """A deadline fired and nothing changed. This is a fault of the rules: report it with the case."""


class EffectWriter:
    """Writes for one partition of `commands`; `prefix` goes before every topic name."""

    def __init__(self, partition: int, partitions: int, prefix: str) -> None:
        self._source = prefix + COMMANDS
        self._partition = partition
        self._partitions = partitions
        self._prefix = prefix
        self._orders = OrderWriter(prefix, partition)

    def write(
        self,
        decision: Decision,
        change: UnitOfWork,
        offset: int | None,
        fired: tuple[str, Deadline, int] | None = None,
        extra: Sequence[Output] = (),
    ) -> Effects:
        """Fold the decision and make its records; the state of the partition changes last, when nothing can fail."""
        folded = decision.folded or (None,) * len(decision.drafts)
        for draft, after in zip(decision.drafts, folded, strict=True):
            change.take(draft, after)
        texts = self._texts(decision, change)
        if fired is not None:
            _check_fired(change.case(fired[0]), *fired)
        outputs = written_events(decision.drafts, change.totals, self._partition, self._prefix, offset)
        grown = sum([len(event.value or b"") + ROOM for event in outputs])
        outputs += texts
        outputs += [self._effect(command, change.t_ms) for command in decision.effects]
        changes = change.changes(grown)
        effects = Effects([*outputs, *extra], changes, self._latest_orders(decision, change))
        check_size(effects)
        change.accept()
        return effects

    def _texts(self, decision: Decision, change: UnitOfWork) -> list[Output]:
        """Records of texts written and erased; the change learns of both."""
        outputs: list[Output] = []
        if not decision.written and not decision.erased:
            return outputs
        topic = self._prefix + TEXTS
        texts = decision.texts or map(encode, decision.written)
        for words, text in zip(decision.written, texts, strict=True):
            change.write(words.case, text)
            outputs.append(Output(topic, self._partition, words.id.encode(), text, t_ms=change.t_ms))
        change.erase(decision.erased)
        outputs += [Output(topic, self._partition, id.encode(), None, t_ms=change.t_ms) for id in decision.erased]
        return outputs

    def _latest_orders(self, decision: Decision, change: UnitOfWork) -> dict[Slot, Latest]:
        """What goes to departments."""
        orders: dict[Slot, Latest] = {}
        for number, before, after in change.touched():
            found = self._orders.orders(
                before,
                after,
                change.book,
                [draft for draft in decision.drafts if draft.case == number],
                change.words(number),
                t_ms=change.t_ms,
                case_bytes=change.size(number),
            )
            orders.update((order.slot, order) for order in found)
        return orders

    def _effect(self, command: AnyCommand, t_ms: int) -> Output:
        partition = home_partition(command.home, self._partitions)
        return Output(self._source, partition, command.home.encode(), encode(command), t_ms=t_ms)

    def parked(
        self, record: ConsumedRecord | None, error: Exception, t_ms: int, id: str | None, case: str | None
    ) -> Output:
        """The record in `parked` of a command or a deadline that failed."""
        return parked(
            record,
            topic=self._source,
            partition=self._partition,
            prefix=self._prefix,
            t_ms=t_ms,
            error=type(error).__name__,
            reason=reason_of(error),
            id=id,
            case=case,
        )

    def settled(
        self, asked: SettleCommand, t_ms: int, *, report: str | None = None, error: Exception | None = None
    ) -> Output:
        """The record in `parked` that says what became of a person's word; `report` is parked no longer."""
        return settled(
            asked,
            topic=self._source,
            partition=self._partition,
            prefix=self._prefix,
            t_ms=t_ms,
            report=report,
            error=error,
        )


def _check_fired(case: Case | None, number: str, deadline: Deadline, due_ms: int) -> None:
    if case is not None and case.deadlines.get(deadline, due_ms + 1) <= due_ms:
        raise StuckDeadlineError(case=number, deadline=deadline)
