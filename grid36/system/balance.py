"""The balance: accounts for every accepted report, and proves that every store agrees with the log."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from connectors.ledger.write.verify import verify
from connectors.outbox.store import waiting
from grid36.kafka.topics import wait_for_kafka
from grid36.machine.home import Home
from grid36.replay.position import NoSystem, read_system
from grid36.settings import Settings
from grid36.system.create import read_known
from rules.book.compiled_rulebook import CompiledRulebook, book_of
from schemas.chain import ChainError
from schemas.names import Language
from schemas.topics import CASES, COMMANDS, EVENTS, INTAKE, MEASURES, REPORTS
from streams.cases.proof import Replica
from streams.kafka.event_log import EventLog, Logged
from streams.kafka.topic_reader import LogCutError, TopicReader
from streams.measure.step import MeasureStep
from streams.partition.bookkeeping import ENGINE_FIELDS, KEY
from streams.partition.contract import ConsumedRecord
from texts.catalogue import say

LIMIT_S = 15.0
MOST = 100
Bookkeeping = dict[int, dict[str, Any]]
State = dict[int, dict[str, bytes]]


async def balance(settings: Settings, servers: str) -> dict[str, Any]:
    """The numbers of `grid36 balance --json`: see the design's "Answers"."""
    await wait_for_kafka(servers, LIMIT_S)
    cases, intake = await asyncio.gather(_kept(settings, servers, CASES), _kept(settings, servers, INTAKE))
    system, replayed = await read_system(servers, settings.topic_prefix)
    outbox = waiting(Home(settings.home).outbox)
    counts, taken = _counts(cases), _counts(intake)
    left = await asyncio.gather(_left(settings, servers, REPORTS, intake), _left(settings, servers, COMMANDS, cases))
    in_flight = outbox.rows + sum(records for records, _ in left)
    deleted = [gap for _, gaps in left for gap in gaps]
    parked = _total(cases, "parked_reports") + taken.get("parked", 0)
    dropped = _total(cases, "dropped_reports") + taken.get("dropped", 0)
    accepted = taken.get("accepted", 0) + outbox.reports
    if replayed is not None:
        accepted, parked = accepted + replayed.counts.accepted, parked + replayed.counts.parked
    shares = {
        "routed": counts.get("routed", 0),
        "refused": counts.get("refused", 0),
        "merged": counts.get("merged", 0),
        # a report that moves is waiting until the other home says that it opened
        "waiting": counts.get("waiting", 0) + counts.get("moved_out", 0) - counts.get("moved_in", 0),
    }
    # as far as somebody has accepted that: never more than the offsets that are gone. In `reports` each was a report,
    # in `commands` it was one if it is missing elsewhere
    unread = _total(intake, "lost")
    missing = accepted - sum(shares.values()) - parked - dropped
    lost = max(0, min(missing, _total(cases, "lost"))) if in_flight == 0 else 0
    return {
        "accepted": accepted + unread,
        **shares,
        "parked": parked,
        "dropped": dropped,
        "lost": lost + unread,
        "in_flight": in_flight,
        "parked_actions": _total(cases, "parked_actions"),
        "refused_actions": _total(cases, "refused_actions"),
        "mode": system.mode.value,
        "deleted": deleted,
        "balanced": missing == lost and in_flight == 0 and not deleted,
    }


async def deep(settings: Settings, servers: str, language: Language = Language.EN) -> dict[str, Any]:
    """Fold all `events` anew and compare `cases`, `measures` and the ledger with them.

    `differences`; `events`, how many were folded; `unproved`, the offsets of `events` that are no longer in the log:
    of those partitions, and of the ledger, nothing can be compared.

    A hole, a double or a change in the chain of events is a difference too, also in the last event: its digest
    stands in the partition's bookkeeping.
    """
    known = await read_known(settings, servers)
    if known is None:
        raise NoSystem(servers=servers)
    book, unproved = book_of(known.region, known.rulebook), list[dict[str, Any]]()
    whole, folded = set(range(known.system.partitions)), _Folded(book)
    while whole:
        try:
            folded = await _fold(settings, servers, whole, book)
        except ChainError as broken:
            return {"events": 0, "differences": [broken.say(language)], "unproved": unproved}
        except LogCutError as cut:
            at = {"topic": EVENTS, "partition": cut.partition, "first": cut.expected, "last": cut.found - 1}
            unproved.append(at)
            whole.remove(cut.partition)
        else:
            break
    found = await _compared(settings, servers, folded, whole, language)
    if not unproved:
        rows = await verify(settings.ledger_address, servers, prefix=settings.topic_prefix)
        table = say(language, "system.balance.ledger")
        found += [f"{table} {row.table} {row.key}: {row.describe(language)}" for row in rows]
    return {"events": folded.events, "differences": found[:MOST], "unproved": unproved}


class _Folded:
    """The states according to the log of events."""

    def __init__(self, book: CompiledRulebook) -> None:
        self.events = 0
        self.replicas: defaultdict[int, Replica] = defaultdict(lambda: Replica(book))
        self.measures: dict[int, MeasureStep] = {}

    def take(self, logged: Logged) -> None:
        """Fold the next event of its partition."""
        partition = logged.partition
        event = self.replicas[partition].take(logged.raw)
        record = ConsumedRecord(logged.offset, event.t_ms, None, logged.raw)
        self.measures.setdefault(partition, MeasureStep(partition)).apply(record, event.t_ms)
        self.events += 1


async def _fold(settings: Settings, servers: str, partitions: Collection[int], book: CompiledRulebook) -> _Folded:
    folded = _Folded(book)
    async with EventLog(servers, prefix=settings.topic_prefix, partitions=partitions) as log:
        async for batch in log.read_to_end():
            for logged in batch:
                folded.take(logged)
            await asyncio.sleep(0)
    return folded


async def _compared(
    settings: Settings, servers: str, folded: _Folded, whole: Collection[int], language: Language
) -> list[str]:
    """Differences between states and log, for the partitions whose log is `whole`."""
    found, replicas = list[str](), folded.replicas
    kept, figures = await asyncio.gather(_states(settings, servers, CASES), _states(settings, servers, MEASURES))
    for partition in sorted((kept.keys() | replicas.keys()) & set(whole)):
        state = dict(kept.get(partition, {}))
        step = _step_part(state.pop(KEY, None))
        if state or step or partition in replicas:  # else only a loss was written down there, and nothing applied yet
            found += [f"cases/{partition}: {d}" for d in replicas[partition].differences(state, step, language)]
        counted = {name: value for name, value in figures.get(partition, {}).items() if name != KEY}
        expected = dict(folded.measures.setdefault(partition, MeasureStep(partition)).items())
        found += [f"measures/{partition}: {name}" for name in _unequal(counted, expected, language)]
    return found


def _unequal(found: Mapping[str, bytes], expected: Mapping[str, bytes], language: Language) -> list[str]:
    return [
        say(language, "system.balance.differs", name=name) for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]  # fmt: skip


def _step_part(raw: bytes | None) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(raw) if raw else {}
    return {name: value for name, value in fields.items() if name not in ENGINE_FIELDS}


async def _states(settings: Settings, servers: str, topic: str) -> State:
    """The compacted content of a state topic, by partition."""
    states: State = {}
    async with TopicReader(servers, settings.topic_prefix + topic, compacted=True) as tail:
        async for records in tail.to_end():
            for record in records:
                state = states.setdefault(record.partition, {})
                if record.value is None:
                    state.pop(record.key.decode(), None)
                else:
                    state[record.key.decode()] = record.value
    return states


async def _kept(settings: Settings, servers: str, topic: str) -> Bookkeeping:
    """The bookkeeping record of every partition."""
    states = await _states(settings, servers, topic)
    return {partition: json.loads(state[KEY]) for partition, state in states.items() if KEY in state}


def _counts(kept: Bookkeeping) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in kept.values():
        for name, count in one.get("counts", {}).items():
            total[name] = total.get(name, 0) + count
    return total


def _total(kept: Bookkeeping, name: str) -> int:
    return sum(int(one.get(name, 0)) for one in kept.values())


async def _left(settings: Settings, servers: str, topic: str, kept: Bookkeeping) -> tuple[int, list[dict[str, Any]]]:
    """Records of `topic` that its step has not applied yet, and the offsets that were deleted before it could."""
    left = 0
    starts = {partition: int(one["next"]) for partition, one in kept.items()}
    async with TopicReader(servers, settings.topic_prefix + topic, starts, compacted=True) as tail:
        async for records in tail.to_end():
            left += len(records)
    gaps = sorted(tail.later.items())
    return left, [{"topic": topic, "partition": p, "first": at, "last": first - 1} for p, (at, first) in gaps]
