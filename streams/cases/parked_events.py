"""Builds the event for a parked command or deadline."""

import hashlib

from rules.book.reasons import because
from rules.decision.draft import Draft
from schemas.case import Case, Deadline
from schemas.codec import UnreadableError
from schemas.command import AnyCommand, Open, Record, RecordWhat
from schemas.event import EventType
from schemas.settling import Settle, SettleCommand
from schemas.topics import EVERYWHERE
from streams.partition import contract
from streams.rulebooks.cache import NoHistoryError

NO_REPORT = frozenset({NoHistoryError.__name__, UnreadableError.__name__})
"""Errors of commands that did not count as a report when they were parked."""


def parked_command(
    record: contract.ConsumedRecord, command: AnyCommand | None, error: Exception, region: str, t_ms: int
) -> Draft:
    """The event of a parked command (None: it could not be read). It changes no case."""
    sha256 = hashlib.sha256(record.value or b"").hexdigest()[:32]
    home = command.home if command else EVERYWHERE
    return Draft(
        EventType.COMMAND_PARKED,
        home,
        home.removeprefix(region + "-"),
        t_ms,
        command.id if command else f"unreadable-{sha256}",
        "system",
        case=getattr(command, "case", None),
        because=because("parked"),
        facts={"error": type(error).__name__, "sha256": sha256, **_report_of(command, type(error).__name__)},
    )


def parked_deadline(case: Case, deadline: Deadline, error: Exception, region: str, due_ms: int) -> Draft:
    """The event of a parked deadline. The case loses this deadline, else it would fail again and again."""
    return Draft(
        EventType.COMMAND_PARKED,
        case.home,
        case.place.grid if case.place else case.home.removeprefix(region + "-"),
        due_ms,
        f"due:{deadline}",
        "system",
        case=case.number,
        because=because("parked"),
        now={"deadlines": {name: at for name, at in case.deadlines.items() if name is not deadline}},
        facts={"error": type(error).__name__, "deadline": deadline},
    )


def settled_command(asked: SettleCommand, parked: AnyCommand | None, region: str, t_ms: int) -> Draft:
    """The event of a person's word on a parked command (None: a deadline, or unreadable)."""
    retried = asked.settle is Settle.RETRY
    home = parked.home if parked else EVERYWHERE
    return Draft(
        EventType.PARKED_RETRIED if retried else EventType.PARKED_DROPPED,
        home,
        home.removeprefix(region + "-"),
        t_ms,
        asked.id,
        asked.by,
        because=because("parked_retried" if retried else "parked_dropped"),
        facts={"parked": asked.parked, **_report_of(parked, asked.error)},
    )


def _report_of(command: AnyCommand | None, error: str) -> dict[str, str]:
    """The accepted report (from a door or a replay) that a parked command carries: it counts as parked."""
    if error in NO_REPORT:
        return {}
    if isinstance(command, Open):
        moved = {} if command.moved_from is None else {"moved_from": command.moved_from}
        return {"report": command.report.id, **moved}
    if isinstance(command, Record) and command.what is RecordWhat.OPENED:
        return {"report": command.report.id}
    return {}
