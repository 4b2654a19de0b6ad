"""From a located report to a case: opened, then routed, refused, merged, or asked for what is missing."""

from collections.abc import Sequence
from typing import Any, Final

from rules.book.compiled_rulebook import Book
from rules.book.labels import LOST_NAMES, quoted
from rules.book.reasons import because
from rules.cases.alone import Alone
from rules.cases.dispatching import dispatch, refuse
from rules.cases.duties import duty_of, take_up
from rules.cases.following import follow
from rules.cases.self_handled import close_at_once, says_so, shows_it
from rules.clocks.clocks import later
from rules.decision.builder import Making
from rules.decision.draft import Around, Decision
from rules.facts.attributes import attributes_of, attributes_read
from rules.facts.categories import Categorised, categorise, named
from rules.facts.urgency import danger_in, urgent_by
from rules.routing.admission import pusher
from rules.routing.duplicates import Duplicate, duplicates
from rules.words.danger import Danger
from schemas.case import Case, Deadline, State
from schemas.command import Open, Trouble
from schemas.event import Because, EventType
from schemas.joining import Lost
from schemas.names import Name
from schemas.place import Candidate, PlaceFound
from schemas.report import Report
from schemas.uncertain import EQUAL


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
    text_id = report.id if moved_from is None else making.command  # the first one is erased in the home it left
    written = (
        making.write(number, text_id, role="report", text=report.text, photos=report.photos, at_ms=submitted_ms),
        making.write(number, text_id + ".after", role="after", text="", photos=report.after_photos, at_ms=submitted_ms),
    )
    refs = tuple(ref for ref in written if ref is not None)
    found = categorise(report, book)
    danger = danger_in(report.text, book)
    by_day = report.source is not None and report.source.by_day
    pushed_by = report.pushed_by if history else pusher(report, found, book, t_ms)
    nameless = pushed_by is not None and found.words == ()  # neither an item nor words that lead to one
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
        "item": report.item if report.pushed_by else None if nameless else book.category(found.category).item,
        "submitted_ms": submitted_ms,
        "acted_ms": submitted_ms,
        "rulebook": book.version,
    }
    optional = {
        "place": place,
        "trouble": trouble,
        "moved_from": moved_from,
        "links": report.links,
        "by_day": by_day or None,
        "history": history or None,
        "subcategory": found.subcategory,
        "urgent_by": urgent_by(report, found, book) or None,
        "attributes": attributes_of(report, book) or None,
        "pushed_by": pushed_by,
        "change": report.change,
        "change_before": report.change_before,
        "duty": duty_of(report),
        "texts": refs or None,
    }
    now |= {name: fact for name, fact in optional.items() if fact is not None}
    return making.happen(
        None,
        EventType.OPENED,
        _received(danger.doubtful, by_day),
        number=number,
        occurred_ms=submitted_ms,
        facts=_found_by(found, report, danger, book) if duty_of(report) is None else {"duty": duty_of(report)},
        **now,
    )


def _received(doubtful: tuple[str, ...], by_day: bool) -> Because:
    """That it came, and words of danger in it that count for nothing."""
    if by_day or not doubtful:
        return because("received_by_day" if by_day else "received")
    return because("received_not_urgent", words=quoted(doubtful))


def _found_by(found: Categorised, report: Report, danger: Danger, book: Book) -> dict[str, Any]:
    """The words that gave the category, null if it was named, and what else words gave; that streams are to count it.

    They count where rules ask how often it came.
    """
    more = {
        "subcategory_words": found.subcategory_words,
        "words_lost": dict(found.lost),
        EQUAL: found.equal,
        "urgent_words": danger.said,
        "doubtful_words": danger.doubtful,
        "attributes_read": attributes_read(report, book),
        "counted": book.counts_repeats,
    }
    return {"words": found.words} | {name: fact for name, fact in more.items() if fact}


def settle(making: Making, case: Case, report: Report, place: PlaceFound | None) -> Case:
    """What becomes of a fresh case: it waits, was fixed on the spot, is a duplicate, or is routed."""
    if case.duty is not None:
        return take_up(making, case, report) or refuse(making, case, because("unknown_duty"))
    if lacks_place(making, case, place):
        return ask_for_place(making, case)
    if case.change is not None:
        return dispatch(making, case, source=report)
    if not report.text and not report.photos and not named(report) and not case.urgent_by:
        return _wait(making, case, because("needs_words"), {"reason": "no_words"})
    if says_so(report) and not shows_it(report):
        reason, trouble = because("same_photo_twice"), Trouble(reason="same_photo")
        return _wait(making, case, reason, {"reason": trouble.reason}, trouble=trouble)
    return settle_placed(making, case, report, place)


def lacks_place(making: Making, case: Case, place: PlaceFound | None) -> bool:
    """Whether a case cannot go on before it is known where; of a past case nobody can be asked.

    What is urgent does not wait for it: somebody has to find out.
    """
    return (
        place is None and not case.history and not case.urgent_by and making.book.needs_place(case.category, case.kind)
    )


def settle_placed(making: Making, case: Case, report: Report, place: PlaceFound | None) -> Case:
    """A case that has its place, if it needs one, and its words: fixed on the spot, a duplicate, or routed."""
    if says_so(report) and shows_it(report):
        return close_at_once(making, case, report)
    return join_or_dispatch(making, case, place, source=report)


def join_or_dispatch(making: Making, case: Case, place: PlaceFound | None, *, source: Report | None = None) -> Case:
    """A case that has all it needs follows the open case it is a duplicate of, or is routed.

    It follows one that gives it all that it would have alone. Where none does, the nearest is shown as related.
    """
    near = place and duplicates(
        place, case.category, case.submitted_ms, case.home, making.around, never=case.split_from
    )
    if not near:
        return dispatch(making, case, source=source)
    alone, kept = Alone(making, case, source), dict[str, Lost]()
    for duplicate in near:
        lost = alone.lost(duplicate.master)
        if lost is None:
            return merge_into(making, case, duplicate)
        kept[duplicate.master.number] = lost
    case = relate(making, case, near[0].master, kept[near[0].master.number])
    return dispatch(making, case, source=source)


MOST_RELATED: Final = 8
"""Of so many related cases a case tells; what comes near after that is found by its place."""


def relate(making: Making, case: Case, other: Case, lost: Lost) -> Case:
    """Two cases near each other stay apart: both say so, with the reason."""
    for one, beside in ((other, case), (case, other)):
        if len(one.related) < MOST_RELATED and beside.number not in one.related:
            making.happen(
                one,
                EventType.RELATED,
                because("related" if one is case else "related_new", case=beside.number, why=LOST_NAMES[lost]),
                by="system",
                facts={"case": beside.number, "code": lost},
                related=(*one.related, beside.number),
            )
    return making.standing(case)


def ask_for_place(making: Making, case: Case) -> Case:
    """The reporter is asked for the place, with up to three candidates."""
    trouble = case.trouble or Trouble(reason="no_place")
    candidates = [{"code": c.code, "label": c.label} for c in trouble.candidates]
    reason = which_place(making.book, trouble.candidates, trouble.more) if candidates else because("needs_place")
    facts = {"reason": trouble.reason, "candidates": candidates} | ({"more": trouble.more} if trouble.more else {})
    return _wait(making, case, reason, facts)


def which_place(book: Book, candidates: Sequence[Candidate], more: int = 0) -> Because:
    """Which of several places, of which the likeliest are named, or whether it is the only one that comes near."""
    names = [book.place_name(candidate) for candidate in candidates]
    labels = Name(zh=" / ".join(each.zh for each in names), en=" / ".join(each.en for each in names))
    if more:
        return because("needs_choice_of_more", candidates=labels, more=more)
    return because("needs_choice" if len(candidates) > 1 else "needs_yes", candidates=labels)


def _wait(making: Making, case: Case, reason: Because, facts: dict[str, Any], **now: Any) -> Case:
    remind_ms = later(case, making.t_ms, making.book.rulebook.policy.remind_every, making.book)
    deadlines = {} if case.history else {Deadline.REMIND: remind_ms}
    return making.happen(
        case,
        EventType.INFORMATION_NEEDED,
        reason,
        by="system",
        facts=facts,
        state=State.NEEDS_INFORMATION,
        deadlines=deadlines,
        **now,
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


def _submitted(command: Open, around: Around) -> int:
    """When the reporter told us: the door's clock, or an importer's source, never later than the log."""
    if command.submitted_ms is not None:
        return command.submitted_ms
    source = command.report.source
    told = source.occurred_ms if source and source.occurred_ms is not None else command.report.received_ms
    return min(told, around.t_ms)
