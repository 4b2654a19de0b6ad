"""Erases texts of archived cases: the partition has forgotten them, so the door sends what the ledger knows."""

from rules.book.reasons import because
from rules.decision.builder import DecisionBuilder
from rules.decision.draft import Decision, DecisionContext
from rules.routing.route import name_of
from schemas.command import Act, Do
from schemas.event import EventType
from schemas.topics import home_of


def concerns_archived(command: Do) -> bool:
    """Whether this erases texts that a door found for a case that is archived."""
    return command.act is Act.ERASE and bool(command.texts)


def erase_archived(command: Do, context: DecisionContext) -> Decision:
    """Tombstones for the texts this person may erase: their own, for superiors all. Only their digests stay."""
    builder = DecisionBuilder(context, command.id, command.by, command.home)
    book = context.book
    home = book.directory.grid(home_of(command.case).removeprefix(f"{book.region.code}-"))
    every = book.directory.rung_of(command.by, home.id if home else None) is not None
    wanted = [text for text in command.texts if command.to in {None, text.id}]
    gone = [text.id for text in wanted if every or text.by == command.by]
    if not gone:
        reason = because("nothing_to_erase")
        facts = {"act": command.act, "case": command.case, "code": reason.code}
        builder.note(EventType.ACTION_REFUSED, reason, facts, case=command.case)
        return builder.done()
    builder.erase(gone)
    reason = because("act", by=name_of(command.by, context.book))
    builder.note(EventType.TEXT_ERASED, reason, {"texts": gone}, case=command.case)
    return builder.done()
