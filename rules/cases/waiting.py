"""Reports that wait for a place or words: what their reporter supplies, and the move to another home."""

from typing import Any

from rules.book.reasons import because
from rules.cases.again import lacks_place_late, placed_late
from rules.cases.dispatching import dispatch
from rules.cases.following import leave
from rules.cases.hearing import heard
from rules.cases.opening import ask_for_place, lacks_place, settle_placed
from rules.cases.platforms import said
from rules.clocks.clocks import after, forgotten
from rules.decision.builder import DecisionBuilder, with_ref
from rules.decision.draft import Decision, DecisionContext
from rules.facts.attributes import attributes_of
from rules.facts.categories import categorise
from rules.facts.urgency import danger_in, urgent_by
from rules.places.house_numbers import is_number
from rules.places.wording import spell
from schemas.case import ENDED, Case, Deadline, State, UrgentBy
from schemas.command import Open, Supply, Trouble
from schemas.event import EventType
from schemas.place import Ambiguous, Found, PlaceFound
from schemas.report import Photo, Recording, Report, Reporter, SourceFacts
from schemas.topics import home


def supply(case: Case | None, command: Supply, context: DecisionContext) -> Decision:
    """Add what a reporter supplies: with a place the report moves to that home, else the reporter is asked again."""
    builder = DecisionBuilder(context, command.id, command.by, command.home)
    if case is None:
        reason = because("unknown_case", case=command.report)
        builder.note(EventType.ACTION_REFUSED, reason, {"act": "supply", "code": reason.code})
        return builder.done()
    if command.id in case.acts:
        return Decision()
    if case.state is State.MOVED and case.moved_to is not None:
        builder.send(command.model_copy(update={"home": case.moved_to}))
        return builder.done()
    if case.state in ENDED:
        reason = because("too_late", case=case.number)
        builder.happen(case, EventType.ACTION_REFUSED, reason, facts={"act": "supply", "code": reason.code})
        return builder.done()
    if command.platform is not None:
        case = said(builder, case, command.platform)
        if not (command.text or command.photos or command.recordings or command.place or command.address):
            return builder.done()
    place, trouble = _answered(builder, case, command) if command.place is None else (command.place, command.trouble)
    supplied(
        builder, case, text=command.text, photos=command.photos, recordings=command.recordings, place=place,
        trouble=trouble,
    )  # fmt: skip
    return builder.done()


def _answered(builder: DecisionBuilder, case: Case, command: Supply) -> tuple[PlaceFound | None, Trouble | None]:
    """A house number alone can choose among the places asked about, even among those not listed."""
    asked = case.trouble.candidates if case.trouble else ()
    said = (command.address or "").strip() or _number_said(command.text, len(asked))
    nothing_new = command.trouble is None or not command.trouble.candidates
    match builder.book.places.answered(asked, said) if asked and said and nothing_new else None:
        case Found(place=place):
            return place, None
        case Ambiguous() as result:
            return None, Trouble.of(result)
    return None, command.trouble


def _number_said(text: str, asked: int) -> str:
    """A text that is only a house number; a plain 2 may be the second of the places asked about."""
    spelled = spell(text)
    is_choice = spelled.isdecimal() and int(spelled) <= asked
    return text if is_number(spelled) and not is_choice else ""


def supplied(
    builder: DecisionBuilder,
    case: Case,
    *,
    text: str,
    photos: tuple[Photo, ...],
    recordings: tuple[Recording, ...] = (),
    place: PlaceFound | None = None,
    trouble: Trouble | None = None,
    at_ms: int | None = None,
) -> Case:
    """Add texts, photos or a place to a case; a waiting case goes on if it has everything now."""
    proves = case.trouble is not None and case.trouble.reason == "same_photo" and bool(photos)
    ref = builder.write(
        case.number,
        builder.command,
        role="after" if proves else "supplement",
        text=text,
        photos=photos,
        recordings=recordings,
        at_ms=builder.t_ms if at_ms is None else at_ms,
    )
    found = case.place or place
    now: dict[str, Any] = with_ref(case, ref)
    waits = case.state is State.NEEDS_INFORMATION
    if waits:
        now |= {"trouble": None if found else trouble or case.trouble, "reminders": 0}
    if at_ms is not None:
        now["acted_ms"] = max(at_ms, case.acted_ms)
    if place is not None and lacks_place_late(case, builder.book):
        filed = _read_again(_report_again(case, builder), case, builder)
        return placed_late(builder, case, place, filed, **now)
    case = builder.happen(case, EventType.SUPPLIED, occurred_ms=at_ms, facts={"placed": found is not None}, **now)
    if not waits:
        return _heard(builder, case, text)
    if case.place is None and found is not None:
        return move(builder, case, found)
    if found is None and _still_lacks_place(builder, case):
        return ask_for_place(builder, case)
    return _with_words(builder, case, found) if case.texts else case


def _heard(builder: DecisionBuilder, case: Case, text: str) -> Case:
    """Look for danger in what was added to a case in work.

    A follower whose reporter now speaks of danger leaves its master: nobody looks for danger in merged reports. If it
    is uncertain, the holder of the master is asked.
    """
    if case.state is not State.MERGED or case.master is None:
        return heard(builder, case, text, builder.by)
    danger = danger_in(text, builder.book)
    if danger.said and UrgentBy.WORDS not in case.urgent_by:
        return _urgent_apart(builder, case, case.master, danger.said)
    master = builder.context.case(case.master)
    if master is not None:
        heard(builder, master, text, builder.by)
    return case


def _urgent_apart(builder: DecisionBuilder, case: Case, master: str, danger: tuple[str, ...]) -> Case:
    leave(builder, case.number, master)
    apart = builder.happen(
        case,
        EventType.SPLIT,
        because("urgent_now", master=master),
        by="system",
        facts={"master": master, "urgent_words": danger},
        **forgotten(case),
        master=None,
        split_from=(*case.split_from, master),
        urgent_by=(*case.urgent_by, UrgentBy.WORDS),
    )
    return ask_for_place(builder, apart) if lacks_place(builder, apart, apart.place) else dispatch(builder, apart)


def _still_lacks_place(builder: DecisionBuilder, case: Case) -> bool:
    """Whether it still waits for a place after what was supplied."""
    report = _report_again(case, builder)
    found = categorise(report, builder.book)
    waits = builder.book.needs_place(found.category, case.kind)
    return waits and not urgent_by(report, found, builder.book)


def _with_words(builder: DecisionBuilder, case: Case, place: PlaceFound | None) -> Case:
    """Decide category and the rest by the words that came at last."""
    report = _report_again(case, builder)
    case = builder.happen(
        case,
        EventType.CORRECTED,
        because("words_supplied"),
        by="system",
        facts={"was": {"category": case.category}},
        **_read_again(report, case, builder),
    )
    return settle_placed(builder, case, report, place)


def _read_again(report: Report, case: Case, builder: DecisionBuilder) -> dict[str, Any]:
    """Category, attributes and urgency by all texts of a case together."""
    found = categorise(report, builder.book)
    return {
        "category": found.category,
        "subcategory": found.subcategory,
        "urgent_by": urgent_by(report, found, builder.book),
        "item": case.item if case.pushed_by else builder.book.category(found.category).item,
        "attributes": attributes_of(report, builder.book),
    }


def move(builder: DecisionBuilder, case: Case, place: PlaceFound, category: str = "") -> Case:
    """Move a waiting report that got its place: its home sends it to the other home in the same transaction.

    Its texts move too and are erased here, so that none is left where nobody looks for it.
    """
    to = home(builder.book.region.code, place.grid)
    report = _report_again(case, builder)
    builder.send(
        Open(
            id=builder.follow_up(report.id, "moved"),
            home=to,
            report=report.model_copy(update={"category": category}) if category else report,
            place=place,
            moved_from=case.number,
            submitted_ms=case.submitted_ms,
        )
    )
    gone = tuple(ref.id for ref in case.texts)
    builder.erase(gone)
    return builder.happen(
        case,
        EventType.MOVED,
        because("place_supplied", place=builder.book.place_name(place)),
        facts={"texts": list(gone)},
        state=State.MOVED,
        moved_to=to,
        texts=(),
        deadlines={Deadline.ARCHIVE: after(builder.t_ms, builder.book.rulebook.policy.reopen_window)},
    )


def _report_again(case: Case, builder: DecisionBuilder) -> Report:
    """The report as it came, joined with the texts supplied later.

    Category and attributes decided by words are left open, so that the later words count too.
    """
    texts = builder.words_of(case)
    photos, after_photos = (
        tuple(dict.fromkeys(p for words in texts if (words.role == "after") is after for p in words.photos))
        for after in (False, True)
    )
    report = Report(
        id=case.report,
        kind=case.kind,
        text="\n".join(filter(None, (words.text for words in texts)))[:4000],
        photos=photos,
        after_photos=after_photos,
        recordings=tuple(dict.fromkeys(each for words in texts for each in words.recordings)),
        fixed=bool(after_photos),
        reporter=Reporter(id=case.reporter, kind=case.reporter_kind, team=case.team, language=case.language),
        door=case.door,
        received_ms=case.submitted_ms,
        links=case.links,
        platforms=case.platforms,
        urgent=UrgentBy.REPORTER in case.urgent_by,
        attributes=case.attributes,
        pushed_by=case.pushed_by,
        change=case.change,
        change_before=case.change_before,
        remedy=case.remedy,
        item=case.item if case.pushed_by else None,
    )
    first = next((words.text for words in texts if words.role == "report"), "")
    came = report.model_copy(update={"text": first, "attributes": {}})
    read = attributes_of(came, builder.book)
    named = {name: value for name, value in case.attributes.items() if read.get(name) != value}
    report = report.model_copy(update={"attributes": named})
    if not builder.book.knows_category(case.category):  # another system's own word, honoured as at opening
        return report.model_copy(update={"source": SourceFacts(category=case.category)})
    by_words = categorise(came, builder.book)
    if (by_words.category, by_words.subcategory) == builder.book.filing(case.category, case.subcategory):
        return report
    known = builder.book.subcategory(case.subcategory)
    return report.model_copy(update={"category": case.category if known is None else known.id})
