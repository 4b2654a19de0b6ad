"""The sets of calls by a whistle 吹哨 that metrics count, by name: which calls, and their cases, as SQL. Pure."""

from collections.abc import Iterable
from typing import Final, Literal

from connectors.ledger.calls import was_due, was_in_time
from connectors.ledger.remit_sql import AMONG, among
from connectors.ledger.span import Span
from schemas.joint import ReportInStep

CallSet = Literal["called", "report_in_due", "reported_in", "report_in_rated"]
_EACH: Final[dict[CallSet, str]] = {
    "called": "1 = 1",
    "report_in_due": was_due(ReportInStep.ATTEND, ":at"),
    "reported_in": was_in_time(ReportInStep.ATTEND),
    "report_in_rated": "cooperation IS NOT NULL",
}


def call_condition(calls: CallSet, at_ms: int) -> str:
    """The calls of a set as a condition on the table of calls; limits have passed as of `at_ms`."""
    return f"({_EACH[calls].replace(':at', str(int(at_ms)))})"


def calls_in(span: Span, kind: str) -> tuple[str, list[object]]:
    """From which calls, and the values: those made in a span by a whistle, for cases of one kind.

    A part of the region has the calls for the cases in its grids, and the calls to its departments.
    """
    where = ["cause = 'whistle'", "kind = ?", "called_ms >= ?", "called_ms < ?"]
    values: list[object] = [kind, span.from_ms, span.to_ms]
    if not span.within.everything:
        where.append(f"(grid {AMONG} OR code {AMONG})")
        values += [among(span.within.grids), among(span.within.departments)]
    return f"calls INDEXED BY calls_made WHERE {' AND '.join(where)}", values


def cases_with(
    calls: CallSet, span: Span, kind: str, at_ms: int, groups: Iterable[tuple[str, list[object]]]
) -> tuple[str, list[object]]:
    """The cases with such a call as a condition on the table of cases; `groups` are further conditions on the call."""
    source, values = calls_in(span, kind)
    where = [call_condition(calls, at_ms)]
    for condition, more in groups:
        where, values = [*where, condition], [*values, *more]
    return f"id IN (SELECT id FROM {source} AND {' AND '.join(where)})", values  # noqa: S608 - names of ours
