"""A batch of events as the rows that one transaction of the ledger writes. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from connectors.ledger.calls import CALL_COLUMNS, call_rows
from connectors.ledger.fold import COLUMNS, FIXED, INDEXED, Doc, columns, counted_by, fold, indexed, summed
from connectors.ledger.write.rows import proof_rows
from schemas.errors import Stop
from schemas.event import EventType
from streams.kafka.event_log import Logged

Row = tuple[object, ...]
RARE: Final = 50
"""So few cases that changed alike are written together with others: a statement has its cost, too."""


class Writing(NamedTuple):
    """Rows of one table, with what stands before and behind their values."""

    head: str
    rows: Sequence[Row]
    tail: str = ""


def _again(names: Iterable[str]) -> str:
    return " ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in names)


_CASE: Final = f"INSERT INTO cases (id, {', '.join(COLUMNS)}) VALUES "  # noqa: S608 - only our own names
_PLAIN: Final = [name for name in COLUMNS if name not in FIXED and name not in INDEXED]
_EVENT: Final = "INSERT INTO timeline (seq, partition, n, number, t_ms, type, event) VALUES "
_DOC: Final = "INSERT INTO docs (id, doc) VALUES "
_COUNT: Final = "INSERT INTO counts (state, merged, dispatched, moved_in, cases) VALUES "
_ADDED: Final = " ON CONFLICT (state, merged, dispatched, moved_in) DO UPDATE SET cases = counts.cases + excluded.cases"
_CALL: Final = f"INSERT INTO calls ({', '.join(CALL_COLUMNS)}) VALUES "  # noqa: S608
_PROOF: Final = "INSERT INTO proofs (digest, number, t_ms, dhash) VALUES "
_UNLESS_KNOWN: Final = " ON CONFLICT (digest, number) DO NOTHING"
WORDS_GONE: Final = frozenset({EventType.TEXT_ERASED, EventType.MOVED})
"""Events that remove texts: a case that moves takes them along."""
NOT_OF_A_CASE: Final = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
"""Events that may name a case that does not exist."""


class FixedChangedError(Stop):
    """An event changes what only the opening of a case may set. This is a fault of the program: report it."""

    case: str


class Known(NamedTuple):
    """A case of the file: its id there, its fields, and its row of `cases` without the id."""

    id: int
    doc: Doc
    row: Row


@dataclass(slots=True)
class BatchRows:
    """The rows of one transaction; cases are those after the whole batch."""

    events: list[Row] = field(default_factory=list)
    opened: list[Row] = field(default_factory=list)
    changed: defaultdict[frozenset[str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    """Cases of the file, by the columns of `INDEXED` in which they changed."""
    docs: list[Row] = field(default_factory=list)
    counts: list[Row] = field(default_factory=list)
    """By how much each count changes."""
    calls: list[Row] = field(default_factory=list)
    recalled: list[tuple[int]] = field(default_factory=list)
    """Ids of cases of the file whose calls are replaced by these."""
    proofs: list[Row] = field(default_factory=list)
    erased: list[tuple[str]] = field(default_factory=list)
    """Ids of texts."""
    last_ms: int = 0
    """The time of the newest event."""
    cases: dict[str, Known] = field(default_factory=dict)
    """What is known of these cases from now on."""
    resummed: list[int] = field(default_factory=list)
    """Ids of cases of the file that from now on add something else to the sums of figures."""

    def writings(self) -> Iterator[Writing]:
        """All rows, in the order of writing."""
        yield Writing(_EVENT, self.events)
        yield Writing(_CASE, self.opened)
        for names, rows in self._alike():
            yield Writing(_CASE, rows, _again([*_PLAIN, *sorted(names)]))
        yield Writing(_DOC, self.docs, _again(["doc"]))
        yield Writing(_COUNT, self.counts, _ADDED)
        yield Writing(_CALL, self.calls)
        yield Writing(_PROOF, self.proofs, _UNLESS_KNOWN)

    def summed(self) -> list[int]:
        """Ids of the cases whose sums are to be added once they are written."""
        return [*self.resummed, *(cast("int", row[0]) for row in self.opened)]

    def _alike(self) -> Iterator[tuple[frozenset[str], list[Row]]]:
        """Changed cases by the columns to set: SQLite writes every index of a column that is set, changed or not."""
        rare = {names: rows for names, rows in self.changed.items() if len(rows) < RARE}
        yield from ((names, rows) for names, rows in self.changed.items() if names not in rare)
        if rare:
            yield frozenset().union(*rare), [row for rows in rare.values() for row in rows]


def batch_of(
    logged: Sequence[Logged], known: Callable[[str], Known | None], *, first_seq: int, first_id: int, zone: ZoneInfo
) -> BatchRows:
    """The rows of these events; `known` gives a case as the file has it. Raises `FixedChangedError`."""
    batch, docs = BatchRows(last_ms=max((each.fields["t_ms"] for each in logged), default=0)), dict[str, Doc]()
    before: dict[str, Known | None] = {}
    last_seqs: dict[str, int] = {}
    for seq, each in enumerate(logged, first_seq):
        event = each.fields
        number, kind, doc = event.get("case"), event["type"], None
        if number is not None and kind != EventType.OPENED:
            doc = docs.get(number)
            if doc is None and (found := known(number)) is not None:
                before[number], doc = found, found.doc
        if doc is None and kind in NOT_OF_A_CASE:
            number = None  # a mistyped case number
        batch.events.append((seq, each.partition, event["n"], number, event["t_ms"], kind, each.raw))
        if number is not None:
            if doc is None:
                before[number] = None
            elif not FIXED.isdisjoint(event.get("now", ())):
                raise FixedChangedError(case=number, partition=each.partition, n=event["n"])
            docs[number], last_seqs[number] = fold(doc, event), seq
            if "photos" in event.get("now", ()):
                batch.proofs += proof_rows(event)
        if kind in WORDS_GONE:
            # `texts` may have dropped its tombstone before a ledger that was down for days reads it
            batch.erased += [(id,) for id in event.get("facts", {}).get("texts", ())]
    _add_cases(
        batch, {number: (doc, columns(doc, last_seqs[number], zone)) for number, doc in docs.items()}, before, first_id
    )
    return batch


def _add_cases(
    batch: BatchRows, cases: dict[str, tuple[Doc, Row]], before: dict[str, Known | None], next_id: int
) -> None:
    changes = Counter[Row]()
    for number, (doc, row) in cases.items():
        was = before[number]
        if was is None:
            id, next_id = next_id, next_id + 1
            batch.opened.append((id, *row))
        else:
            id = was.id
            batch.changed[_differing(was.row, row)].append((id, *row))
            changes[_count(was.row)] -= 1
            if summed(was.row) != summed(row):
                batch.resummed.append(id)
        _add_calls(batch, id, was, doc)
        batch.docs.append((id, to_json(doc).decode()))
        batch.cases[number] = Known(id, doc, row)
        changes[_count(row)] += 1
    batch.counts += [(*count, change) for count, change in changes.items() if change]


def _add_calls(batch: BatchRows, id: int, was: Known | None, doc: Doc) -> None:
    """The calls for a case, if it has or had any, and they changed."""
    before = call_rows(id, was.doc) if was is not None else []
    after = call_rows(id, doc)
    if before != after:
        batch.calls += after
        if before:
            batch.recalled.append((id,))


def _differing(before: Row, after: Row) -> frozenset[str]:
    """The columns of `INDEXED` in which these rows differ."""
    return frozenset(name for name, a, b in zip(INDEXED, indexed(before), indexed(after), strict=True) if a != b)


def _count(row: Row) -> Row:
    state, master, dispatched_ms, moved_from = counted_by(row)
    return state, master is not None, dispatched_ms is not None, moved_from is not None
