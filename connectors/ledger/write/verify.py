"""Verifies the ledger: folds the log again in memory and compares every row."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from connectors.ledger.address import LedgerAddress
from connectors.ledger.calls import CALL_COLUMNS
from connectors.ledger.fold import COLUMNS
from connectors.ledger.kept.crossed import CROSSED
from connectors.ledger.kept.sums import KEPT_SUMS, KEPT_TIMES, KEY, SUMS
from connectors.ledger.reader import LedgerReader
from connectors.ledger.sql import LedgerRows, zone_of
from connectors.ledger.write.run import as_texts
from connectors.ledger.write.store import Store
from schemas import topics
from schemas.event import digest_of
from schemas.names import Language
from streams.kafka.event_log import EventLog, Position
from streams.kafka.topic_reader import TopicReader
from texts.catalogue import catalogue

COMPARED: Final = (*(name for name in COLUMNS if name != "last_seq"), "doc")
TABLES: Final = {
    "cases": (
        1,
        COMPARED,
        f"SELECT {', '.join(COMPARED)} FROM cases JOIN docs USING (id) ORDER BY number",  # noqa: S608 - only our own names
    ),
    "counts": (
        4,
        ("state", "merged", "dispatched", "moved_in", "cases"),
        "SELECT state, merged, dispatched, moved_in, cases FROM counts WHERE cases <> 0 ORDER BY 1, 2, 3, 4",
    ),
    "figures": (len(KEY), (*KEY, *SUMS), KEPT_SUMS),
    "times": (len(KEY) + 1, (*KEY, "bucket", "cases"), KEPT_TIMES),
    **{each.name: (len(each.key), (*each.key, *SUMS), each.in_order) for each in CROSSED},
    "calls": (
        2,
        ("number", *CALL_COLUMNS[1:]),
        f"SELECT number, {', '.join(f'calls.{name}' for name in CALL_COLUMNS[1:])}"  # noqa: S608
        " FROM calls JOIN cases USING (id) ORDER BY number, n",
    ),
    "timeline": (
        2,
        ("partition", "n", "number", "t_ms", "type", "event"),
        "SELECT partition, n, number, t_ms, type, event FROM timeline ORDER BY partition, n",
    ),
    "proofs": (
        2,
        ("digest", "number", "t_ms", "dhash"),
        "SELECT digest, number, t_ms, dhash FROM proofs ORDER BY digest, number",
    ),
    "alike": (2, ("one", "other"), "SELECT one, other FROM alike ORDER BY one, other"),
    "texts": (1, ("id", "number", "at_ms", "written"), "SELECT id, number, at_ms, written FROM texts ORDER BY id"),
}
"""Key width, columns, and the rows ordered by key. Sequences may differ between files."""
ORDER: Final = """
SELECT partition, n FROM (
    SELECT partition, n, lag(n, 1, -1) OVER (PARTITION BY partition ORDER BY seq) AS before FROM timeline
) WHERE n <> before + 1
"""
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class LedgerDifference:
    """One row that differs between ledger and log: a case by its number, an event as partition-n, a text."""

    table: str
    key: str
    what: str
    """"missing" in the ledger, "unknown" to the log, or the columns that differ."""

    def describe(self, language: Language) -> str:
        """What is different."""
        return catalogue("proofs", language).get(f"ledger.{self.what.replace(' ', '_')}", self.what)


async def verify(path: LedgerAddress, servers: str, *, prefix: str = "", most: int = 100) -> list[LedgerDifference]:
    """At most `most` differences between the ledger at `path` and the log, up to the ledger's position.

    Texts that were written or erased meanwhile are left out. The ledger may be written during verification. Raises
    `LedgerAway` without a ledger, and a `ChainError` if the log is broken.
    """
    reader = LedgerReader(path)
    with reader.snapshot() as ledger:
        zone = str(zone_of(ledger))
    anew = Store.create(":memory:", "verify", zone)
    try:
        with reader.snapshot(large=True) as ledger:
            ends = {topic: _positions(ledger, topic) for topic in (topics.EVENTS, topics.TEXTS)}
            wrong = await _fold_events(anew, ends[topics.EVENTS], servers, prefix)
            later = await _fold_texts(anew, ends[topics.TEXTS], servers, prefix)
            found = await asyncio.to_thread(lambda: list(islice(_differences(ledger, anew, later), most)))
        return (wrong + found)[:most]
    finally:
        anew.close()
        reader.close()


def _positions(ledger: LedgerRows, topic: str) -> dict[int, Position]:
    query = "SELECT partition, next_offset, next_n, digest FROM positions WHERE topic = ?"
    return {row[0]: Position(*row[1:]) for row in ledger.execute(query, (topic,))}


async def _fold_events(anew: Store, until: dict[int, Position], servers: str, prefix: str) -> list[LedgerDifference]:
    """Fold the events that the ledger has; returns the positions whose digest differs from the log's event."""
    wrong = []
    async with EventLog(servers, prefix=prefix) as events:
        async for batch in events.read_to_end():
            part = [each for each in batch if each.fields["n"] < until.get(each.partition, Position()).n]
            await asyncio.to_thread(anew.take_events, part, {})
            for each in part:
                at = until[each.partition]
                if each.fields["n"] == at.n - 1 and digest_of(each.raw) != at.digest:
                    wrong.append(LedgerDifference("positions", f"{topics.EVENTS}-{each.partition}", "digest"))
    return wrong


async def _fold_texts(anew: Store, until: dict[int, Position], servers: str, prefix: str) -> set[str]:
    """Apply the texts that the ledger has; returns the ids of those written or erased later."""
    later: set[str] = set()
    async with TopicReader(servers, prefix + topics.TEXTS, compacted=True) as texts:
        async for records in texts.to_end():
            new = [each for each in records if each.offset >= until.get(each.partition, Position()).offset]
            later |= {text.id for text in as_texts(new)}
            old = [each for each in records if each.offset < until.get(each.partition, Position()).offset]
            await asyncio.to_thread(anew.take_texts, as_texts(old), {})
    return later


def _differences(ledger: LedgerRows, anew: Store, later: set[str]) -> Iterator[LedgerDifference]:
    for table, (keys, names, query) in TABLES.items():
        for key, what in _compare(ledger.execute(query), anew.query(query), keys, names):
            if not (table == "texts" and key in later):
                yield LedgerDifference(table, key, what)
    for partition, n in ledger.execute(ORDER):
        yield LedgerDifference("timeline", f"{partition}-{n}", "out of order")


def _compare(ledger: Iterable[Row], log: Iterable[Row], keys: int, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Walk two ascending tables side by side."""
    mine, theirs = iter(ledger), iter(log)
    a, b = next(mine, None), next(theirs, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a[:keys] < b[:keys]):
            assert a is not None
            yield "-".join(map(str, a[:keys])), "unknown"
            a = next(mine, None)
        elif a is None or a[:keys] > b[:keys]:
            yield "-".join(map(str, b[:keys])), "missing"
            b = next(theirs, None)
        else:
            if a != b:
                differ = [name for name, x, y in zip(names, a, b, strict=True) if x != y]
                yield "-".join(map(str, a[:keys])), ", ".join(differ)
            a, b = next(mine, None), next(theirs, None)
