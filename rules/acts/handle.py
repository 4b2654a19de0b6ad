"""Acts of the assignee until the work is done: acknowledge, contact, resolve, hand on, return, raise."""

from typing import Any

from rules.acts import whistle
from rules.acts.act_context import ActContext, refused
from rules.book.reasons import because
from rules.cases.dispatching import request_dropped
from rules.clocks import milestones
from rules.clocks.clocks import later, met, on_time, resolution_stopped, unpaused
from rules.facts.routing_facts import routing_facts_of
from rules.routing.admission import fits
from rules.routing.alerts import handed_over, hop_facts, photo_facts, photos_judged, raised_to, same_photos
from rules.routing.assists import first_due
from rules.routing.list_changes import proposed, to_steward
from rules.routing.route import Route, desk_of, name_of, next_in_line, with_cover
from schemas.case import Deadline, State
from schemas.citing import citable, leads
from schemas.command import NOBODY_SAYS, Outcome
from schemas.eligible import can_work
from schemas.event import EventType
from schemas.items import AfterPhoto, Item
from schemas.people import Role
from schemas.report import ReportKind


def accepted(act: ActContext) -> dict[str, Any]:
    """The change when the accept clock ends, as it does with any act of the assignee. Withdraws an early notice."""
    case = act.case
    if not act.as_assignee or case.acknowledged_ms is not None:
        return {}
    return {"acknowledged_ms": act.occurred_ms, **ended(act, Deadline.ACCEPT)}


def ended(act: ActContext, *clocks: Deadline) -> dict[str, Any]:
    """The change when these clocks end with this act. An event of its own withdraws notices sent too early."""
    change, withdrawn = met(act.case, act.occurred_ms, act.builder.book, *clocks)
    if not withdrawn:
        return change
    act.system(EventType.NOTICE_WITHDRAWN, because("in_time"), facts={"clocks": list(withdrawn)}, **change)
    return {}


def milestones_ended(act: ActContext, at_ms: int, *ids: str) -> dict[str, Any]:
    """The change when these milestones (none named: all) are reached at `at_ms`. Withdraws early notices."""
    case = act.case
    if not case.milestones:
        return {}
    steps, withdrawn, rungs = milestones.done(case, ids or [step.id for step in case.milestones], at_ms)
    change = milestones.changed(case, steps)
    if withdrawn:
        facts = {"clocks": [Deadline.MILESTONE], "milestones": [step.id for step in withdrawn]}
        change["rung"] = max(0, case.rung - rungs)
        act.system(EventType.NOTICE_WITHDRAWN, because("in_time"), facts=facts, **change)
        return {}
    return change


def milestone(act: ActContext) -> None:
    """A milestone is reached, with a text or a photo if given: somebody is on site."""
    case, wanted = act.case, act.command.to
    open_ones = [step for step in case.milestones if step.done_ms is None and step.platform is None]
    step = next((step for step in open_ones if step.id == wanted), None)
    if step is None:
        raise refused("no_such_milestone", milestone=wanted, open=" / ".join(each.id for each in open_ones) or "-")
    change = ended(act, Deadline.ACCEPT, Deadline.RESPOND)
    act.case = act.case.after(change)
    reached = milestones_ended(act, act.occurred_ms, step.id)
    first = {name: act.occurred_ms for name in ("acknowledged_ms", "contacted_ms") if getattr(case, name) is None}
    act.happen(
        EventType.MILESTONE_REACHED,
        because("milestone", by=act.name(act.command.by), milestone=step.name),
        facts={"milestone": step.id},
        **{**act.note("milestone"), **change, **reached, **first},
    )


def acknowledge(act: ActContext) -> None:
    """The assignee acknowledges the case."""
    change = accepted(act)
    act.happen(EventType.ACKNOWLEDGED, state=State.ACKNOWLEDGED, **change)


def contact(act: ActContext) -> None:
    """The assignee reached the reporter or arrived on site: the first-response clock ends."""
    case = act.case
    if not act.as_assignee:  # a department that was called
        whistle.contact(act)
        return
    change = ended(act, Deadline.ACCEPT, Deadline.RESPOND)
    first = {} if case.contacted_ms is not None else {"contacted_ms": act.occurred_ms}
    signed = {} if case.acknowledged_ms is not None else {"acknowledged_ms": act.occurred_ms}
    act.happen(EventType.CONTACTED, **{**act.note("note"), **change, **first, **signed})


def resolve(act: ActContext) -> None:
    """The work is done, with an after-photo where required. Acknowledges too, then waits for verification."""
    command, case, book = act.command, act.case, act.builder.book
    outcome = command.outcome or Outcome.FIXED
    if outcome in NOBODY_SAYS:
        raise refused("not_withdrawn")
    asked = case.kind is ReportKind.QUESTION
    if asked and not command.note:
        raise refused("words_needed")
    needed = not asked and book.category(case.category).after_photo is AfterPhoto.REQUIRED
    if needed and not command.photos and outcome is not Outcome.NOTHING_FOUND:
        raise refused("photo_needed")
    resolved(act, outcome, "after")


def resolved(act: ActContext, outcome: Outcome, role: str) -> None:
    """Stop the resolution clock at the act's time and start the wait for verification."""
    at_ms = act.occurred_ms
    change = ended(act, Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE, Deadline.LADDER)
    change |= milestones_ended(act, at_ms)
    case, book = act.case, act.builder.book
    same = same_photos(act.command.photos, act.builder, case)
    policy_after = book.category(case.category).verification.policy_after
    act.happen(
        EventType.RESOLVED,
        facts=photo_facts(same),
        **{
            **photos_judged(case, same),
            **act.note(role),
            **change,
            **resolution_stopped(case.after(change), at_ms, book),
            **unpaused(case, at_ms),
            "deadlines": {Deadline.VERIFY: later(case, act.t_ms, policy_after, book), **first_due(case.assists)},
            "state": State.RESOLVED,
            "resolved_ms": at_ms,
            **_by_another(act),
            "acknowledged_ms": case.acknowledged_ms if case.acknowledged_ms is not None else at_ms,
            "contacted_ms": case.contacted_ms if case.contacted_ms is not None else at_ms,
            "on_time": on_time(case, at_ms, book),
            "outcome": outcome,
            "photos": act.command.photos,
            "request": None,
        },
    )


def _by_another(act: ActContext) -> dict[str, Any]:
    """Who did it, if neither assignee nor executor: a cover, or somebody of the same desk."""
    case, by = act.case, act.command.by
    said = None if by in {case.assignee, case.accountable, case.executor} else by
    return {} if said == case.resolved_by else {"resolved_by": said}


def hand_on(act: ActContext) -> None:
    """Name an executor. The assignee stays accountable: no hop, no clock moves."""
    to = act.command.to
    if not to:
        raise refused("whom_needed")
    executor = act.builder.book.person(to)
    if executor is None:
        raise refused("unknown_person", person=to)
    if not can_work(executor, act.case, act.builder.book.directory):
        raise refused("cannot_work", person=executor.name)
    change = {**act.note("note"), **accepted(act)}
    reason = because("handed_on", by=act.name(act.command.by), person=executor.name)
    act.happen(EventType.HANDED_ON, reason, executor=to, facts={"to": to}, **change)


def give_back(act: ActContext) -> None:
    """ "Not mine": with a reason and words, or for a department desk a list item. Capped, then the fallback owner."""
    command, case, book = act.command, act.case, act.builder.book
    if case.returns >= book.rulebook.policy.return_cap:
        raise refused("return_capped")
    if book.region.fallback_owner in {case.assignee, case.accountable}:
        raise refused("fallback_keeps")
    person, cited = book.person(command.by), book.item(command.cite)
    desk = person is not None and Role.DEPARTMENT_OFFICER in person.roles
    if desk:
        cited = _cited(act)
    elif command.reason is None or not command.says_something:
        raise refused("reason_needed")
    returned_by = tuple(dict.fromkeys((*case.returned_by, case.assignee or command.by, command.by)))
    change = {**act.note("return"), **accepted(act)}
    act.happen(
        EventType.RETURNED,
        facts={"reason": command.reason, "cite": cited.id if cited else None},  # only what is on the list: no free text
        **change,
        state=State.RETURNED,
        returns=case.returns + 1,
        returned_by=returned_by,
    )
    _to_the_next(act, cited if desk else None)


def _cited(act: ActContext) -> Item:
    """The cited item: in force, not the department's own, and about this case or explained in the note."""
    case, command, book = act.case, act.command, act.builder.book
    cited, own = book.item(command.cite, act.t_ms), _own_department(act)
    if cited is None:
        raise refused("cite_needed", items=" / ".join(suggestions(act)))
    if leads(cited, own):
        raise refused("cite_own", item=cited.name, items=" / ".join(suggestions(act)))
    if not command.note and not fits(cited, case.category, _words(act), book):
        raise refused("cite_why", item=cited.name)
    return cited


def _own_department(act: ActContext) -> str | None:
    officer = act.builder.book.person(act.command.by)
    return officer.department if officer else None


def _words(act: ActContext) -> str:
    """All texts of the case."""
    return "\n".join(words.text for words in act.builder.words_of(act.case))


def _to_the_next(act: ActContext, cited: Item | None) -> None:
    """To the desk that leads the cited item if it can take it, else to the next in line, else to the fallback owner."""
    case, builder, book = act.case, act.builder, act.builder.book
    person, department = None, case.department
    if case.returns < book.rulebook.policy.return_cap:
        item = proposed(case)
        person = desk_of(cited.lead, case.returned_by, builder.context) if cited and cited.lead else None
        if item is not None:
            decides = to_steward(case, item, book)
            person = None if decides.gap else decides.assignee
        elif person is not None and cited is not None and cited.lead is not None:
            department = book.department(cited.lead)
        else:
            routing_facts = routing_facts_of(case, case.place, builder.context)
            person = next_in_line(routing_facts, case.department, case.returned_by, builder.context)
    owner = person or book.region.fallback_owner
    reason = (
        because("returned_on", by=act.name(act.command.by), person=act.name(owner))
        if person
        else because("fallback_capped", returns=case.returns, person=act.name(owner))
    )
    chosen = with_cover(Route(reason, owner, gap=person is None), builder.context)
    handed = handed_over(case, chosen.assignee)
    moved: dict[str, Any] = {} if department == case.department else {"department": department}
    act.system(
        EventType.DISPATCHED,
        chosen.because,
        facts=hop_facts(case, handed),
        **request_dropped(case),
        **moved,
        state=State.DISPATCHED,
        assignee=chosen.assignee,
        accountable=chosen.accountable,
        executor=None,
        gap=chosen.gap,
        **handed,
    )


def suggestions(act: ActContext, most: int = 3) -> list[str]:
    """Items that a department could cite for this case, first those whose lead could take it."""
    book, words = act.builder.book, _words(act)
    items = book.items_in_force(act.t_ms)
    near = {item.id for item in items if fits(item, act.case.category, words, book)}
    return [item.id for item in citable(items, _own_department(act), book.directory.desks, near)[:most]]


def raise_up(act: ActContext) -> None:
    """Raise the case: the next rung of the ladder becomes accountable, and has to acknowledge it.

    Anybody on the ladder raises it above themselves, even from somebody below them.
    """
    case = act.case
    rung = act.builder.book.directory.next_rung(case, act.command.by)
    if rung is None:
        raise refused("top_of_ladder")
    to = act.builder.book.ladder(case.place)[rung - 1]
    raised = because("raised", by=act.name(act.command.by), person=name_of(to, act.builder.book))
    chosen = with_cover(Route(raised, to), act.builder.context)
    change = {**act.note("note"), **accepted(act)}
    handed = raised_to(case, chosen.assignee)
    act.happen(
        EventType.RAISED,
        chosen.because,
        facts={"to": chosen.assignee},
        **{**change, **request_dropped(act.case.after(change))},
        state=State.DISPATCHED,
        raised=rung,
        assignee=chosen.assignee,
        accountable=chosen.accountable,
        executor=None,
        gap=chosen.gap,
        **handed,
    )
