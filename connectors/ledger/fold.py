"""The fold of the read model: a case's fields after one more event, and the columns beside them. Pure."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from connectors.ledger.kept.grains import day_number
from connectors.ledger.kept.sums import SUMMED, TELLING
from connectors.ledger.samples import sample_of
from schemas.case import Deadline, State
from schemas.command import Outcome, Rating
from schemas.event import EventType
from schemas.report import ReportKind

Doc = dict[str, Any]
DUE: Final = "due:"
"""Prefix of the `command` of events that a deadline caused."""
SOLVED: Final = frozenset({Outcome.FIXED, Outcome.HANDLED_BY_ANOTHER})
NEVER: Final = 10**15 - 1
"""A time (ms) after all others."""
DUE_FOR_OWNER: Final = (Deadline.ACCEPT, Deadline.RESPOND, Deadline.MILESTONE, Deadline.RESOLVE)
"""The deadlines of the person who has a job."""
ENDED: Final = frozenset({State.RESOLVED, State.CLOSED})
OVER: Final = frozenset({State.CLOSED, State.REFUSED, State.MERGED, State.MOVED})


def fold(doc: Doc | None, event: Mapping[str, Any]) -> Doc:
    """The fields of a case after `event`, as plain JSON; `doc` is None for its first event."""
    before = doc or {"number": event["case"], "home": event["home"], "report": "", "state": State.SUBMITTED, "seq": 0}
    if event["type"] == EventType.COMMAND_PARKED and not event.get("now"):
        return before  # as the worker has it: a command that could not be processed changed nothing
    acts = before.get("acts", [])
    command = event["command"]
    if not command.startswith(DUE) and command not in acts:
        acts = [*acts, command]
    after = {**before, **event.get("now", {}), "acts": acts, "seq": before["seq"] + 1}
    if event["type"] == EventType.ARCHIVED:
        after["archived"] = True
    elif event["type"] == EventType.TEXT_ERASED and "texts" in after:  # the event that archives a case says no more
        gone = event.get("facts", {}).get("texts", ())
        after["texts"] = [ref for ref in after["texts"] if ref["id"] not in gone]
    return after


def columns(doc: Doc, last_seq: int, zone: ZoneInfo) -> tuple[object, ...]:
    """One row of `cases`, in the order of `COLUMNS`; sums are kept by the days of `zone`."""
    get, department, place = doc.get, doc.get("department") or {}, doc.get("place") or {}
    timed = _timed(doc)
    return (
        doc["number"],
        get("report", ""),
        get("reporter", ""),
        get("submitted_ms", 0),
        day_number(get("submitted_ms", 0), zone),
        get("moved_from"),
        doc["state"],
        doc["state"] not in OVER,
        get("assignee"),
        get("executor"),
        department.get("code"),
        storable(department.get("name")),
        storable(get("category", "")),
        kind_of(doc),
        get("raised", 0),
        place.get("segment"),
        place.get("grid"),
        place.get("lon"),
        place.get("lat"),
        get("dispatched_ms"),
        get("suspended_ms"),
        get("resolved_ms"),
        get("due_ms"),
        due_order(get("due_ms")),
        _next_ms(doc),
        get("on_time"),
        get("by_day", False),
        get("outcome"),
        get("self_handled", False),
        timed,
        _took_ms(doc) if timed else None,
        sample_of(doc),
        get("reworks", 0),
        get("verifying_ms", 0),
        get("hops", 0) - get("raises", 0),  # a person's decision to raise a case is not a hop
        get("extensions", 0),
        *((None,) * 3 if get("master") is not None else (_responded(doc), _solved(doc), _satisfied(doc))),
        get("master"),
        _called(doc),
        max((each["called_ms"] for each in get("assists", ())), default=None),
        any(each.get("cause") == "whistle" for each in get("assists", ())),
        _proposed(doc),
        get("duty"),
        storable(get("subcategory") or get("category", "")),
        get("pushed_by") is not None,
        get("archived", False),
        last_seq,
    )


def storable(text: str | None) -> str | None:
    """The text as any database keeps it: PostgreSQL has no NUL in a text, and on the log another system's may be."""
    return text.replace("\x00", "\ufffd") if text is not None and "\x00" in text else text


def due_order(due_ms: int | None) -> int:
    """The place in lists by deadline: what has none comes last."""
    return NEVER if due_ms is None else due_ms


def _next_ms(doc: Doc) -> int:
    """The nearest deadline for the person who has the job; `NEVER` if there is none."""
    deadlines = doc.get("deadlines") or {}
    own = [deadlines[name] for name in DUE_FOR_OWNER if name in deadlines]
    return min(own) if own else due_order(doc.get("due_ms"))


def kind_of(doc: Doc) -> str:
    """The kind of a case in figures: that of its report, `proposal`, `duty`, `remedy`, `self_handled`, `without_place`.

    The last is an imported case without a usable place: it was never routed by its place, so its times say nothing
    about who is responsible there.
    """
    if doc.get("change") is not None:
        return "proposal"
    if doc.get("duty") is not None:
        return "duty"
    if doc.get("remedy") is not None:
        return "remedy"
    if doc.get("self_handled"):
        return "self_handled"
    if doc.get("history") and doc.get("place") is None and doc.get("dispatched_ms") is not None:
        return "without_place"
    return str(doc.get("kind") or ReportKind.PROBLEM.value)


def _proposed(doc: Doc) -> str | None:
    """The list item that a case proposes to change; None if it names none. Older logs hold unchecked values."""
    item = (doc.get("change") or {}).get("id")
    return storable(item) if isinstance(item, str) else None


def _called(doc: Doc) -> str | None:
    """The called departments, each between spaces; None if the case is not joint."""
    codes = [each["department"]["code"] for each in doc.get("assists", ())]
    return f" {' '.join(codes)} " if codes else None


def _timed(doc: Doc) -> bool:
    """True if the case was resolved by those responsible, and is no follower of another one."""
    own = doc.get("master") is None and not doc.get("self_handled")
    ended = doc["state"] in ENDED and doc.get("resolved_ms") is not None
    return own and ended and doc.get("outcome") != Outcome.WITHDRAWN


def _took_ms(doc: Doc) -> int | None:
    """The time from its submission to its resolution; None if the days of both are all that is known."""
    return None if doc.get("by_day") or doc.get("duty") is not None else doc["resolved_ms"] - doc.get("submitted_ms", 0)


def _satisfied(doc: Doc) -> bool | None:
    """What the reporter said; None without a rating."""
    return None if doc.get("rating") is None else doc["rating"] == Rating.SATISFIED


def _responded(doc: Doc) -> bool | None:
    """True if the reporter was reached in time; None while the clock runs, or without a clock."""
    if Deadline.RESPOND in doc.get("missed", ()):
        return False
    return True if doc.get("contacted_ms") is not None else None


def _solved(doc: Doc) -> bool | None:
    """True if the reporter confirmed that it is solved; None without an answer (no valid call-back)."""
    if doc.get("verified_by") != "reporter" and doc.get("rating") is None:
        return None
    return doc["state"] == State.CLOSED and doc.get("outcome") in SOLVED


COLUMNS: Final = (
    "number", "report", "reporter", "submitted_ms", "day", "moved_from", "state", "open", "assignee", "executor",
    "department", "department_name", "category", "kind", "raised", "segment", "grid", "lon", "lat", "dispatched_ms",
    "suspended_ms", "resolved_ms", "due_ms", "due_order", "next_ms", "on_time", "by_day", "outcome", "self_handled",
    "timed", "took_ms", "sample", "reworks", "verifying_ms", "hops", "extensions", "responded", "solved", "satisfied",
    "master", "called", "called_ms", "whistled", "proposes", "duty", "service", "pushed", "archived", "last_seq",
)  # fmt: skip
FIXED: Final = frozenset({"number", "report", "reporter", "submitted_ms", "day", "moved_from"})
"""Columns that only the opening of a case sets."""
INDEXED: Final = (
    "state", "open", "assignee", "executor", "department", "department_name", "category", "kind", "raised", "segment",
    "grid", "lat", "due_order", "by_day", "took_ms", "reworks", "hops", "extensions", "sample", "master", "called",
    "called_ms", "whistled", "proposes", "duty",
)  # fmt: skip
"""Columns with an index that an event may change."""
indexed: Final = itemgetter(*map(COLUMNS.index, INDEXED))
"""A row's values of these."""
counted_by: Final = itemgetter(*map(COLUMNS.index, ("state", "master", "dispatched_ms", "moved_from")))
"""A row's values that decide how it is counted."""
_summed: Final = itemgetter(*map(COLUMNS.index, SUMMED))
_STATE: Final = COLUMNS.index("state")


def summed(row: tuple[object, ...]) -> tuple[object, ...]:
    """A row's values that decide what it adds to the sums of figures."""
    state = row[_STATE]
    return state if state in TELLING else None, *_summed(row)
