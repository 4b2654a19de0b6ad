"""Opens a case for a located report; then it is routed, refused, merged, or its reporter is asked for more."""

from collections.abc import Sequence
from typing import Any, Final

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.labels import LOST_NAMES, quoted
from rules.book.reasons import because
from rules.cases.alone import Alone
from rules.cases.dispatching import dispatch, refuse
from rules.cases.duties import duty_of, take_up
from rules.cases.following import follow
from rules.cases.self_handled import close_at_once, says_so, shows_it
from rules.clocks.clocks import later
from rules.decision.builder import DecisionBuilder
from rules.decision.draft import Decision, DecisionContext
from rules.facts.attributes import attributes_of, attributes_read
from rules.facts.categories import Categorised, categorise, named
from rules.facts.doubts import doubts_of
from rules.facts.urgency import danger_in, urgent_by
from rules.routing.admission import pusher
from rules.routing.duplicates import Duplicate, duplicates
from rules.words.danger import Danger
from schemas.case import Case, Deadline, State
from schemas.case_change import CaseChange
from schemas.command import Open, Trouble
from schemas.event import Because, EventType
from schemas.joining import Lost
from schemas.names import Name
from schemas.place import Candidate, PlaceFound
from schemas.report import Report
from schemas.uncertain import EQUAL


def open_case(command: Open, context: DecisionContext) -> Decision:
    """Open exactly one case for a report. A report that has a case already came again and gives nothing."""
    report = command.report
    if context.case_of(command.home, report.id) is not None:
        return Decision()
    builder = DecisionBuilder(context, command.id, report.reporter.id, command.home)
    case = opened(
        builder,
        report,
        command.place,
        command.trouble,
        submitted_ms=_submitted(command, context),
        moved_from=command.moved_from,
    )
    settle(builder, case, report, command.place)
    return builder.done()


def opened(
    builder: DecisionBuilder,
    report: Report,
    place: PlaceFound | None,
    trouble: Trouble | None,
    *,
    submitted_ms: int,
    moved_from: str | None = None,
    history: bool = False,
) -> Case:
    """The first event of a case, with everything reported; texts go to `texts`."""
    book, t_ms = builder.book, builder.t_ms
    number = builder.context.next_number(builder.home, t_ms)
    text_id = report.id if moved_from is None else builder.command  # the first one is erased in the home it left
    written = (
        builder.write(
            number,
            text_id,
            role="report",
            text=report.text,
            photos=report.photos,
            recordings=report.recordings,
            at_ms=submitted_ms,
        ),
        builder.write(
            number, text_id + ".after", role="after", text="", photos=report.after_photos, at_ms=submitted_ms
        ),
    )
    refs = tuple(ref for ref in written if ref is not None)
    found = categorise(report, book)
    danger = danger_in(report.text, book)
    by_day = report.source is not None and report.source.by_day
    pushed_by = report.pushed_by if history else pusher(report, found, book, t_ms)
    nameless = pushed_by is not None and found.words == ()  # names no item, and no words lead to one
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
        "platforms": report.platforms or None,
        "by_day": by_day or None,
        "history": history or None,
        "subcategory": found.subcategory,
        "urgent_by": None if report.remedy else urgent_by(report, found, book) or None,
        "attributes": attributes_of(report, book) or None,
        "pushed_by": pushed_by,
        "change": report.change,
        "change_before": report.change_before,
        "duty": duty_of(report),
        "remedy": report.remedy,
        "texts": refs or None,
    }
    now |= {name: fact for name, fact in optional.items() if fact is not None}
    return builder.happen(
        None,
        EventType.OPENED,
        _received(() if report.remedy else danger.doubtful, by_day),
        number=number,
        occurred_ms=submitted_ms,
        facts=_facts(found, report, danger, place, book),
        **now,
    )


def _facts(
    found: Categorised, report: Report, danger: Danger, place: PlaceFound | None, book: CompiledRulebook
) -> dict[str, Any]:
    """Facts of the first event: how its category was found, and what is doubtful about the report."""
    if duty_of(report) is not None:
        return {"duty": duty_of(report)}
    if report.remedy is not None:
        return {"words": found.words}  # neither urgent by its words nor one report more of what it collects
    doubts = [each.model_dump(mode="json") for each in doubts_of(report, place, gcj=book.region.gcj)]
    return _found_by(found, report, danger, book) | ({"doubts": doubts} if doubts else {})


def _received(doubtful: tuple[str, ...], by_day: bool) -> Because:
    """The reason of the first event, and words of danger without effect."""
    if by_day or not doubtful:
        return because("received_by_day" if by_day else "received")
    return because("received_not_urgent", words=quoted(doubtful))


def _found_by(found: Categorised, report: Report, danger: Danger, book: CompiledRulebook) -> dict[str, Any]:
    """Facts of the first event: words that gave the category (null if named) and more, and whether to count it.

    It is counted when rules use how often it was reported.
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


def settle(builder: DecisionBuilder, case: Case, report: Report, place: PlaceFound | None) -> Case:
    """Decide a new case: it waits, was fixed on the spot, is a duplicate, or is routed."""
    if case.duty is not None:
        return take_up(builder, case, report) or refuse(builder, case, because("unknown_duty"))
    if lacks_place(builder, case, place):
        return ask_for_place(builder, case)
    if case.change is not None or case.remedy is not None:
        return dispatch(builder, case, source=report)
    if not _says_something(report) and not named(report) and not case.urgent_by:
        return _wait(builder, case, because("needs_words"), {"reason": "no_words"})
    if says_so(report) and not shows_it(report):
        reason, trouble = because("same_photo_twice"), Trouble(reason="same_photo")
        return _wait(builder, case, reason, {"reason": trouble.reason}, trouble=trouble)
    return settle_placed(builder, case, report, place)


def _says_something(report: Report) -> bool:
    return bool(report.text or report.photos or report.recordings)


def lacks_place(builder: DecisionBuilder, case: Case, place: PlaceFound | None) -> bool:
    """Whether a case must wait for its place; in a history nobody can be asked.

    An urgent case does not wait: somebody has to find out.
    """
    return (
        place is None and not case.history and not case.urgent_by and builder.book.needs_place(case.category, case.kind)
    )


def settle_placed(builder: DecisionBuilder, case: Case, report: Report, place: PlaceFound | None) -> Case:
    """Decide a case with place and words: fixed on the spot, a duplicate, or routed."""
    if says_so(report) and shows_it(report):
        return close_at_once(builder, case, report)
    return join_or_dispatch(builder, case, place, source=report)


def join_or_dispatch(
    builder: DecisionBuilder, case: Case, place: PlaceFound | None, *, source: Report | None = None
) -> Case:
    """Merge a complete case into the open case it duplicates, or route it.

    The master must give it everything it would get alone. If none does, the nearest is shown as related.
    """
    near = place and duplicates(
        place, case.category, case.submitted_ms, case.home, builder.context, never=case.split_from
    )
    if not near:
        return dispatch(builder, case, source=source)
    alone, losses = Alone(builder, case, source), dict[str, Lost]()
    for duplicate in near:
        lost = alone.lost(duplicate.master)
        if lost is None:
            return merge_into(builder, case, duplicate)
        losses[duplicate.master.number] = lost
    case = relate(builder, case, near[0].master, losses[near[0].master.number])
    return dispatch(builder, case, source=source)


MOST_RELATED: Final = 8
"""How many related cases a case lists; more can be found by their place."""


def relate(builder: DecisionBuilder, case: Case, other: Case, lost: Lost) -> Case:
    """Record on both cases why two nearby cases are not merged."""
    for one, beside in ((other, case), (case, other)):
        if len(one.related) < MOST_RELATED and beside.number not in one.related:
            builder.happen(
                one,
                EventType.RELATED,
                because("related" if one is case else "related_new", case=beside.number, why=LOST_NAMES[lost]),
                by="system",
                facts={"case": beside.number, "code": lost},
                related=(*one.related, beside.number),
            )
    return builder.standing(case)


def ask_for_place(builder: DecisionBuilder, case: Case) -> Case:
    """Ask the reporter for the place, with up to three candidates."""
    trouble = case.trouble or Trouble(reason="no_place")
    candidates = [{"code": c.code, "label": c.label} for c in trouble.candidates]
    reason = which_place(builder.book, trouble.candidates, trouble.more) if candidates else because("needs_place")
    facts = {"reason": trouble.reason, "candidates": candidates} | ({"more": trouble.more} if trouble.more else {})
    return _wait(builder, case, reason, facts)


def which_place(book: CompiledRulebook, candidates: Sequence[Candidate], more: int = 0) -> Because:
    """The question which of several places is meant (the likeliest are named), or whether the only near one is."""
    names = [book.place_name(candidate) for candidate in candidates]
    labels = Name(zh=" / ".join(each.zh for each in names), en=" / ".join(each.en for each in names))
    if more:
        return because("needs_choice_of_more", candidates=labels, more=more)
    return because("needs_choice" if len(candidates) > 1 else "needs_yes", candidates=labels)


def _wait(
    builder: DecisionBuilder, case: Case, reason: Because, facts: dict[str, Any], trouble: Trouble | None = None
) -> Case:
    remind_ms = later(case, builder.t_ms, builder.book.rulebook.policy.remind_every, builder.book)
    deadlines = {} if case.history else {Deadline.REMIND: remind_ms}
    now: CaseChange = {"state": State.NEEDS_INFORMATION, "deadlines": deadlines}
    if trouble is not None:
        now["trouble"] = trouble
    return builder.happen(
        case,
        EventType.INFORMATION_NEEDED,
        reason,
        by="system",
        facts=facts,
        **now,
    )


def merge_into(builder: DecisionBuilder, case: Case, duplicate: Duplicate) -> Case:
    """Merge a duplicate into its master in the same home; its reporter follows the master to the end."""
    master = duplicate.master
    reason = (
        because("duplicate_segment", master=master.number)
        if duplicate.metres is None
        else because("duplicate", master=master.number, metres=round(duplicate.metres))
    )
    case = builder.happen(
        case, EventType.MERGED, reason, by="system", state=State.MERGED, master=master.number, deadlines={}
    )
    follow(builder, master, case)
    return case


def _submitted(command: Open, context: DecisionContext) -> int:
    """When it was reported: by the door's clock or an importer's source, never later than on the log."""
    if command.submitted_ms is not None:
        return command.submitted_ms
    report = command.report
    there = [report.source.occurred_ms if report.source else None, *(each.reported_ms for each in report.platforms)]
    reported_ms = min((t_ms for t_ms in there if t_ms is not None), default=report.received_ms)
    return min(reported_ms, context.t_ms)
