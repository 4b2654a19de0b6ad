"""Cases as lists for other systems have them: newest first, by several services, by what happened to them when.

Proposals, duties, questions about people, and tasks that a department pushed down are not among them: `OPEN_KINDS`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from connectors.ledger.queries.cases import Ledger
from schemas.errors import Grid36Error

OPEN_KINDS: Final = ("problem", "service_request", "self_handled")
"""Kinds in figures of what concerns a place, not a person."""
MOST_EVENTS: Final = 200_000
"""How many events are searched for those of a time."""
LATE_EVENTS: Final = 500
"""How many events of other partitions may have been taken before an earlier one."""
_KINDS: Final = ", ".join(f"'{kind}'" for kind in OPEN_KINDS)
PUBLISHED: Final = f"kind IN ({_KINDS}) AND state <> 'moved' AND pushed = 0"
"""The condition on `cases` of what other systems see in lists."""
_HEAD: Final = "SELECT number, submitted_ms, report, last_seq FROM"
_HEADS: Final = "SELECT json_group_array(json_array(number, submitted_ms, report, last_seq)) FROM"
"""In one row: Python takes its lock again after each, which others want as well."""
_ROWS: Final = (
    "SELECT last_seq, doc, (SELECT t_ms FROM timeline WHERE seq = last_seq) FROM cases JOIN docs USING (id)"
    " WHERE number IN (SELECT value FROM json_each(?))"
)
_TEXTS: Final = (
    "SELECT number, written FROM texts WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number, at_ms, id"
)


class TooManyEventsError(Grid36Error):
    """More happened in this time than is searched at once. Ask for a shorter time."""


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What cases must match; None stands for everything. Times are ms UTC, both ends included."""

    services: tuple[str, ...] | None = None
    """Ids of categories and subcategories, as cases have them."""
    categories: tuple[str, ...] | None = None
    """The categories of these, by which an index finds them."""
    open: bool | None = None
    from_ms: int | None = None
    to_ms: int | None = None
    """When it was submitted."""
    changed_from_ms: int | None = None
    changed_to_ms: int | None = None
    """When something happened to it."""
    before: tuple[int, str] | None = None
    """Submission (ms) and number of the last one of the page before."""
    limit: int = 1000
    offset: int = 0


class RequestHead(NamedTuple):
    """What tells whether a case is as it was: `last_seq` is the sequence of its last event."""

    number: str
    submitted_ms: int
    report: str
    last_seq: int


class RequestRow(NamedTuple):
    """A case as JSON (`schemas.case.Case`), its last event, and when that was, ms UTC."""

    last_seq: int
    doc: dict[str, Any]
    last_ms: int


def request_heads(ledger: Ledger, asked: RequestFilter) -> list[RequestHead]:
    """Newest submitted first. Raises `TooManyEventsError`."""
    where, values = [PUBLISHED], list[object]()

    def also(condition: str, *given: object) -> None:
        where.append(condition)
        values.extend(given)

    tables = f"cases INDEXED BY {_index(asked)}"
    if asked.changed_from_ms is not None or asked.changed_to_ms is not None:
        changed, between = _changed(ledger, asked)
        tables = f"({changed}) CROSS JOIN cases USING (number)"
        values += between
    if asked.open is not None:
        also(f"open = {int(asked.open)}")
    if asked.categories is not None:
        also(f"category IN ({_marks(asked.categories)})", *asked.categories)
    if asked.services is not None:
        also(f"service IN ({_marks(asked.services)})", *asked.services)
    if asked.from_ms is not None:
        also("submitted_ms >= ?", asked.from_ms)
    if asked.before is not None:
        also("(submitted_ms, number) < (?, ?)", *asked.before)
    elif asked.to_ms is not None:  # SQLite would begin there, and the page before said no less
        also("submitted_ms <= ?", asked.to_ms)
    order = "ORDER BY submitted_ms DESC, number DESC LIMIT ? OFFSET ?"
    query = f"{_HEADS} ({_HEAD} {tables} WHERE {' AND '.join(where)} {order})"
    ((found,),) = ledger.rows(query, *values, asked.limit, asked.offset)
    return [RequestHead(*row) for row in from_json(found)]


def request_head(ledger: Ledger, *, number: str = "", report: str = "") -> RequestHead | None:
    """One by its number, if it is among them; or by the id of its report, whatever it is, also after it moved."""
    if report:
        by = "report = ? ORDER BY state = 'moved', number LIMIT 1"
        found = ledger.row(f"{_HEAD} cases WHERE {by}", report)
    else:
        found = ledger.row(f"{_HEAD} cases WHERE number = ? AND {PUBLISHED}", number)
    return None if found is None else RequestHead(*found)


def request_rows(ledger: Ledger, numbers: Sequence[str]) -> list[RequestRow]:
    """These cases, in no order."""
    found = ledger.rows(_ROWS, json.dumps(numbers))
    return [RequestRow(last_seq, from_json(doc), last_ms or 0) for last_seq, doc, last_ms in found]


def raw_texts(ledger: Ledger, numbers: Sequence[str]) -> dict[str, tuple[bytes, ...]]:
    """By case its texts as they are stored (`schemas.order.Written`), oldest first, without erased ones."""
    found = dict[str, list[bytes]]()
    for number, written in ledger.rows(_TEXTS, json.dumps(numbers)):
        found.setdefault(number, []).append(written)
    return {number: tuple(texts) for number, texts in found.items()}


def _changed(ledger: Ledger, asked: RequestFilter) -> tuple[str, list[object]]:
    """A query of the numbers to which something happened in a time. What archives a case is not counted."""
    first, last = events_between(ledger, asked.changed_from_ms, asked.changed_to_ms)
    to_ms = asked.changed_to_ms if asked.changed_to_ms is not None else 2**62
    query = (
        "SELECT DISTINCT number FROM timeline WHERE seq > ? AND seq <= ? AND t_ms BETWEEN ? AND ?"
        " AND type <> 'archived' AND number IS NOT NULL"
    )
    return query, [first, last, asked.changed_from_ms or 0, to_ms]


def events_between(ledger: Ledger, from_ms: int | None, to_ms: int | None) -> tuple[int, int]:
    """Sequences between which the events of a time are: after the first, up to the second.

    Raises `TooManyEventsError`.
    """
    first = 0 if from_ms is None else ledger.seq_at(from_ms, LATE_EVENTS)
    last = ledger.last_seq()
    if to_ms is not None:
        last = min(last, ledger.seq_at(to_ms + 1, 0) + LATE_EVENTS)
    if last - first > MOST_EVENTS:
        raise TooManyEventsError(events=last - first, most=MOST_EVENTS)
    return first, last


def _index(asked: RequestFilter) -> str:
    """Little is open after years, and one category is a part of all."""
    if asked.open:
        return "cases_open"
    return "cases_category" if asked.categories is not None and len(asked.categories) == 1 else "cases_submitted"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
