"""A case right after an event, with the words and photos that came with it."""

from dataclasses import dataclass

from connectors.cases.history import Story
from connectors.cases.reader import Reader
from connectors.chat.conversation.case_view import CaseView, PhotoSign
from connectors.chat.knowledge.day_words import day_words
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.past_cases import as_the_event_says, past_case
from connectors.ledger.queries.reused_photos import reused
from schemas.case import WITH_ORDER, Alert, Case
from schemas.event import Event, EventType
from schemas.order import Written
from texts.catalogue import say


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """What the ledger has of a case at one moment."""

    case: Case | None
    written: tuple[Written, ...] = ()
    read: bool = False
    """Whether the case is as it was after the event."""
    photo_sign: PhotoSign = ""
    complete: bool = False
    """Whether the words that came with the event are there too."""


def look(ledger: Ledger, event: Event) -> CaseSeen:
    """The case after the event and its texts; in the ledger's thread."""
    case, read = past_case(ledger, event)
    if case is None:
        return CaseSeen(None)
    return _with_texts(ledger, case, event, read=read)


def look_now(ledger: Ledger, event: Event) -> CaseSeen:
    """The case as it is now, with the texts that came with an earlier event; nothing until that is read."""
    _, read = past_case(ledger, event)
    case = ledger.case(event.case or "") if read else None
    return CaseSeen(None) if case is None else _with_texts(ledger, case, event, read=True)


def _with_texts(ledger: Ledger, case: Case, event: Event, *, read: bool) -> CaseSeen:
    wanted = {ref.id for ref in case.texts}
    written = tuple(each for each in ledger.texts(case.number) if each.id in wanted)
    there = {each.id for each in written}
    complete = read and all(id in there for id in _came_with(event) if id in wanted)
    return CaseSeen(case, written, read, _photo_sign(ledger, case, event), complete)


def _photo_sign(ledger: Ledger, case: Case, event: Event) -> PhotoSign:
    """What the one who is asked whether it is fixed should know of the after-photo."""
    if event.type is not EventType.RESOLVED:
        return ""
    if Alert.SAME_PHOTO in case.alerts:
        return "same"
    reuses = reused(ledger, [case.number]).get(case.number)
    if reuses is None:
        return ""
    return "reused" if reuses.copies else "alike"


def as_view(seen: CaseSeen, event: Event, reader: Reader) -> CaseView:
    """What a notice of the event can say, in the reader's language; of what is not read yet, what the event says."""
    case = seen.case if seen.read and seen.case is not None else as_the_event_says(seen.case, event)
    story = Story(case, (), seen.written)
    reported, done = story.reported(), story.last("after")
    said = next((each for id in _came_with(event) for each in seen.written if each.id == id), None)
    due = case.due_ms if case.state in WITH_ORDER else None
    return CaseView(
        case=case,
        known=seen.read,
        text="\n".join(each.text for each in reported if each.text),
        category=reader.category_name(case),
        place=reader.place(case) if case.place is not None else "",
        guide=_guide(reader, case),
        before=tuple(photo.digest for each in reported for photo in each.photos),
        recordings=tuple(each for text in reported for each in text.recordings),
        after=tuple(photo.digest for photo in done.photos) if done is not None else (),
        words=said.text if said is not None else "",
        spoken=said.recordings if said is not None else (),
        who=reader.name(case.assignee) if case.assignee else "",
        due=day_words(due, reader.now_ms, reader.zone, reader.language) if due is not None else "",
        photo_sign=seen.photo_sign,
        took=reader.took(case) or "",
    )


def _guide(reader: Reader, case: Case) -> str:
    rows = reader.guide(case.item)
    if len(rows) == 1:
        return rows[0][1]
    return "\n".join(say(reader.language, "chat.guide_line", label=label, text=text) for label, text in rows)


def _came_with(event: Event) -> tuple[str, str]:
    """The ids under which words and photos of an act are stored."""
    return event.command, f"{event.command}.after"
