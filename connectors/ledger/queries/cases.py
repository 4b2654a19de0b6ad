"""Reading the ledger: cases, timelines, texts, changes since, counts and figures. Synchronous: callers use threads."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from connectors.ledger.connection import LedgerAway, open_to_read
from connectors.ledger.queries.stats import By, Stats, stats
from schemas.case import Case, Count, State, share_of
from schemas.chain import Position
from schemas.errors import Grid36Error
from schemas.event import EVENT, Event
from schemas.names import Language, Name
from schemas.order import Written

__all__ = ["By", "CaseCounts", "Ledger", "LedgerChange", "Stats"]

MOST_SEARCHED: Final = 500_000
"""Events looked through for what one command caused."""
MOST_ROWS: Final = 1000


class EpochChanged(Grid36Error):
    """The ledger was rebuilt since this sequence was given out: show everything anew."""


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One event in the order in which the ledger took it; `case` as it stands now, None for a whole partition's."""

    seq: int
    event: Event
    case: Case | None


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases there are, by share of the accepted reports and by state; `late`: open and past due at `at_ms`."""

    shares: Mapping[Count, int]
    states: Mapping[State, int]
    late: int
    at_ms: int


class Ledger:
    """A read-only view of one ledger file, safe to share between threads (each gets its own connection).

    A rebuild puts a new file in its place: the next call sees it by itself, and `epoch()` differs from then on.
    Every call raises `LedgerAway` while there is no file.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._local = threading.local()

    def epoch(self) -> str:
        """Random name of this file's life; sequences of different epochs must never be compared."""
        return self._meta("epoch")

    def last_seq(self) -> int:
        """Sequence of the newest change; 0 when there is none."""
        return int(self._one("SELECT coalesce(max(seq), 0) FROM timeline")[0])

    def last_ms(self) -> int:
        """Time of the newest event in the log (ms); 0 when there is none."""
        return int(self._meta("last_ms"))

    def positions(self) -> dict[tuple[str, int], Position]:
        """(topic without prefix, partition) to what comes next there, as of the last commit."""
        rows = self._rows("SELECT topic, partition, next_offset, next_n, digest FROM positions")
        return {(row[0], row[1]): Position(row[2], row[3], row[4]) for row in rows}

    def case(self, number: str) -> Case | None:
        """The case as it stands, also long after it was archived."""
        row = self._row("SELECT doc FROM cases WHERE number = ?", number)
        return Case.model_validate_json(row[0]) if row else None

    def case_of_report(self, report: str) -> Case | None:
        """The case that a report opened; where it moved to another home, the one there as soon as it is open."""
        row = self._row("SELECT doc FROM cases WHERE report = ? ORDER BY state = 'moved', number LIMIT 1", report)
        return Case.model_validate_json(row[0]) if row else None

    def cases(
        self,
        *,
        state: State | Iterable[State] | None = None,
        assignee: str | None = None,
        executor: str | None = None,
        reporter: str | None = None,
        department: str | None = None,
        category: str | None = None,
        kind: str | None = None,
        raised: str | None = None,
        grid: str | None = None,
        segment: str | None = None,
        master: str | None = None,
        called: str | None = None,
        proposals: bool = False,
        to_inspect: bool = False,
        about: str | None = None,
        numbers: Sequence[str] | None = None,
        proof: str | None = None,
        open_only: bool = False,
        from_ms: int | None = None,
        to_ms: int | None = None,
        before: Case | tuple[int, str] | None = None,
        order: Literal["newest", "due"] = "newest",
        limit: int = 100,
    ) -> list[Case]:
        """Cases that meet all that is named, newest submitted first; at most 1,000.

        `department` is its code, `kind` what figures never mix, `raised` the rung it was raised to, `called` the code
        of a department beside the owner's; `proposals`: of list changes, `to_inspect`: fixed on the spot and sampled
        for an inspector who has not looked yet, `about`: of those that this case led to, `proof`: that this after-photo
        (SHA-256) was handed in for. `from_ms` ≤ submitted < `to_ms`; `before` is the last case of the page before (or
        its submitted_ms and number). Stubs of cases that moved to another home are left out unless asked for by
        `state`. `order="due"` puts the earliest resolution deadline first (cases without one last) and knows no
        `before`.
        """
        where, values = ["1"], list[object]()

        def also(condition: str, *given: object) -> None:
            where.append(condition)
            values.extend(given)

        states = [state] if isinstance(state, State) else list(state) if state is not None else None
        if states is None:
            also("state <> 'moved'")
        else:
            also(f"state IN ({_marks(states)})", *states)
        if numbers is not None:
            also(f"number IN ({_marks(numbers)})", *numbers)
        named = {"assignee": assignee, "executor": executor, "reporter": reporter, "department": department}
        named |= {
            "kind": kind,
            "raised": raised,
            "category": category,
            "grid": grid,
            "segment": segment,
            "master": master,
        }
        for column, value in named.items():
            if value is not None:
                also(f"{column} = ?", value)
        if proof is not None:
            also("number IN (SELECT number FROM proofs WHERE digest = ?)", proof)
        if called is not None:
            also("called LIKE '% ' || ? || ' %'", called)  # a code holds neither % nor _
        if about is not None:
            also("proposes IS NOT NULL AND json_extract(doc, '$.links') = ?", about)
        flags = {"proposes IS NOT NULL": proposals, "sample = 'waiting'": to_inspect, "open = 1": open_only}
        for condition in (each for each, wanted in flags.items() if wanted):
            also(condition)
        if from_ms is not None:
            also("submitted_ms >= ?", from_ms)
        if to_ms is not None:
            also("submitted_ms < ?", to_ms)
        if before is not None:
            last = (before.submitted_ms, before.number) if isinstance(before, Case) else before
            also("(submitted_ms, number) < (?, ?)", *last)
        by = {"newest": "submitted_ms DESC, number DESC", "due": "due_ms IS NULL, due_ms, number"}[order]
        query = f"SELECT doc FROM cases WHERE {' AND '.join(where)} ORDER BY {by} LIMIT ?"  # noqa: S608 - only names of ours
        return [Case.model_validate_json(row[0]) for row in self._rows(query, *values, min(limit, MOST_ROWS))]

    def timeline(self, number: str) -> list[Event]:
        """Every event of a case, oldest first."""
        rows = self._rows("SELECT event FROM timeline WHERE number = ? ORDER BY seq", number)
        return [EVENT.validate_json(row[0]) for row in rows]

    def texts(self, number: str) -> list[Written]:
        """What people wrote and photographed for a case, oldest first; what was erased is not there any more."""
        rows = self._rows("SELECT written FROM texts WHERE number = ? ORDER BY at_ms, id", number)
        return [Written.model_validate_json(row[0]) for row in rows]

    def text(self, id: str) -> Written | None:
        """One text by its id; None when it was erased or never was."""
        row = self._row("SELECT written FROM texts WHERE id = ?", id)
        return Written.model_validate_json(row[0]) if row else None

    def changes(self, after_seq: int, limit: int = 200, *, epoch: str | None = None) -> list[LedgerChange]:
        """What happened after `after_seq`, oldest first. Raises `EpochChanged` when the file is not of `epoch`."""
        with self._snapshot() as connection:
            if epoch is not None and _meta(connection, "epoch") != epoch:
                raise EpochChanged(epoch=epoch)
            rows = connection.execute(
                "SELECT seq, event, doc FROM timeline LEFT JOIN cases USING (number)"
                " WHERE seq > ? ORDER BY seq LIMIT ?",
                (after_seq, limit),
            ).fetchall()
        return [
            LedgerChange(seq, EVENT.validate_json(event), Case.model_validate_json(doc) if doc is not None else None)
            for seq, event, doc in rows
        ]

    def seq_at(self, t_ms: int, margin: int = 500) -> int:
        """A sequence behind which the events since `t_ms` stand: those of many partitions are nearly in order."""
        low, high = 0, self.last_seq()
        while low < high:
            middle = (low + high) // 2
            found = self._row("SELECT t_ms FROM timeline WHERE seq > ? ORDER BY seq LIMIT 1", middle)
            if found is not None and found[0] < t_ms:
                low = middle + 1
            else:
                high = middle
        return max(0, low - margin)

    def caused(self, command: str, since_ms: int) -> list[Event]:
        """Events whose command is this one or is named after it, oldest first, looked for from `since_ms` on."""
        start = self.seq_at(since_ms)
        named = f'"command":{json.dumps(command, ensure_ascii=False)[:-1]}'.encode()
        query = "SELECT event FROM timeline WHERE seq > ? AND seq <= ? AND instr(event, ?) > 0 ORDER BY seq LIMIT ?"
        rows = self._rows(query, start, start + MOST_SEARCHED, named, MOST_ROWS)
        return [EVENT.validate_json(row[0]) for row in rows]

    def counts(self, at_ms: int | None = None) -> CaseCounts:
        """Shares, states, and how many open cases are past due at `at_ms` (the log's last time unless told)."""
        with self._snapshot() as connection:
            at = int(_meta(connection, "last_ms")) if at_ms is None else at_ms
            rows = connection.execute(
                "SELECT state, master IS NOT NULL, dispatched_ms IS NOT NULL, moved_from IS NOT NULL, count(*),"
                " sum(open AND master IS NULL AND state <> 'resolved' AND due_ms < min(?, coalesce(suspended_ms, ?)))"
                " FROM cases GROUP BY 1, 2, 3, 4",
                (at, at),
            ).fetchall()
        shares, states, late = dict.fromkeys(Count, 0), dict.fromkeys(State, 0), 0
        for state, merged, dispatched, moved_in, count, past in rows:
            shares[_share(State(state), merged, dispatched)] += count
            shares[Count.MOVED_IN] += count if moved_in else 0
            states[State(state)] += count
            late += past or 0
        return CaseCounts(shares, states, late, at)

    def stats(
        self,
        by: By = "category",
        from_ms: int | None = None,
        to_ms: int | None = None,
        zone: str = "UTC",
        *,
        kind: str | None = None,
        as_of_ms: int | None = None,
        names: Mapping[str, Name] | None = None,
        language: Language = Language.ZH,
    ) -> Stats:
        """The figures of all cases submitted from `from_ms` up to `to_ms`; see `stats`."""
        with self._snapshot() as connection:
            named: dict[str, Any] = {"kind": kind, "names": names or {}, "language": language}
            return stats(connection, by, from_ms, to_ms, zone, as_of_ms=as_of_ms, **named)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query of another module of this package; one at a time sees one state of the file."""
        return self._rows(query, *values)

    def _meta(self, key: str) -> str:
        return str(self._one("SELECT value FROM meta WHERE key = ?", key)[0])

    def _one(self, query: str, *values: object) -> tuple[Any, ...]:
        return self._rows(query, *values)[0]

    def _row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._rows(query, *values)
        return rows[0] if rows else None

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection().execute(query, values).fetchall()

    def _snapshot(self) -> "_Snapshot":
        return _Snapshot(self._connection())

    def _connection(self) -> sqlite3.Connection:
        for _ in range(3):  # a rebuild may take the file away between looking and opening
            try:
                file = self.path.resolve(strict=True)
                if getattr(self._local, "file", None) != file:
                    self.close()
                    self._local.connection = open_to_read(file)
                    self._local.file = file
            except (FileNotFoundError, sqlite3.OperationalError):
                continue
            connection: sqlite3.Connection = self._local.connection
            return connection
        raise LedgerAway(file=self.path)

    def close(self) -> None:
        """Close this thread's connection; the next call opens it again."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        self._local.file = self._local.connection = None
        if connection is not None:
            connection.close()


class _Snapshot:
    """Several queries over one unchanging state of the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN")
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.execute("COMMIT")


def _meta(connection: sqlite3.Connection, key: str) -> str:
    return str(connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _share(state: State, merged: bool, dispatched: bool) -> Count:
    """The share of every case like this one; asked of `share_of`, so that it is said in one place only."""
    return share_of(
        Case(
            number="", home="", report="", state=state, master="x" if merged else None,
            dispatched_ms=0 if dispatched else None,
        )
    )  # fmt: skip
