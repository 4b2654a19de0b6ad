"""Quiet hours and a budget of messages 指尖减负: what may wait, and until when.

Answers, refusals, results to verify and whatever goes to reporters never wait. Work waits for the morning, as messages
of its own, unless somebody is on duty, it is urgent, or something of it is due before. The rest is gathered.
"""

from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from connectors.chat.messages import SayKind
from connectors.replies.reply import ReplyTo
from schemas.case import Case, Deadline
from schemas.quiet import MessageRule, ends_ms

HOUR_MS: Final = 3_600_000
WORK: Final = frozenset({SayKind.JOB, SayKind.REQUEST})
"""What waits, if at all, as a message of its own."""
GATHERED: Final = frozenset({SayKind.NOTICE, SayKind.NEWS})
"""What may become a line of a digest."""
_TO_REPORTERS: Final = frozenset[ReplyTo]({"reporter", "follower"})
_THEIRS: Final = frozenset(
    {
        Deadline.ACCEPT, Deadline.RESPOND, Deadline.MILESTONE, Deadline.RESOLVE, Deadline.REQUEST, Deadline.ADMISSION,
        Deadline.REPORT_IN,
    }
)  # fmt: skip
"""Deadlines that somebody would miss who hears of them too late."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Somebody at the moment at which there is something to tell."""

    now_ms: int
    zone: ZoneInfo
    rule: MessageRule
    sent_today: int = 0
    """Messages of the region's day that they did not ask for."""
    on_duty: bool = False


def why_woken(case: Case, until_ms: int) -> Literal["", "urgent", "due"]:
    """Why work cannot wait until then; "": it can."""
    if case.urgent_by:
        return "urgent"
    due = min((at for name, at in case.deadlines.items() if name in _THEIRS), default=until_ms)
    return "due" if due < until_ms else ""


def quiet_until_ms(person: Availability) -> int | None:
    """When somebody's quiet time ends; None: they may be written to."""
    return None if person.on_duty else ends_ms(person.rule.quiet, person.now_ms, person.zone)


def waits_until_ms(kind: SayKind, to: ReplyTo, case: Case, person: Availability) -> int | None:
    """Until when a message of an event waits; None: it goes out now.

    Who is off while somebody on duty has their urgent job hears of it when the quiet hours are over.
    """
    if to == "off_duty":
        return quiet_until_ms(person)
    if kind in WORK:
        return _work_waits(to, case, person)
    if kind is SayKind.NEWS:
        return _news_waits(person)
    if kind is SayKind.NOTICE and to not in _TO_REPORTERS and not case.urgent_by:
        return quiet_until_ms(person)
    return None


def _work_waits(to: ReplyTo, case: Case, person: Availability) -> int | None:
    until = quiet_until_ms(person)
    if until is None or to in _TO_REPORTERS or why_woken(case, until):
        return None
    return until


def _news_waits(person: Availability) -> int | None:
    until = quiet_until_ms(person)
    if until is not None or person.sent_today < person.rule.budget:
        return until
    gathered = person.now_ms + person.rule.gather_h * HOUR_MS
    return ends_ms(person.rule.quiet, gathered, person.zone) or gathered
