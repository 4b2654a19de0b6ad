"""Queries cases, timelines, texts, changes, counts and figures of the ledger. Synchronous: callers use threads."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Unpack

from connectors.ledger.queries.case_counts import CaseCounts, case_counts
from connectors.ledger.queries.case_lists import CaseFilters, Order, case_query
from connectors.ledger.queries.stats import Stats, stats
from connectors.ledger.queries.stats_totals import By
from connectors.ledger.reader import LedgerReader, meta
from schemas.case import Case, State
from schemas.chain import Position
from schemas.errors import Grid36Error
from schemas.event import EVENT, Event
from schemas.joint import ASSISTS, Assist
from schemas.names import Language, Name
from schemas.order import Written
from schemas.remit import WHOLE, Remit

__all__ = ["By", "CaseCounts", "Ledger", "LedgerChange", "OpenJob", "Stats"]

MOST_SEARCHED: Final = 500_000
"""How many events are searched for those that a command caused."""
MOST_ROWS: Final = 1000


class EpochChanged(Grid36Error):
    """The ledger was rebuilt since this sequence was issued: reload everything."""


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One event in the ledger's order; `case` is the current case, None for an event of a whole partition."""

    seq: int
    event: Event
    case: Case | None


class OpenJob(NamedTuple):
    """An open case as what orders it: `next_ms` is the nearest deadline of who has it, ms UTC."""

    number: str
    state: str
    next_ms: int
    assignee: str | None


_ASSIGNED: Final = (
    "SELECT number, state, next_ms, assignee FROM cases INDEXED BY cases_open_assignee WHERE open = 1 AND assignee = ?"
)
_HANDED: Final = (
    "SELECT number, state, next_ms, assignee FROM cases INDEXED BY cases_open_executor WHERE open = 1 AND executor = ?"
)
_OF_DEPARTMENT: Final = (
    "SELECT number, state, next_ms, assignee FROM cases INDEXED BY cases_open_department"
    " WHERE open = 1 AND department = ? ORDER BY due_order, number LIMIT ?"
)
_ACCOUNTABLE: Final = (
    "SELECT number FROM cases JOIN docs USING (id) WHERE number IN (SELECT value FROM json_each(?))"
    " AND json_extract(doc, '$.accountable') = ?"
)
_NEXT_MS: Final = "(SELECT t_ms FROM timeline WHERE seq > (low + high) / 2 ORDER BY seq LIMIT 1)"
_SEQ_AT: Final = f"""
WITH RECURSIVE halves (low, high) AS (
    SELECT CAST(0 AS BIGINT), coalesce(max(seq), 0) FROM timeline
    UNION ALL
    SELECT CASE WHEN {_NEXT_MS} < ?1 THEN (low + high) / 2 + 1 ELSE low END,
        CASE WHEN {_NEXT_MS} < ?1 THEN high ELSE (low + high) / 2 END
    FROM halves WHERE low < high
) SELECT low FROM halves WHERE low >= high
"""  # noqa: S608 - of our own parts
_STILL_CALLED: Final = (
    "SELECT doc FROM cases INDEXED BY cases_last_called CROSS JOIN docs USING (id) WHERE called_ms >= ?"
    " AND state = 'closed' AND instr(called, ' ' || ? || ' ') > 0"
    " AND json_extract(doc, '$.deadlines.report_in') IS NOT NULL"
    " ORDER BY submitted_ms DESC, number DESC LIMIT ?"
)


class Ledger(LedgerReader):
    """Queries of one ledger file; safe to share between threads."""

    def last_seq(self) -> int:
        """Sequence of the newest change; 0 when there is none."""
        return int(self.rows("SELECT coalesce(max(seq), 0) FROM timeline")[0][0])

    def last_ms(self) -> int:
        """Time of the newest event in the log (ms); 0 when there is none."""
        return int(self.rows("SELECT value FROM meta WHERE key = 'last_ms'")[0][0])

    def newest_ms(self, looked_at: int = 20_000) -> dict[int, int]:
        """By partition the time (ms) of its newest change, among the last ones that this file took."""
        query = """SELECT partition, max(t_ms) FROM (SELECT partition, t_ms FROM timeline ORDER BY seq DESC LIMIT ?)
                   GROUP BY partition"""
        return dict(self.rows(query, looked_at))

    def positions(self) -> dict[tuple[str, int], Position]:
        """By (topic without prefix, partition), the next position, as of the last commit."""
        rows = self.rows("SELECT topic, partition, next_offset, next_n, digest FROM positions")
        return {(row[0], row[1]): Position(row[2], row[3], row[4]) for row in rows}

    def case(self, number: str) -> Case | None:
        """The current case, even after it was archived."""
        row = self.row("SELECT doc FROM cases JOIN docs USING (id) WHERE number = ?", number)
        return Case.model_validate_json(row[0]) if row else None

    def case_of_report(self, report: str) -> Case | None:
        """The case that a report opened; if it moved to another home, the case there once it is open."""
        query = "SELECT doc FROM cases JOIN docs USING (id) WHERE report = ? ORDER BY state = 'moved', number LIMIT 1"
        row = self.row(query, report)
        return Case.model_validate_json(row[0]) if row else None

    def cases(
        self,
        *,
        order: Order = "newest",
        before: Case | tuple[int, str] | None = None,
        back: bool = False,
        limit: int = 100,
        **filters: Unpack[CaseFilters],
    ) -> list[Case]:
        """Cases that match all given filters, at most 1,000, newest submitted first.

        `order="due"` puts the earliest resolution deadline first, and cases without one last. `before` is the last case
        of the previous page, or its `place_of`: pages by it have every case that does not change its place meanwhile
        exactly once. With `back` it is the first case of a page, and the page right before that is returned.
        """
        query = case_query(filters, order, before, min(limit, MOST_ROWS), back=back)
        return [Case.model_validate_json(row[0]) for row in self.rows(query.sql, *query.values)]

    def open_jobs(self, assignees: Sequence[str], executor: str) -> list[OpenJob]:
        """All open cases of these persons, and those handed to `executor`; a case may be there twice."""
        asked = [*((_ASSIGNED, each) for each in assignees), (_HANDED, executor)]
        return [OpenJob(*row) for query, person in asked for row in self.rows(query, person)]

    def department_jobs(self, department: str, limit: int) -> list[OpenJob]:
        """Open cases of a department, the earliest resolution deadline first."""
        return [OpenJob(*row) for row in self.rows(_OF_DEPARTMENT, department, limit)]

    def accountable(self, person: str, numbers: Sequence[str]) -> set[str]:
        """Those of these cases for which a person is accountable, whoever has them."""
        asked = json.dumps(numbers, ensure_ascii=False)
        return {row[0] for row in self.rows(_ACCOUNTABLE, asked, person)} if numbers else set()

    def calls(self, department: str, states: Iterable[State], limit: int) -> list[tuple[str, tuple[Assist, ...]]]:
        """Open cases to which a department was called, newest first, and how all those called report in."""
        filters: CaseFilters = {"called": department, "open_only": True, "state": states}
        query = case_query(filters, "newest", limit=limit, what="number, json_extract(doc, '$.assists')")
        return [(number, ASSISTS.validate_json(found)) for number, found in self.rows(query.sql, *query.values)]

    def still_called(self, department: str, since_ms: int, limit: int) -> list[Case]:
        """Closed cases called to since then for which some department can still come in time, newest first."""
        rows = self.rows(_STILL_CALLED, since_ms, department, limit)
        return [Case.model_validate_json(row[0]) for row in rows]

    def timeline(self, number: str) -> list[Event]:
        """Every event of a case, oldest first."""
        rows = self.rows("SELECT event FROM timeline WHERE number = ? ORDER BY seq", number)
        return [EVENT.validate_json(row[0]) for row in rows]

    def texts(self, number: str) -> list[Written]:
        """Texts and photos of a case, oldest first, without erased ones."""
        rows = self.rows("SELECT written FROM texts WHERE number = ? ORDER BY at_ms, id", number)
        return [Written.model_validate_json(row[0]) for row in rows]

    def text(self, id: str) -> Written | None:
        """One text by its id; None if it was erased or never existed."""
        row = self.row("SELECT written FROM texts WHERE id = ?", id)
        return Written.model_validate_json(row[0]) if row else None

    def changes(self, after_seq: int, limit: int = 200, *, epoch: str | None = None) -> list[LedgerChange]:
        """Changes after `after_seq`, oldest first. Raises `EpochChanged` if the file is not of `epoch`."""
        with self.snapshot() as connection:
            if epoch is not None and meta(connection, "epoch") != epoch:
                raise EpochChanged(epoch=epoch)
            rows = connection.execute(
                "SELECT seq, event, doc FROM timeline LEFT JOIN cases USING (number) LEFT JOIN docs USING (id)"
                " WHERE seq > ? ORDER BY seq LIMIT ?",
                (after_seq, limit),
            ).fetchall()
        return [
            LedgerChange(seq, EVENT.validate_json(event), Case.model_validate_json(doc) if doc is not None else None)
            for seq, event, doc in rows
        ]

    def seq_at(self, t_ms: int, margin: int = 500) -> int:
        """A sequence before all events since `t_ms`: the events of all partitions are nearly in order of time."""
        found = self.row(_SEQ_AT, t_ms)
        return max(0, (int(found[0]) if found else 0) - margin)

    def caused(self, command: str, since_ms: int) -> list[Event]:
        """Events of this command or of commands named after it, oldest first, searched from `since_ms` on."""
        start = self.seq_at(since_ms)
        named = f'"command":{json.dumps(command, ensure_ascii=False)[:-1]}'.encode()
        query = "SELECT event FROM timeline WHERE seq > ? AND seq <= ? AND instr(event, ?) > 0 ORDER BY seq LIMIT ?"
        rows = self.rows(query, start, start + MOST_SEARCHED, named, MOST_ROWS)
        return [EVENT.validate_json(row[0]) for row in rows]

    def counts(self, at_ms: int | None = None) -> CaseCounts:
        """Shares, states, and how many open cases are past due at `at_ms` (default: the log's last time)."""
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
        within: Remit = WHOLE,
        as_of_ms: int | None = None,
        names: Mapping[str, Name] | None = None,
        language: Language = Language.ZH,
    ) -> Stats:
        """The figures of all cases submitted from `from_ms` up to `to_ms`; see `stats`."""
        with self.snapshot() as connection:
            named: dict[str, Any] = {"kind": kind, "within": within, "names": names or {}, "language": language}
            return stats(connection, by, from_ms, to_ms, zone, as_of_ms=as_of_ms, **named)
