"""The step `locate`: reports in, commands out, each report once and to the home of its place."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.codec import UnreadableError, decode_any, encode, joined, writer
from schemas.command import Open, Supply
from schemas.report import INCOMING, MAX_BYTES, Activation, AnyIncoming, Report, Supplement, Unusable
from schemas.topics import COMMANDS, INTAKE, REPORTS, home, partition_of
from streams.locate.errors import (
    ReportIdReusedError,
    ReportTooLargeError,
    ReportTooOldError,
    UnknownReportError,
    UnusableRowError,
    WrongPartitionError,
)
from streams.locate.placing import place_supplied, placed
from streams.locate.seen_record import content_digest, digest, seen_in, seen_value
from streams.locate.seen_reports import Intake, Seen
from streams.parked import parked, reason_of
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

ACTIVATION: Final = b'"activation"'
NO_REPORT: Final = frozenset({"supplement", "activation"})
_ID = re.compile(r"[^\s\x00-\x1f]{1,100}")
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
        own, asked = (self._cache.first, *self._switches), [*_asked(records)]
        self._cache.needs(self, (*own, *asked))
        for switch in own:
            await self._cache.plan(switch, until_ms)
        for switch in asked:
            await self._cache.offer(switch, until_ms)  # `apply` parks those that are missing

    def apply(self, record: ConsumedRecord, t_ms: int) -> Effects:
        """Locate one report, or pass on what its reporter supplied. Raises an error for `park` when it cannot."""
        if len(record.value or b"") > MAX_BYTES:
            raise ReportTooLargeError(bytes=len(record.value or b""))
        incoming = decode_any(INCOMING, record.value)
        self._check_partition(incoming)
        match incoming:
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
        report = self._readable_id(record)
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
        book = self._book(t_ms)
        if report.source is not None and report.door not in book.region.importers:
            raw = encode(report.model_copy(update={"source": None}))
        place, trouble = placed(report.place, book, report.text, report.photos)
        to = home(book.region.code, place.grid if place else None)
        found = {"place": place} if place is not None else {"trouble": trouble}
        command = joined(_OPEN, _open({"id": report.id, "home": to, **found}), b'{"report":%b}' % raw)
        counts = {"accepted": 1, "located" if place else "waiting": 1}
        seen = Seen(content, to, t_ms // MINUTE_MS)
        return self._done([self._to(to, command, t_ms)], counts, (report.id, seen), t_ms)

    def _supplement(self, given: Supplement, t_ms: int) -> Effects:
        seen = self._intake.get(given.report)
        if seen is None or not seen.home:
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
            self._intake.put(*new)
        for name, number in counts.items():
            self._counts[name] = self._counts.get(name, 0) + number
        return effects

    def _to(self, home: str, command: bytes, t_ms: int) -> Output:
        return Output(self._commands, _home_partition(home, self._partitions), home.encode(), command, t_ms=t_ms)

    def _check_partition(self, incoming: AnyIncoming) -> None:
        if isinstance(incoming, Activation):
            return
        key = incoming.report if isinstance(incoming, Supplement) else incoming.id
        if partition_of(key, self._partitions) != self._partition:
            raise WrongPartitionError(id=key, partition=self._partition)

    def _readable_id(self, record: ConsumedRecord) -> str | None:
        """The id, if it can be read, of a record that was meant to be a report of this partition."""
        try:
            read = json.loads(record.value or b"")
        except (ValueError, RecursionError):
            return None
        report = read.get("id") if isinstance(read, dict) and read.get("type") not in NO_REPORT else None
        if not isinstance(report, str) or not _ID.fullmatch(report) or not _encodes(report):
            return None
        return report if partition_of(report, self._partitions) == self._partition else None


def _asked(records: Iterable[ConsumedRecord]) -> Iterator[Switch]:
    """The switches that these records ask for."""
    for value in [record.value for record in records if ACTIVATION in (record.value or b"")]:
        with suppress(UnreadableError):
            if isinstance(incoming := decode_any(INCOMING, value), Activation):
                yield switch_of(incoming)


def _encodes(text: str) -> bool:
    """Whether it is valid Unicode: JSON can spell lone surrogates, which nothing else accepts."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
