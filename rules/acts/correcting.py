"""Acts that set a case right: correct its category or place, assign it by hand, erase words."""

from typing import Any

from rules.acts.doing import Doing, refused
from rules.because import because
from rules.clocks import started
from rules.opening import assign, matter_of, move, refuse
from rules.routing import Route, route
from schemas.case import Deadline, State
from schemas.event import EventType
from schemas.place import Ambiguous, Found, PlaceFound


def correct(doing: Doing) -> None:
    """Another category or place: decided again, by this command only. Its home stays, its responsible grid may not."""
    command, case, making = doing.command, doing.case, doing.making
    place = _found(doing) or case.place
    if command.category is not None and not making.book.knows_category(command.category):
        raise refused("unknown_category", category=command.category)
    category = command.category or case.category
    if place == case.place and category == case.category:
        raise refused("nothing_to_change")
    if place is None:
        raise refused("no_place")
    if case.state is State.NEEDS_INFORMATION and case.place is None:
        move(making, case, place, category=category)
        return
    changed: dict[str, Any] = {"place": place, "category": category, "item": making.book.category(category).item}
    if case.dispatched_ms is not None:
        change = started(making.book.category(category), case.dispatched_ms)
        ahead = {name: at for name, at in change["deadlines"].items() if at > doing.t_ms}
        if case.acknowledged_ms is not None:
            ahead.pop(Deadline.ACCEPT, None)
        if case.contacted_ms is not None:
            ahead.pop(Deadline.RESPOND, None)
        changed |= {"due_ms": change["due_ms"], "deadlines": ahead}
    corrected = doing.happen(
        EventType.CORRECTED, facts={"was": {"category": case.category}}, **{**doing.note("note"), **changed}
    )
    chosen = route(matter_of(corrected, place), making.around)
    if chosen.refused:
        refuse(making, corrected, chosen.because, chosen.item)
    else:
        assign(making, corrected, chosen)


def _found(doing: Doing) -> PlaceFound | None:
    given = doing.command.place
    if given is None or given.is_empty:
        return None
    result = doing.making.book.places.locate(given)
    if isinstance(result, Found):
        return result.place
    if isinstance(result, Ambiguous):
        raise refused("needs_choice", candidates=" / ".join(c.label for c in result.candidates))
    raise refused("no_place")


def assign_by_hand(doing: Doing) -> None:
    """A supervisor names the person: one hop more, no clock moves."""
    command, case, making = doing.command, doing.case, doing.making
    to = making.book.person(command.to)
    if not command.to:
        raise refused("whom_needed")
    if to is None:
        raise refused("unknown_person", person=command.to)
    department = making.book.department(to.department) if to.department else case.department
    chosen = Route(
        because("act", by=doing.name(command.by)),
        to.id,
        None,
        department or making.book.department(making.book.region.fallback_department),
        case.item,
    )
    assign(making, case, chosen, **doing.note("note"))


def erase(doing: Doing) -> None:
    """Words and photos become tombstones; the log keeps their digests only."""
    case, wanted = doing.case, doing.command.to
    gone = tuple(ref.id for ref in case.texts if wanted in {None, ref.id})
    if not gone:
        raise refused("nothing_to_erase")
    doing.making.erase(gone)
    doing.happen(
        EventType.TEXT_ERASED,
        facts={"texts": list(gone)},
        photos=(),
        texts=tuple(r for r in case.texts if r.id not in gone),
    )
