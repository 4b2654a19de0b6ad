"""From a located report to a case: opened, then routed, refused, merged, or waiting for what is missing."""

from typing import Any

from rules.because import because
from rules.categories import categorise
from rules.clocks import after, started
from rules.draft import Around, Decision
from rules.duplicates import Duplicate, find_duplicate
from rules.making import Making, with_ref
from rules.routing import Matter, Route, route
from schemas.case import Case, Deadline, Follower, State
from schemas.command import Open, Outcome, Supply, Trouble
from schemas.event import Because, EventType
from schemas.place import PlaceFound
from schemas.report import Report, Reporter
from schemas.topics import home


def open_case(command: Open, around: Around) -> Decision:
    """A report becomes exactly one case. A report whose case is known gives nothing: it came again."""
    report = command.report
    if around.case_of(command.home, report.id) is not None:
        return Decision()
    making = Making(around, command.id, report.reporter.id, command.home)
    case = opened(
        making,
        report,
        command.place,
        command.trouble,
        submitted_ms=_submitted(command, around),
        moved_from=command.moved_from,
    )
    settle(making, case, report, command.place)
    return making.done()


def opened(
    making: Making,
    report: Report,
    place: PlaceFound | None,
    trouble: Trouble | None,
    *,
    submitted_ms: int,
    moved_from: str | None = None,
    history: bool = False,
) -> Case:
    """The first event of a case, with all that was reported; words go to `texts`."""
    book, t_ms = making.book, making.t_ms
    number = making.around.next_number(making.home, t_ms)
    ref = making.write(number, report.id, role="report", text=report.text, photos=report.photos, at_ms=submitted_ms)
    found = categorise(report, book)
    now: dict[str, Any] = {
        "report": report.id,
        "state": State.SUBMITTED,
        "kind": report.kind,
        "door": report.door,
        "reporter": report.reporter.id,
        "reporter_kind": report.reporter.kind,
        "team": report.reporter.team,
        "language": report.reporter.language,
        "category": found.category,
        "item": book.category(found.category).item,
        "submitted_ms": submitted_ms,
        "acted_ms": submitted_ms,
        "rulebook": book.version,
    }
    optional = {
        "place": place,
        "trouble": trouble,
        "moved_from": moved_from,
        "links": report.links,
        "history": history or None,
        "texts": (ref,) if ref else None,
    }
    now |= {name: fact for name, fact in optional.items() if fact is not None}
    return making.happen(
        None,
        EventType.OPENED,
        because("received"),
        number=number,
        occurred_ms=submitted_ms,
        facts={"words": found.words} if found.words else {},
        **now,
    )


def settle(making: Making, case: Case, report: Report, place: PlaceFound | None) -> Case:
    """What becomes of a fresh case: it waits, was fixed on the spot, is a duplicate, or is routed."""
    if place is None:
        return ask_for_place(making, case)
    if not report.text and not report.photos and not report.category:
        return _wait(making, case, because("needs_words"), {"reason": "no_words"})
    if report.fixed and report.photos and report.after_photos:
        return _self_handled(making, case, report)
    duplicate = find_duplicate(place, case.category, case.submitted_ms, case.home, making.around)
    if duplicate is not None:
        return merge_into(making, case, duplicate)
    return dispatch(making, case, source=report)


def ask_for_place(making: Making, case: Case) -> Case:
    """The reporter is asked for the place, with up to three candidates."""
    trouble = case.trouble or Trouble(reason="no_place")
    candidates = [{"code": c.code, "label": c.label} for c in trouble.candidates]
    labels = " / ".join(c.label for c in trouble.candidates)
    reason = because("needs_choice", candidates=labels) if candidates else because("needs_place")
    return _wait(making, case, reason, {"reason": trouble.reason, "candidates": candidates})


def _wait(making: Making, case: Case, reason: Because, facts: dict[str, Any]) -> Case:
    deadlines = {} if case.history else {Deadline.REMIND: after(making.t_ms, making.book.rulebook.policy.remind_every)}
    return making.happen(
        case,
        EventType.INFORMATION_NEEDED,
        reason,
        by="system",
        facts=facts,
        state=State.NEEDS_INFORMATION,
        deadlines=deadlines,
    )


def _self_handled(making: Making, case: Case, report: Report) -> Case:
    """Opened and closed in one step; counted apart, and open to an inspector's dispute for the window."""
    ref = making.write(
        case.number, report.id + ".after", role="after", text="", photos=report.after_photos, at_ms=case.submitted_ms
    )
    return making.happen(
        case,
        EventType.CLOSED,
        because("self_handled"),
        occurred_ms=case.submitted_ms,
        facts={"self_handled": True},
        **with_ref(case, ref),
        state=State.CLOSED,
        self_handled=True,
        photos=report.after_photos,
        resolved_ms=case.submitted_ms,
        closed_ms=case.submitted_ms,
        outcome=Outcome.FIXED,
        deadlines={Deadline.ARCHIVE: after(making.t_ms, making.book.rulebook.policy.reopen_window)},
    )


def merge_into(making: Making, case: Case, duplicate: Duplicate) -> Case:
    """Join a duplicate to its master in the same home; its reporter follows the master to the end."""
    master = duplicate.master
    reason = (
        because("duplicate_segment", master=master.number)
        if duplicate.metres is None
        else because("duplicate", master=master.number, metres=round(duplicate.metres))
    )
    case = making.happen(
        case, EventType.MERGED, reason, by="system", state=State.MERGED, master=master.number, deadlines={}
    )
    follow(making, master, case)
    return case


def follow(making: Making, master: Case, follower: Case) -> Case:
    """The master's side of a merge inside one home."""
    joined = Follower(case=follower.number, reporter=follower.reporter)
    return making.happen(
        master,
        EventType.FOLLOWER_JOINED,
        facts={"case": follower.number},
        followers=(*(f for f in master.followers if f.case != follower.number), joined),
    )


def matter_of(case: Case, place: PlaceFound, category: str | None = None) -> Matter:
    """What routing looks at in a case."""
    return Matter(category or case.category, case.kind, place, case.reporter_kind, case.door)


def dispatch(making: Making, case: Case, *, source: Report | None = None) -> Case:
    """Route a case to one accountable person and start its clocks, or refuse it with the item cited."""
    assert case.place is not None, "only a placed case is routed"
    chosen = route(matter_of(case, case.place), making.around)
    if chosen.refused:
        return refuse(making, case, chosen.because, chosen.item)
    return assign(making, case, chosen, source=source)


def refuse(making: Making, case: Case, reason: Because, item: str | None = None) -> Case:
    """Not handled here: the reporter learns why and where to go; the case stays for the window, then is archived."""
    return making.happen(
        case,
        EventType.REFUSED,
        reason,
        by="system",
        facts={"code": reason.code},
        state=State.REFUSED,
        item=item or case.item,
        row=reason.row,
        deadlines={Deadline.ARCHIVE: after(making.t_ms, making.book.rulebook.policy.reopen_window)},
    )


def assign(making: Making, case: Case, chosen: Route, *, source: Report | None = None, **note: Any) -> Case:
    """Give a case to the person a route names. The clocks start now, unless they run already."""
    t_ms, fresh = making.t_ms, case.dispatched_ms is None
    now: dict[str, Any] = {
        **note,
        "state": State.DISPATCHED,
        "assignee": chosen.assignee,
        "accountable": chosen.accountable,
        "executor": None,
        "department": chosen.department,
        "item": chosen.item,
        "gap": chosen.gap,
        "row": chosen.because.row,
    }
    facts = source.source if source else None
    if facts is not None and facts.department is not None:
        now["department"] = facts.department
    if fresh:
        clocks = started(making.book.category(case.category), t_ms)
        if facts is not None:
            clocks = source_due(facts.due_ms, t_ms)
        now |= {"dispatched_ms": t_ms, **clocks}
    else:
        now["hops"] = case.hops + (chosen.assignee != case.assignee)
    case = making.happen(case, EventType.DISPATCHED, chosen.because, by="system", **now)
    if fresh and facts is not None and facts.due_ms is not None and facts.due_ms <= t_ms:
        case = making.happen(
            case,
            EventType.DEADLINE_MISSED,
            because("as_in_source"),
            by="source",
            facts={"clock": Deadline.RESOLVE, "silent": True},
            missed=(Deadline.RESOLVE,),
            fired={Deadline.RESOLVE: facts.due_ms},
        )
    return case


def source_due(due_ms: int | None, t_ms: int) -> dict[str, Any]:
    """The clocks of an imported case: only what its source set, and one already past fires no ladder."""
    ahead = due_ms is not None and due_ms > t_ms
    return {"deadlines": {Deadline.RESOLVE: due_ms} if ahead else {}, "due_ms": due_ms}


def supply(case: Case | None, command: Supply, around: Around) -> Decision:
    """What the reporter of a waiting report adds: with a place it moves to that home, else it is asked again."""
    making = Making(around, command.id, command.by, command.home)
    if case is None:
        making.note(EventType.ACTION_REFUSED, because("unknown_case", case=command.report), {"act": "supply"})
        return making.done()
    if command.id in case.acts:
        return Decision()
    if case.state is State.MOVED and case.moved_to is not None:
        making.send(command.model_copy(update={"home": case.moved_to}))
        return making.done()
    ref = making.write(
        case.number, command.id, role="supplement", text=command.text, photos=command.photos, at_ms=making.t_ms
    )
    place = command.place or case.place
    still = command.trouble if place is None else None
    case = making.happen(
        case, EventType.SUPPLIED, facts={"placed": place is not None}, **with_ref(case, ref), trouble=still
    )
    if case.state is not State.NEEDS_INFORMATION:
        return making.done()
    words = bool(case.texts)
    if place is None:
        ask_for_place(making, case)
    elif case.place is not None and words:
        case = making.happen(
            case, EventType.CORRECTED, because("place_supplied", place=place.label), place=place, trouble=None
        )
        dispatch(making, case)
    elif words or command.text or command.photos:
        move(making, case, place, command)
    return making.done()


def move(making: Making, case: Case, place: PlaceFound, command: Supply | None = None, category: str = "") -> Case:
    """A waiting report got its place: its home appends the report for the other home, in the same transaction."""
    to = home(making.book.region.code, place.grid)
    report = _report_again(case, making, command).model_copy(update={"category": category or case.category})
    making.send(
        Open(
            id=report.id,
            home=to,
            report=report,
            place=place,
            moved_from=case.number,
            submitted_ms=case.submitted_ms,
        )
    )
    return making.happen(
        case,
        EventType.MOVED,
        because("place_supplied", place=place.label),
        state=State.MOVED,
        moved_to=to,
        deadlines={Deadline.ARCHIVE: after(making.t_ms, making.book.rulebook.policy.reopen_window)},
    )


def _report_again(case: Case, making: Making, command: Supply | None) -> Report:
    """The report as it came, with the words supplied later joined to it."""
    kept = making.around.written(case.number)
    texts = [w.text for w in kept] + ([command.text] if command else [])
    photos = tuple(photo for w in kept for photo in w.photos) + (command.photos if command else ())
    return Report(
        id=case.report,
        kind=case.kind,
        text="\n".join(filter(None, texts))[:4000],
        category=case.category,
        photos=tuple(dict.fromkeys(photos)),
        reporter=Reporter(id=case.reporter, kind=case.reporter_kind, team=case.team, language=case.language),
        door=case.door,
        received_ms=case.submitted_ms,
        links=case.links,
    )


def _submitted(command: Open, around: Around) -> int:
    """When the reporter told us: the door's clock, or an importer's source, never later than the log."""
    if command.submitted_ms is not None:
        return command.submitted_ms
    source = command.report.source
    told = source.occurred_ms if source and source.occurred_ms is not None else command.report.received_ms
    return min(told, around.t_ms)
