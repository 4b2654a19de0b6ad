"""What arrives on a topic becomes documents that wait for those who subscribed; one transaction with the positions."""

import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from pydantic_core import from_json

from connectors.subscriptions.case_views import facts_of, is_public
from connectors.subscriptions.documents import SOURCE, Document, attributes_of, document
from connectors.subscriptions.erasing import ERASED, strip_words
from connectors.subscriptions.matching import Matched, matched_of, matches
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.subscription import Selection
from schemas.case_facts import FACTS_END_KIND, FACTS_KIND
from schemas.codec import cloud_event, encode
from schemas.order import FINISHED_KIND, Written
from schemas.topics import CASE_KEY, CASES, WORDS_KEY

Texts = Mapping[str, Sequence[Written]]
"""By case: what was written, for those who may read it."""

log = logging.getLogger(__name__)


class LogRecord(Protocol):
    """A record as Kafka's client has it."""

    @property
    def partition(self) -> int:
        """Its partition."""

    @property
    def offset(self) -> int:
        """Its place there."""

    @property
    def timestamp(self) -> int:
        """When it was written, ms UTC."""

    @property
    def key(self) -> bytes | None:
        """The number of an order's case, or what of the state it is."""

    @property
    def value(self) -> bytes | None:
        """JSON; None for the end."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """CloudEvents attributes, where it is an event."""


class Arriving(Protocol):
    """A record as its subscribers see it."""

    subject: str
    matched: Matched | None
    """None: nobody is sent more of it than that it is over."""

    def shown_to(self, selection: Selection) -> Document:
        """What a subscriber gets."""

    def end(self) -> Document:
        """That nothing more comes of it, for those who were sent something of it before."""


class ArrivingOrder:
    """An order, or its end, exactly as the department's topic has it."""

    def __init__(self, topic: str, record: LogRecord, *, read: bool) -> None:
        """`read`: whether somebody wants some of the orders only."""
        self.subject = (record.key or b"").decode()
        self._attributes = {
            "id": f"{topic}/{record.partition}-{record.offset}", "source": SOURCE, "type": FINISHED_KIND,
            "subject": self.subject,
        } | attributes_of(record.headers)  # fmt: skip
        self._value = record.value
        fields: dict[str, Any] = from_json(record.value) if read and record.value is not None else {}
        self.matched = matched_of(self.subject, fields) if not read or record.value is not None else None

    def shown_to(self, selection: Selection) -> Document:
        """The same for all."""
        return document(self._attributes, self._value)

    def end(self) -> Document:
        """The end that the topic has, or that it is no longer one of those that were asked for."""
        if self._value is None:
            return document(self._attributes, None)
        return document(self._attributes | {"id": f"{self._attributes['id']}/left", "type": FINISHED_KIND}, None)


class ArrivingCase:
    """A case as it stands, or that it is archived."""

    def __init__(self, number: str, record: LogRecord, texts: Texts) -> None:
        self.subject = number
        self._record, self._texts = record, texts
        self._case: dict[str, Any] = {} if record.value is None else from_json(record.value)
        self.matched = matched_of(number, self._case) if self._case and is_public(self._case) else None

    def shown_to(self, selection: Selection) -> Document:
        """Facts, with words for those who may read them."""
        facts = facts_of(self._case, self._texts.get(self.subject, ()) if selection.words else ())
        return self._document(f"{self.subject}/{facts.seq}", FACTS_KIND, encode(facts))

    def end(self) -> Document:
        """It is not said why: it may have become something that is not public."""
        return self._document(f"{self.subject}/{self._record.partition}-{self._record.offset}", FACTS_END_KIND, None)

    def _document(self, id: str, kind: str, data: bytes | None) -> Document:
        headers = cloud_event(event_id=id, source=SOURCE, kind=kind, t_ms=self._record.timestamp, subject=self.subject)
        return document(attributes_of(headers), data)


class Arrivals:
    """A batch of one topic on its way into the file; use it inside a transaction."""

    def __init__(self, db: sqlite3.Connection, topic: str) -> None:
        """`topic` without prefix."""
        self._db, self._topic = db, topic
        self._subscriptions = SubscriptionRows(db).active(topic)
        self._words = bool(db.execute("SELECT 1 FROM subscriptions WHERE words LIMIT 1").fetchone())
        self.erased = 0
        """From how many documents words were taken out."""
        self._narrowed = any(each.selection.narrowed for each in self._subscriptions)
        self._shared: dict[int, int] = dict(
            db.execute("SELECT place, seq FROM positions WHERE topic = ?", (topic,)).fetchall()
        )
        own = db.execute(
            "SELECT n, place, seq FROM own_positions JOIN subscriptions ON n = subscription"
            " WHERE topic = ? AND state = 'active'",
            (topic,),
        )
        self._own: dict[tuple[int, int], int] = {(n, place): seq for n, place, seq in own}
        self._own_later: set[tuple[int, int]] = set()
        self._waiting: list[tuple[int, int]] = []

    def take(
        self, records: Iterable[LogRecord], before: Mapping[int, int], positions: Mapping[int, int], texts: Texts
    ) -> frozenset[int]:
        """Store what is for somebody, and how far the topic was read. For whom there is something new.

        `before` and `positions` are the next offsets before and behind these records. Whoever needs something from
        further back is not sent these: the topic will be read for them from there.
        """
        self._own_later = {at for at, seq in self._own.items() if seq < before.get(at[1], 0)}
        for record in records:
            try:
                self._erase(record)
                arriving = self._arriving(record, texts)
                if arriving is not None:
                    self._give(arriving, record)
            except (ValueError, LookupError, TypeError, AttributeError):
                log.exception(
                    "%s, partition %d: offset %d cannot be sent", self._topic, record.partition, record.offset
                )
        self._db.executemany("INSERT OR IGNORE INTO waiting VALUES (?, ?)", self._waiting)
        self._move(positions)
        return frozenset(n for n, _ in self._waiting)

    def _arriving(self, record: LogRecord, texts: Texts) -> Arriving | None:
        if self._topic != CASES:
            return ArrivingOrder(self._topic, record, read=self._narrowed)
        key = (record.key or b"").decode()
        return ArrivingCase(key.removeprefix(CASE_KEY), record, texts) if key.startswith(CASE_KEY) else None

    def _erase(self, record: LogRecord) -> None:
        """Words that are gone from the log are gone from what waits: an order says so, the texts of a case are told."""
        key, value = (record.key or b"").decode(), record.value or b""
        if self._topic != CASES and ERASED in value:
            left = {each["id"] for each in from_json(value).get("written", ())}
            self.erased += strip_words(self._db, key, left)
        elif self._topic == CASES and key.startswith(WORDS_KEY) and self._words:
            left = {each["id"] for each in from_json(value)["written"]} if value else set()
            self.erased += strip_words(self._db, key.removeprefix(WORDS_KEY), left)

    def _give(self, arriving: Arriving, record: LogRecord) -> None:
        stored: dict[tuple[bool, bool], int] = {}
        shown = self._shown(arriving.subject) if self._narrowed else frozenset()
        gone: list[tuple[str, int]] = []
        fresh: list[tuple[str, int]] = []
        for each in self._subscriptions:
            at = (each.n, record.partition)
            if at in self._own_later or record.offset < self._own.get(at, self._shared.get(record.partition, 0)):
                continue
            whole = not each.selection.narrowed
            if whole or (arriving.matched is not None and matches(each.selection, arriving.matched)):
                if not whole and each.n not in shown:
                    fresh.append((arriving.subject, each.n))
                kind = (False, each.selection.words)
            elif each.n in shown:
                gone.append((arriving.subject, each.n))
                kind = (True, False)
            else:
                continue
            if kind not in stored:
                stored[kind] = self._store(arriving.end() if kind[0] else arriving.shown_to(each.selection))
            self._waiting.append((each.n, stored[kind]))
        self._db.executemany("DELETE FROM shown WHERE subject = ? AND subscription = ?", gone)
        self._db.executemany("INSERT OR IGNORE INTO shown VALUES (?, ?)", fresh)

    def _shown(self, subject: str) -> frozenset[int]:
        rows = self._db.execute("SELECT subscription FROM shown WHERE subject = ?", (subject,))
        return frozenset(row[0] for row in rows)

    def _store(self, made: Document) -> int:
        sql = "INSERT INTO documents (id, subject, body) VALUES (?, ?, ?)"
        return int(self._db.execute(sql, made).lastrowid or 0)

    def _move(self, positions: Mapping[int, int]) -> None:
        """Nobody goes back; whoever is where the topic is read has no position of its own any more."""
        save_positions(self._db, self._topic, positions)
        near = {at: seq for at, seq in self._own.items() if at not in self._own_later}
        ahead = [(max(seq, positions.get(place, 0)), n, place) for (n, place), seq in near.items()]
        self._db.executemany("UPDATE own_positions SET seq = ? WHERE subscription = ? AND place = ?", ahead)
        if ahead:
            self._db.execute(
                "DELETE FROM own_positions WHERE subscription IN"
                " (SELECT n FROM subscriptions WHERE topic = ?1 AND state = 'active') AND seq ="
                " (SELECT seq FROM positions WHERE topic = ?1 AND positions.place = own_positions.place)",
                (self._topic,),
            )


def save_positions(db: sqlite3.Connection, topic: str, positions: Mapping[int, int]) -> None:
    """How far a topic was read; never less far than it was."""
    sql = "INSERT INTO positions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)"
    db.executemany(sql, [(topic, place, seq) for place, seq in positions.items()])
