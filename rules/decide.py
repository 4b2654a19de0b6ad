"""`decide(case, command, context)`: a pure function; every state and command gives a transition or a refusal."""

from rules.acts import decide_list_change, on_duty
from rules.acts.act_context import ActContext, RefusedAct, refused, wrong_state
from rules.acts.check_right import check_right, what_of
from rules.acts.erase import concerns_archived, erase_archived
from rules.acts.for_remedies import check_remedy
from rules.acts.hear import hear
from rules.acts.meanwhile import DECIDING, check_meanwhile
from rules.acts.merge import join, joined, left, master_ended
from rules.acts.table import DO
from rules.book.labels import ACT_NAMES
from rules.book.reasons import because
from rules.cases.opening import open_case
from rules.cases.waiting import supply
from rules.deadlines import due
from rules.decision.builder import DecisionBuilder
from rules.decision.draft import Decision, DecisionContext
from rules.decision.fold import DUE
from rules.facts.routing_facts import facts_of_report, questions_about
from rules.import_history import record
from rules.routing.route import name_of
from rules.tables.matcher import Question
from schemas.case import Case, State
from schemas.command import (
    Activate,
    AnyCommand,
    Cover,
    Do,
    Join,
    Joined,
    Leave,
    MasterEnded,
    Open,
    Record,
    RecordWhat,
    Supply,
    Tick,
)
from schemas.eligible import can_cover
from schemas.event import Because, EventType
from schemas.order import ordered_from
from schemas.rights import COLLIDING, CaseRole, possible, right_of
from schemas.topics import home_of

__all__ = ["decide", "due", "questions"]


def decide(case: Case | None, command: AnyCommand, context: DecisionContext) -> Decision:
    """The decision on one command at `around.t_ms`. `case` is the one it names, unless that is archived.

    A case of another home counts as unknown, even if both homes share a partition: decisions must
    not depend on the number of partitions.
    """
    if case is not None and case.home != command.home:
        case = None
    if command.id.startswith(DUE):  # its sender chose this id; without a change no case would remember it
        command = command.model_copy(update={"id": command.id.replace(DUE, "due/", 1)})
    if case is None and not isinstance(command, Open) and context.seen(command.id):
        return Decision()
    return _decided(case, command, context)


def _decided(case: Case | None, command: AnyCommand, context: DecisionContext) -> Decision:  # noqa: PLR0911  # one per command
    match command:
        case Open():
            return open_case(command, context)
        case Do():
            return do(case, command, context)
        case Record():
            return record(case, command, context)
        case Supply():
            return supply(case, command, context)
        case Join():
            return join(case, command, context)
        case Joined():
            return joined(case, command, context)
        case Leave():
            return left(case, command, context)
        case MasterEnded():
            return master_ended(case, command, context)
        case Cover():
            return _cover(command, context)
        case Activate():
            return _activate(command, context)
        case Tick():
            return Decision()


def do(case: Case | None, command: Do, context: DecisionContext) -> Decision:
    """An act of a person: done, refused with a reason and the possible acts, or nothing if it was redelivered."""
    if case is None and command.department is None and concerns_archived(command):
        return erase_archived(command, context)
    if case is None:
        builder = DecisionBuilder(context, command.id, command.by, command.home)
        reason = because("unknown_case", case=command.case)
        facts = {"act": command.act, "case": command.case, "code": reason.code}
        ours = command.case if home_of(command.case) == command.home else None  # archived or unknown
        builder.note(EventType.ACTION_REFUSED, reason, facts, case=ours)
        return builder.done()
    if command.id in case.acts:
        return Decision()
    try:
        return _do(case, command, context)
    except RefusedAct as no:
        builder = DecisionBuilder(context, command.id, command.by, case.home)
        builder.happen(case, EventType.ACTION_REFUSED, no.reason, facts={"act": command.act, "code": no.reason.code})
        return builder.done()


def _do(case: Case, command: Do, context: DecisionContext) -> Decision:
    if command.department is not None and command.department not in ordered_from(case):
        raise refused("not_your_order", case=case.number, department=command.department)
    right = right_of(command.act, case)
    if case.state is State.MOVED:
        raise refused("moved_away", case=case.number, home=case.moved_to)
    late = on_duty.told_late(case, command)
    if case.state is State.MERGED and CaseRole.FOLLOWER in right.who:
        raise refused("done_there", master=case.master, act=ACT_NAMES[command.act])
    if case.state not in right.states and not late:
        check_meanwhile(command, case, context)
        raise wrong_state(case.state, command.act, possible(case))
    claimed_ms = command.occurred_ms if command.occurred_ms is not None else context.t_ms
    occurred_ms = min(max(claimed_ms, case.acted_ms), max(context.t_ms, case.acted_ms))
    roles = what_of(command.by, case, context, occurred_ms, right.who | right.never)
    if command.act in COLLIDING or right.who.isdisjoint(roles):
        check_meanwhile(command, case, context)
    check_right(command, case, roles, context.book)
    act = ActContext(command, case, DecisionBuilder(context, command.id, command.by, case.home), occurred_ms, roles)
    on_duty.check(act)
    decide_list_change.check(act)
    check_remedy(act)
    if command.act in DECIDING:
        act.builder.sign(case.number, command.act, occurred_ms)
    DO[command.act](act)
    hear(act)
    return act.builder.done()


def _cover(command: Cover, context: DecisionContext) -> Decision:
    """Register a cover in every partition, entered by the person or somebody above them."""
    builder = DecisionBuilder(context, command.id, command.by, command.home)
    reason = _no_cover(command, context)
    if reason is not None:
        builder.note(EventType.ACTION_REFUSED, reason, {"act": "cover", "code": reason.code}, grid="*")
        return builder.done()
    facts = command.model_dump(mode="json", include={"person", "cover", "by", "from_ms", "until_ms"})
    builder.note(EventType.COVER_SET, because("cover_set"), facts, grid="*")
    return builder.done()


def _no_cover(command: Cover, context: DecisionContext) -> Because | None:
    book = context.book
    for named in filter(None, (command.person, command.cover)):
        if book.person(named) is None:
            return because("unknown_person", person=named)
    if not book.directory.may_place(command.by, command.person):
        return because("may_not_place", by=name_of(command.by, book), person=name_of(command.person, book))
    person, cover = book.person(command.person), book.person(command.cover)
    if person is not None and cover is not None and not can_cover(cover, person):
        return because("cannot_cover", cover=cover.name, person=person.name)
    return because("times_wrong") if command.until_ms <= command.from_ms else None


def _activate(command: Activate, context: DecisionContext) -> Decision:
    builder = DecisionBuilder(context, command.id, command.by, command.home)
    facts = command.model_dump(mode="json", include={"rulebook", "region", "effective_ms"})
    if command.in_flight:
        facts["in_flight"] = True
    builder.note(EventType.RULEBOOK_ACTIVATED, because("activated"), facts, grid="*")
    return builder.done()


def questions(command: AnyCommand, context: DecisionContext) -> list[Question]:
    """The questions of this command to the matcher, so that a whole batch can be asked at once.

    A later command of a batch may need another question, after the earlier ones were counted.
    """
    if isinstance(command, Record):
        if command.what is not RecordWhat.OPENED or not context.book.decides_history:
            return []
    elif not isinstance(command, Open):
        return []
    routing_facts = facts_of_report(command.report, command.home, command.place, context)
    if (
        command.place is None
        and isinstance(command, Open)
        and context.book.needs_place(routing_facts.category, routing_facts.kind)
    ):
        return []
    return questions_about(routing_facts, context.book, context.t_ms)
