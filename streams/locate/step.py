"""The step `locate`: reports in, commands out, each report once and to the home of its place."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.codec import decode_any, encode, joined, writer
from schemas.command import Open, Supply
from schemas.report import MAX_BYTES, Activation, Report, Supplement, Unusable
from schemas.settling import IN_REPORTS, AnyInReports, Settle, SettleReport
from schemas.topics import COMMANDS, INTAKE, REPORTS, home, partition_of
from streams.locate.errors import (
    NeverRetriedError,
    ReportIdReusedError,
    ReportTooLargeError,
    ReportTooOldError,
    UnknownReportError,
    UnusableRowError,
    WrongPartitionError,
)
from streams.locate.placing import place_supplied, placed
from streams.locate.reading import DROPPED, SETTLE, asked_switches, is_settled, readable_id, settle_in
from streams.locate.seen_record import content_digest, digest, seen_in, seen_value
from streams.locate.seen_reports import Intake, Seen
from streams.parked import parked, reason_of, settled
from streams.partition.batches import check_size
from streams.partition.contract import ConsumedRecord, Effects, Output, StepWithoutDeadlines
from streams.rulebooks.cache import RulebookCache, UnknownContentError
from streams.rulebooks.schedule import Switch, active, planned, switch_of

DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000
KEEP_MS: Final = 45 * DAY_MS
"""How long an id is remembered: longer than `reports` are kept (21 days by default) by more than 7 days."""
LOOKS: Final = 4
"""How many remembered ids are checked for expiry with each report."""

_home_partition = lru_cache(65_536)(partition_of)


_OPEN: Final = b'{"type":"open"}'
_open = writer(Open)
"""Encodes the command of a located report around the report's own bytes."""


class LocateStep(StepWithoutDeadlines):
    """One partition of reports; by the contract of `streams.partition`. `keep_ms`: how long ids are remembered."""

    def __init__(
        self, partition: int, partitions: int, cache: RulebookCache, *, prefix: str = "", keep_ms: int = KEEP_MS
    ) -> None:
        self.source = prefix + REPORTS
        self.state = prefix + INTAKE
        self._commands = prefix + COMMANDS
        self._partition = partition
        self._partitions = partitions
        self._cache = cache
        self._prefix = prefix
        self._keep_ms = keep_ms
        self._intake = Intake()
        self._counts: dict[str, int] = {}
        self._switches: tuple[Switch, ...] = ()

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Take in state."""
        for report, value in items:
            self._intake.put(report, seen_in(value))

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """The counts: accepted, parked, located, waiting, supplied, repeated, aside (parked without being accepted).

        And the regions in which places are looked up, each from a time on.
        """
        counts: Any = bookkeeping.get("counts", {})
        switches: Any = bookkeeping.get("switches", ())
        self._counts = dict(counts)
        self._switches = tuple(Switch(*each) for each in switches)

    def bookkeeping(self) -> Mapping[str, object]:
        """The counts, and planned regions where there are any."""
        counts = {"counts": dict(sorted(self._counts.items()))}
        return counts | {"switches": [each.dump() for each in self._switches]} if self._switches else counts

    async def prepare(self, records: Sequence[ConsumedRecord]) -> None:
        """Load the regions, including those that these records ask for."""
        until_ms = max((record.t_ms for record in records), default=None)
        own, asked = (self._cache.first, *self._switches), [*asked_switches(records)]
        self._cache.needs(self, (*own, *asked))
        for switch in own:
            await self._cache.plan(switch, until_ms)
        for switch in asked:
            await self._cache.offer(switch, until_ms)  # `apply` parks those that are missing

    def apply(self, record: ConsumedRecord, t_ms: int) -> Effects:
        """Locate one report, or pass on what its reporter supplied. Raises an error for `park` when it cannot."""
        if len(record.value or b"") > MAX_BYTES and not (record.value or b"").startswith(SETTLE):
            raise ReportTooLargeError(bytes=len(record.value or b""))
        incoming = decode_any(IN_REPORTS, record.value)
        self._check_partition(incoming)
        match incoming:
            case SettleReport():
                return self._settle(incoming, t_ms)
            case Report():
                return self._report(incoming, t_ms)
            case Supplement():
                return self._supplement(incoming, t_ms)
            case Unusable():
                raise UnusableRowError(id=incoming.id, reason=incoming.reason)
            case Activation():
                return self._activation(switch_of(incoming), t_ms)

    def park(self, record: ConsumedRecord, error: Exception, t_ms: int) -> Effects:
        """Park a record. One with a readable id, not seen before, is accepted and counts as parked."""
        if (asked := settle_in(record)) is not None:
            return Effects([self._settled(asked, t_ms, error=error)])
        report = readable_id(record.value or b"", self._partition, self._partitions)
        aside = parked(
            record,
            topic=self.source,
            partition=self._partition,
            prefix=self._prefix,
            t_ms=t_ms,
            error=type(error).__name__,
            reason=reason_of(error),
            id=report,
        )
        if report is None or self._intake.get(report) is not None or isinstance(error, ReportTooLargeError):
            return self._done([aside], {"aside": 1}, None, t_ms)
        seen = Seen(digest(record.value or b""), "", t_ms // MINUTE_MS)
        return self._done([aside], {"accepted": 1, "parked": 1}, (report, seen), t_ms)

    def _report(self, report: Report, t_ms: int) -> Effects:
        raw = encode(report)
        content = content_digest(raw, report.received_ms)
        seen = self._intake.get(report.id)
        if seen is not None:
            if seen.content != content:
                raise ReportIdReusedError(id=report.id)
            return self._done([], {"repeated": 1}, None, t_ms)
        if report.received_ms < t_ms - self._keep_ms:
            raise ReportTooOldError(id=report.id)
        return self._located(report, raw, content, t_ms, {"accepted": 1})

    def _located(
        self,
        report: Report,
        raw: bytes,
        content: bytes,
        t_ms: int,
        counts: Mapping[str, int],
        more: Sequence[Output] = (),
    ) -> Effects:
        book = self._book(t_ms)
        if report.source is not None and report.door not in book.region.importers:
            raw = encode(report.model_copy(update={"source": None}))
        place, trouble = placed(report.place, book, report.text, report.photos)
        to = home(book.region.code, place.grid if place else None)
        found = {"place": place} if place is not None else {"trouble": trouble}
        command = joined(_OPEN, _open({"id": report.id, "home": to, **found}), b'{"report":%b}' % raw)
        counts = {**counts, "located" if place else "waiting": 1}
        seen = Seen(content, to, t_ms // MINUTE_MS)
        return self._done([self._to(to, command, t_ms), *more], counts, (report.id, seen), t_ms)

    def _settle(self, asked: SettleReport, t_ms: int) -> Effects:
        """Locate a parked report as if it came now, or drop it: once, as long as its id is remembered."""
        id = readable_id(asked.value, self._partition, self._partitions)
        seen = None if id is None else self._intake.get(id)
        if seen is not None and is_settled(asked, seen):
            return Effects()
        counted = seen is not None and seen.content == digest(asked.value)
        if asked.settle is Settle.DROP:
            done = [self._settled(asked, t_ms, report=id)]
            if id is None or seen is None or not counted:  # it was never accepted
                return self._done(done, {}, None, t_ms)
            return self._done(done, {"parked": -1, "dropped": 1}, (id, seen._replace(home=DROPPED)), t_ms)
        incoming = decode_any(IN_REPORTS, asked.value)
        self._check_partition(incoming)
        match incoming:
            case Report():
                if seen is None:
                    raise ReportTooOldError(id=incoming.id)
                if not counted:
                    raise ReportIdReusedError(id=incoming.id)
                raw = encode(incoming)
                content = content_digest(raw, incoming.received_ms)
                done = [self._settled(asked, t_ms, report=incoming.id)]
                return self._located(incoming, raw, content, t_ms, {"parked": -1}, done)
            case Supplement():
                effects = self._supplement(incoming, t_ms)
                return Effects([*effects.outputs, self._settled(asked, t_ms)], effects.changes)
            case Unusable():
                raise UnusableRowError(id=incoming.id, reason=incoming.reason)
            case _:
                raise NeverRetriedError

    def _settled(
        self, asked: SettleReport, t_ms: int, *, report: str | None = None, error: Exception | None = None
    ) -> Output:
        return settled(
            asked,
            topic=self.source,
            partition=self._partition,
            prefix=self._prefix,
            t_ms=t_ms,
            report=report,
            error=error,
        )

    def _supplement(self, given: Supplement, t_ms: int) -> Effects:
        seen = self._intake.get(given.report)
        if seen is None or seen.home in ("", DROPPED):
            raise UnknownReportError(id=given.id, report=given.report)
        place, trouble = place_supplied(given, self._book(t_ms))
        command = Supply(
            id=given.id,
            home=seen.home,
            report=given.report,
            by=given.reporter.id,
            text=given.text,
            photos=given.photos,
            recordings=given.recordings,
            place=place,
            trouble=trouble,
            address=given.place.address if place is None else None,
            platform=given.platform,
        )
        return self._done([self._to(seen.home, encode(command), t_ms)], {"supplied": 1}, None, t_ms)

    def _activation(self, switch: Switch, t_ms: int) -> Effects:
        """Look places up in that region from its time on, as the partition of cases does, whoever owns it."""
        if not self._cache.has(switch):
            raise UnknownContentError(rulebook=switch.rulebook, region=switch.region)
        self._switches = planned(self._switches, switch, t_ms)
        return Effects()

    def _book(self, t_ms: int) -> CompiledRulebook:
        return self._cache.need(active(self._switches, t_ms))

    def _done(
        self, outputs: Sequence[Output], counts: Mapping[str, int], new: tuple[str, Seen] | None, t_ms: int
    ) -> Effects:
        """The effects of one record; the state in memory changes last, when nothing can fail."""
        old = [] if new is None else self._intake.older((t_ms - self._keep_ms) // MINUTE_MS, LOOKS)
        changes: dict[str, bytes | None] = dict.fromkeys(old)
        if new is not None:
            report, seen = new
            changes[report] = seen_value(seen)
        effects = Effects(outputs, changes)
        check_size(effects)
        for gone in old:
            self._intake.drop(gone)
        if new is not None:
            self._intake.drop(new[0])  # of a parked report that is settled
            self._intake.put(*new)
        for name, number in counts.items():
            self._counts[name] = self._counts.get(name, 0) + number
        return effects

    def _to(self, home: str, command: bytes, t_ms: int) -> Output:
        return Output(self._commands, _home_partition(home, self._partitions), home.encode(), command, t_ms=t_ms)

    def _check_partition(self, incoming: AnyInReports) -> None:
        if isinstance(incoming, Activation | SettleReport):
            return
        key = incoming.report if isinstance(incoming, Supplement) else incoming.id
        if partition_of(key, self._partitions) != self._partition:
            raise WrongPartitionError(id=key, partition=self._partition)
