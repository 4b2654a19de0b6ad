"""Reading the ledger: cases, timelines, texts, changes since, counts and figures. Synchronous: callers use threads."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from connectors.ledger.queries.case_counts import CaseCounts, case_counts
from connectors.ledger.queries.stats import By, Stats, stats
from connectors.ledger.reader import LedgerReader, meta
from schemas.case import Case, State
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


class Ledger(LedgerReader):
    """What one ledger file answers; safe to share between threads."""

    def last_seq(self) -> int:
        """Sequence of the newest change; 0 when there is none."""
        return int(self.rows("SELECT coalesce(max(seq), 0) FROM timeline")[0][0])

    def last_ms(self) -> int:
        """Time of the newest event in the log (ms); 0 when there is none."""
        return int(self.rows("SELECT value FROM meta WHERE key = 'last_ms'")[0][0])

    def positions(self) -> dict[tuple[str, int], Position]:
        """(topic without prefix, partition) to what comes next there, as of the last commit."""
        rows = self.rows("SELECT topic, partition, next_offset, next_n, digest FROM positions")
        return {(row[0], row[1]): Position(row[2], row[3], row[4]) for row in rows}

    def case(self, number: str) -> Case | None:
        """The case as it stands, also long after it was archived."""
        row = self.row("SELECT doc FROM cases WHERE number = ?", number)
        return Case.model_validate_json(row[0]) if row else None

    def case_of_report(self, report: str) -> Case | None:
        """The case that a report opened; where it moved to another home, the one there as soon as it is open."""
        row = self.row("SELECT doc FROM cases WHERE report = ? ORDER BY state = 'moved', number LIMIT 1", report)
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
        return [Case.model_validate_json(row[0]) for row in self.rows(query, *values, min(limit, MOST_ROWS))]

    def timeline(self, number: str) -> list[Event]:
        """Every event of a case, oldest first."""
        rows = self.rows("SELECT event FROM timeline WHERE number = ? ORDER BY seq", number)
        return [EVENT.validate_json(row[0]) for row in rows]

    def texts(self, number: str) -> list[Written]:
        """What people wrote and photographed for a case, oldest first; what was erased is not there any more."""
        rows = self.rows("SELECT written FROM texts WHERE number = ? ORDER BY at_ms, id", number)
        return [Written.model_validate_json(row[0]) for row in rows]

    def text(self, id: str) -> Written | None:
        """One text by its id; None when it was erased or never was."""
        row = self.row("SELECT written FROM texts WHERE id = ?", id)
        return Written.model_validate_json(row[0]) if row else None

    def changes(self, after_seq: int, limit: int = 200, *, epoch: str | None = None) -> list[LedgerChange]:
        """What happened after `after_seq`, oldest first. Raises `EpochChanged` when the file is not of `epoch`."""
        with self.snapshot() as connection:
            if epoch is not None and meta(connection, "epoch") != epoch:
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
            found = self.row("SELECT t_ms FROM timeline WHERE seq > ? ORDER BY seq LIMIT 1", middle)
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
        rows = self.rows(query, start, start + MOST_SEARCHED, named, MOST_ROWS)
        return [EVENT.validate_json(row[0]) for row in rows]

    def counts(self, at_ms: int | None = None) -> CaseCounts:
        """Shares, states, and how many open cases are past due at `at_ms` (the log's last time unless told)."""
        with self.snapshot() as connection:
            return case_counts(connection, int(meta(connection, "last_ms")) if at_ms is None else at_ms)

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
        with self.snapshot() as connection:
            named: dict[str, Any] = {"kind": kind, "names": names or {}, "language": language}
            return stats(connection, by, from_ms, to_ms, zone, as_of_ms=as_of_ms, **named)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
