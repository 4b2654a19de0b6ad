"""Accept submissions: check them against region and rulebook, build log messages, store them in the outbox."""

import asyncio
import secrets
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Final, Protocol

from connectors.intake.checks import (
    check_case_number,
    check_category,
    check_place,
    check_pushed_by,
    check_whom,
    reporter,
)
from connectors.intake.context import SCOPE, Gateway
from connectors.intake.list_changes import check_change
from connectors.intake.masking import masked
from connectors.intake.refusal import FieldFault, Refused, refused
from connectors.intake.submission import (
    MOST_ID,
    MOST_NUMBER,
    ActSubmission,
    CoverSubmission,
    DepartmentAct,
    PlatformReport,
    PlatformSupplement,
    RemedyReport,
    ReportSubmission,
    SeveralActsSubmission,
    Submission,
    SupplementSubmission,
    department_act_id,
    several_id,
    too_large,
)
from connectors.intake.validation import Faults
from connectors.outbox.rows import command_rows, report_rows
from connectors.outbox.store import (
    Message,
    OtherContentError,
    OutboxRow,
    OutboxUnwritableError,
)
from connectors.photos.likeness import only_again
from schemas.codec import Headers, cloud_event, encode
from schemas.command import Act, Cover, Do, KnownText
from schemas.joint import Scores
from schemas.models import LogModel
from schemas.report import MAX_BYTES, Recording, Report, Supplement
from schemas.topics import EVERYWHERE, home_of

MOST_ERASED: Final = 500
_Rows = tuple[OutboxRow, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The confirmation: the id, and whether it is new (a repetition gets the same answer)."""

    id: str
    new: bool


class Accept(Protocol):
    """Accepts submissions for one door."""

    async def __call__(self, submission: Submission, wrong: Sequence[FieldFault] = ()) -> Accepted:
        """Store a submission durably; once this returns, it cannot be lost.

        Raises `Refused` with every mistake; `refusal.answer(language)` explains them in the sender's language.
        A door that reads forms passes the valid fields and the mistakes it found (`wrong`), so that all are reported
        at once.
        """


async def accept(
    gateway: Gateway, names: tuple[str, ...], sent: Submission, wrong: Sequence[FieldFault] = ()
) -> Accepted:
    """Accept a submission from the door that the log knows by `names`; once this returns, it cannot be lost.

    Raises `Refused` with every mistake and stores nothing. `wrong` are mistakes already found in fields that `sent`
    lacks: if there are any, it is refused with these and its own.
    """
    gateway.check_live()
    faults = Faults(wrong, sent.model_fields_set if wrong else None)
    if sent.door and sent.door not in names:
        faults.fault("door_not_open", "door")
    door = sent.door or names[0]
    match sent:
        case ReportSubmission():
            return await _accept_report(gateway, door, sent, faults)
        case SupplementSubmission():
            return await _accept_supplement(gateway, door, sent, faults)
        case ActSubmission():
            return await _accept_act(gateway, door, sent, faults)
        case SeveralActsSubmission():
            return await _accept_several(gateway, door, sent, faults)
        case CoverSubmission():
            return await _accept_cover(gateway, door, sent, faults)
    raise TypeError(type(sent))


async def _accept_report(gateway: Gateway, door: str, sent: ReportSubmission, faults: Faults) -> Accepted:
    category, place = check_category(sent.category, gateway, faults), check_place(sent, gateway, faults)
    who = reporter(sent, gateway)
    links = check_case_number("links", sent.links, gateway.region.code, faults)
    pushed_by = check_pushed_by(sent.pushed_by, gateway, who.id, faults)
    proposed = check_change(sent, gateway, who.id, faults)
    if sent.item and not sent.pushed_by:
        faults.fault("item_without_push", "item")
    if sent.fixed and not (sent.photos and sent.after_photos):
        faults.fault("fixed_needs_photos", "after_photos")
    elif sent.fixed and await asyncio.to_thread(only_again, sent.after_photos, sent.photos, gateway.photos):
        faults.fault("same_photo", "after_photos")
    shown = sent.photos or sent.after_photos or sent.recordings
    if not (shown or sent.text or sent.category or sent.says_where):
        faults.fault("nothing_said", "text")
    await _keep(gateway, sent.recordings, faults)
    report = Report(
        id=sent.id or _new_id("r"), kind=sent.kind, text=masked(sent.text), category=category, photos=sent.photos,
        after_photos=sent.after_photos, fixed=sent.fixed, urgent=sent.urgent, place=place, reporter=who, door=door,
        received_ms=gateway.clock(), links=links, pushed_by=pushed_by, item=sent.item or None if pushed_by else None,
        change=proposed.change, change_before=proposed.before, recordings=sent.recordings,
        attributes={name: masked(value) for name, value in sent.attributes.items()},
        platforms=sent.platforms if isinstance(sent, PlatformReport) else (),
        remedy=sent.remedy if isinstance(sent, RemedyReport) else None,
    )  # fmt: skip
    value, headers = encode(report), _headers("report", report.id, door, report.received_ms)
    rows = report_rows(report.id, value, headers, gateway.system.partitions, counted=True)
    timeless = report.model_copy(update={"received_ms": 0, "remedy": report.remedy and report.remedy.at_any_time})
    return await _put(gateway, report.id, timeless, report.received_ms, rows)


async def _accept_supplement(gateway: Gateway, door: str, sent: SupplementSubmission, faults: Faults) -> Accepted:
    place, photos = check_place(sent, gateway, faults), sent.photos + sent.after_photos
    says = photos or sent.recordings or sent.text or sent.says_where
    if not says and not isinstance(sent, PlatformSupplement):  # that one moves a due date, or says "withdrawn"
        faults.fault("nothing_supplied", "text")
    await _keep(gateway, sent.recordings, faults)
    supplement = Supplement(
        id=sent.id or _new_id("s"), report=sent.report, text=masked(sent.text), photos=photos, place=place,
        reporter=reporter(sent, gateway), door=door, received_ms=gateway.clock(), recordings=sent.recordings,
        platform=sent.platform if isinstance(sent, PlatformSupplement) else None,
    )  # fmt: skip
    t = supplement.received_ms
    value, headers = encode(supplement), _headers("supplement", supplement.id, door, t, supplement.report)
    rows = report_rows(supplement.report, value, headers, gateway.system.partitions, counted=False)
    return await _put(gateway, supplement.id, supplement.model_copy(update={"received_ms": 0}), t, rows)


async def _accept_act(gateway: Gateway, door: str, sent: ActSubmission, faults: Faults) -> Accepted:
    """Accept an act; the rules decide later whether the case allows it."""
    return await _put(gateway, *await _act(gateway, door, sent, faults))


async def _accept_several(gateway: Gateway, door: str, sent: SeveralActsSubmission, faults: Faults) -> Accepted:
    """Accept one act on several cases, stored together or not at all; the rules decide each by itself."""
    if not sent.cases:
        faults.fault("nothing_chosen", "cases")
    if sent.act is Act.ASSIGN and not sent.to:
        faults.fault("whom_missing", "to")
    if sent.act is Act.CORRECT and not sent.category:
        faults.fault("category_missing", "category")
    faults.done()
    id, messages = sent.id or _new_id("m"), list[Message]()
    shared = sent.model_dump(include={"act", "by", "to", "note", "category"})
    for number, seen in sent.cases.items():
        if len(number) > MOST_NUMBER:
            faults.fault("too_long", "cases", limit=MOST_NUMBER)
        one = ActSubmission(id=several_id(id, number[:MOST_NUMBER]), case=number, seen=seen, **shared)
        messages.append(_message(*await _act(gateway, door, one, faults)))
    return Accepted(id, await _stored(gateway.outbox.put_together(messages)))


async def _act(gateway: Gateway, door: str, sent: ActSubmission, faults: Faults) -> tuple[str, LogModel, int, _Rows]:
    """What `_put` writes of an act. Raises `Refused` with every mistake."""
    case = check_case_number("case", sent.case, gateway.region.code, faults)
    to, category = check_whom(sent, gateway, faults), check_category(sent.category, gateway, faults)
    place = check_place(sent, gateway, faults)
    if sent.scores and sent.act is not Act.RATE_REPORT_IN:
        faults.fault("scores_elsewhere", next(iter(sent.scores)))
    await _keep(gateway, sent.recordings, faults)
    texts = await _known_texts(gateway, str(case)) if sent.act is Act.ERASE else ()
    t, id, department = gateway.clock(), sent.id or _new_id("a"), None
    occurred_ms = t
    if isinstance(sent, DepartmentAct):
        department, id = sent.department, department_act_id(sent.department, id)
        occurred_ms = t if sent.taken_ms is None else sent.taken_ms
        if len(id) > MOST_ID:
            faults.fault("too_long", "id", limit=MOST_ID - len(department_act_id(department, "")))
            faults.done()
    do = Do(
        id=id, home=home_of(str(case)), act=sent.act, case=str(case), by=sent.by, occurred_ms=occurred_ms,
        note=masked(sent.note), photos=sent.photos + sent.after_photos, cite=sent.cite or None, reason=sent.reason,
        to=to, category=category, place=None if place.is_empty else place, outcome=sent.outcome, rating=sent.rating,
        until_ms=sent.until, hours=sent.hours, day=sent.day, texts=texts, seen=sent.seen,
        scores=Scores(**sent.scores) if sent.scores else None, recordings=sent.recordings, department=department,
    )  # fmt: skip
    rows = command_rows(do.home, encode(do), _headers("do", do.id, door, t, do.case), gateway.system.partitions)
    timeless = do.model_copy(update={"occurred_ms": 0, "texts": (), "seen": None})  # who looks again sees more
    return do.id, timeless, t, rows


async def _keep(gateway: Gateway, recordings: tuple[Recording, ...], faults: Faults) -> None:
    """Keep the recordings of a submission for good, before it is stored. Raises `Refused` with every mistake."""
    faults.done()
    if recordings and not await asyncio.to_thread(gateway.recordings.keep, recordings):
        faults.fault("unknown_recording", "recordings")
        faults.done()


async def _known_texts(gateway: Gateway, case: str) -> tuple[KnownText, ...]:
    """The texts of a case that are not erased; empty without a ledger, so an archived case is then not erased."""
    try:
        written = await gateway.ask(lambda ledger: ledger.texts(case))
    except Refused:
        return ()
    return tuple(KnownText(id=text.id, by=text.by) for text in written[:MOST_ERASED])


async def _accept_cover(gateway: Gateway, door: str, sent: CoverSubmission, faults: Faults) -> Accepted:
    """Accept an absence; its command goes to every partition."""
    if sent.until <= sent.from_ms:
        faults.fault("time_backwards", "until")
    faults.done()
    command = Cover(
        id=sent.id or _new_id("c"), home=EVERYWHERE, person=sent.person, cover=sent.cover, by=sent.by,
        from_ms=sent.from_ms, until_ms=sent.until,
    )  # fmt: skip
    t = gateway.clock()
    rows = command_rows(EVERYWHERE, encode(command), _headers("cover", command.id, door, t), gateway.system.partitions)
    return await _put(gateway, command.id, command, t, rows)


async def _put(gateway: Gateway, message_id: str, timeless: LogModel, t: int, rows: _Rows) -> Accepted:
    """Write durably. `timeless` is the message without the door's time, the only difference between repetitions."""
    return Accepted(message_id, await _stored(gateway.outbox.put(_message(message_id, timeless, t, rows))))


def _message(message_id: str, timeless: LogModel, t: int, rows: _Rows) -> Message:
    if any(len(row.value) > MAX_BYTES for row in rows):
        raise too_large()
    return Message(SCOPE, message_id, sha256(encode(timeless)).hexdigest(), t, rows)


async def _stored(writing: Awaitable[bool]) -> bool:
    """Whether it was new, once it is on disk. Raises `Refused`."""
    try:
        return await writing
    except OtherContentError:
        raise refused(HTTPStatus.CONFLICT, "other_content", "id") from None
    except OutboxUnwritableError as fault:
        raise refused(HTTPStatus.SERVICE_UNAVAILABLE, "outbox_unwritable") from fault


def _headers(kind: str, message_id: str, door: str, t: int, subject: str | None = None) -> Headers:
    return cloud_event(event_id=message_id, source=f"/doors/{door}", kind=kind, t_ms=t, subject=subject)


def _new_id(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(8)}"
