"""Accept submissions: validate them, build log messages, store them in the outbox, then acknowledge."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from connectors.intake.context import SCOPE, Gateway
from connectors.intake.fields import PLACE, Fields
from connectors.intake.list_changes import take_change
from connectors.intake.numbers import check_case_number
from connectors.intake.photo_likeness import only_again
from connectors.intake.refusal import Refused, refused
from connectors.intake.submission import PHOTO_FIELDS, Submission, too_large
from connectors.outbox.store import (
    Message,
    OtherContentError,
    OutboxRow,
    OutboxUnwritableError,
    command_rows,
    report_rows,
)
from schemas.codec import Headers, cloud_event, encode
from schemas.command import Act, Cover, Do, KnownText, Outcome, Rating, ReturnReason
from schemas.joint import Scores
from schemas.models import LogModel
from schemas.names import Language
from schemas.people import OrganisationKind, Role
from schemas.report import MAX_BYTES, MOST_ATTRIBUTES, Photo, Report, Reporter, ReportKind, Supplement
from schemas.topics import EVERYWHERE, home_of

ANONYMOUS: Final = "anonymous"
"""Pseudonym of a reporter who gave none."""
MOST_TEXT: Final = 4000
MOST_ERASED: Final = 500
MOST_HOURS: Final = 24 * 365
MOST_ATTRIBUTE: Final = 60
SCORES: Final = tuple(Scores.model_fields)
_NOT_HERE: Final = (Role.IMPORTER, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was confirmed: its id, and whether it is new (a repetition is confirmed with the same answer)."""

    id: str
    new: bool


async def accept_report(gateway: Gateway, sent: Submission) -> Accepted:
    """Accept a report; on return it cannot get lost. Raises `Refused`."""
    gateway.check_live()
    fields = _fields(sent.fields, gateway)
    given = fields.id("id")
    kind = fields.choice("kind", ReportKind) or ReportKind.PROBLEM
    text, category = fields.text("text", MOST_TEXT), _category(fields, gateway)
    place, fixed, urgent = fields.place(), fields.flag("fixed"), fields.flag("urgent")
    reporter, door = _reporter(fields, gateway), _door(fields)
    links = check_case_number(fields, "links", gateway.region.code)
    pushed_by, item = _pushed(fields, gateway, reporter.id), fields.text("item") or None
    proposed, attributes = take_change(fields, gateway, reporter.id), fields.mapping("attributes") or {}
    for name, value in attributes.items():
        if not isinstance(value, str) or not 0 < len(value) <= MOST_ATTRIBUTE or not 0 < len(name) <= MOST_ATTRIBUTE:
            fields.fault("wrong_type", "attributes", wanted="{id: value}")
    if len(attributes) > MOST_ATTRIBUTES:
        fields.fault("too_many", "attributes", limit=MOST_ATTRIBUTES)
    photos, after = _photos(sent)
    if item and not pushed_by and not fields.has("pushed_by"):
        fields.fault("item_without_push", "item")
    if fixed and not (photos and after):
        fields.fault("fixed_needs_photos", "after_photos")
    elif fixed and await asyncio.to_thread(only_again, after, photos, gateway.photos):
        fields.fault("same_photo", "after_photos")
    if not photos and not after and not fields.any_of("text", "category", *PLACE):
        fields.fault("nothing_said", "text")
    fields.done(PHOTO_FIELDS)
    report = Report(
        id=given or _new_id("r"), kind=kind, text=text, category=category, photos=photos, after_photos=after,
        fixed=fixed, urgent=urgent, place=place, reporter=reporter, door=door, received_ms=gateway.clock(), links=links,
        pushed_by=pushed_by, item=item if pushed_by else None, change=proposed.change, change_before=proposed.before,
        attributes=attributes,
    )  # fmt: skip
    value, headers = encode(report), _headers("report", report.id, door, report.received_ms)
    rows = report_rows(report.id, value, headers, gateway.system.partitions, counted=True)
    return await _put(gateway, report.id, report.model_copy(update={"received_ms": 0}), report.received_ms, rows)


async def accept_supplement(gateway: Gateway, report_id: str, sent: Submission) -> Accepted:
    """Accept what a reporter adds to a report of theirs. Raises `Refused`."""
    gateway.check_live()
    fields = _fields({**sent.fields, "report": report_id}, gateway)
    given, report = fields.id("id"), fields.id("report", needed=True)
    text, place = fields.text("text", MOST_TEXT), fields.place()
    reporter, door = _reporter(fields, gateway), _door(fields)
    photos = sum(_photos(sent), ())
    if not photos and not fields.any_of("text", *PLACE):
        fields.fault("nothing_supplied", "text")
    fields.done(PHOTO_FIELDS)
    supplement = Supplement(
        id=given or _new_id("s"), report=str(report), text=text, photos=photos, place=place, reporter=reporter,
        door=door, received_ms=gateway.clock(),
    )  # fmt: skip
    t = supplement.received_ms
    value, headers = encode(supplement), _headers("supplement", supplement.id, door, t, supplement.report)
    rows = report_rows(supplement.report, value, headers, gateway.system.partitions, counted=False)
    return await _put(gateway, supplement.id, supplement.model_copy(update={"received_ms": 0}), t, rows)


async def accept_act(gateway: Gateway, number: str, sent: Submission) -> Accepted:
    """Accept one act of one person on one case; whether it is legal there is decided behind. Raises `Refused`."""
    gateway.check_live()
    fields = _fields({**sent.fields, "case": number}, gateway)
    given, by, door = fields.id("id"), fields.id("by", needed=True), _door(fields)
    case = check_case_number(fields, "case", gateway.region.code)
    act = fields.choice("act", Act, code="unknown_act")
    if not fields.has("act"):
        fields.fault("missing", "act")
    to = _whom(fields, gateway, act)
    note, cite, category = fields.text("note", MOST_TEXT), fields.text("cite"), _category(fields, gateway)
    reason, outcome = fields.choice("reason", ReturnReason), fields.choice("outcome", Outcome)
    rating, scores = fields.choice("rating", Rating), _scores(fields, act)
    place, hours, until = fields.place(), fields.whole("hours", 1, MOST_HOURS), fields.time_ms("until")
    fields.done(PHOTO_FIELDS)
    texts = await _known_texts(gateway, str(case)) if act is Act.ERASE else ()
    t = gateway.clock()
    do = Do(
        id=given or _new_id("a"), home=home_of(str(case)), act=Act(str(act)), case=str(case), by=str(by),
        occurred_ms=t, note=note, photos=sum(_photos(sent), ()), cite=cite or None, reason=reason, to=to,
        category=category, place=None if place.is_empty else place, outcome=outcome, rating=rating, until_ms=until,
        hours=hours, texts=texts, scores=scores,
    )  # fmt: skip
    rows = command_rows(do.home, encode(do), _headers("do", do.id, door, t, do.case), gateway.system.partitions)
    return await _put(gateway, do.id, do.model_copy(update={"occurred_ms": 0, "texts": ()}), t, rows)


async def _known_texts(gateway: Gateway, case: str) -> tuple[KnownText, ...]:
    """What was written for a case and is still there; without a ledger only cases that are not archived are erased."""
    try:
        written = await gateway.ask(lambda ledger: ledger.texts(case))
    except Refused:
        return ()
    return tuple(KnownText(id=text.id, by=text.by) for text in written[:MOST_ERASED])


async def accept_cover(gateway: Gateway, sent: Submission) -> Accepted:
    """Accept who stands in for whom, from when to when; it goes to every partition. Raises `Refused`."""
    gateway.check_live()
    fields = _fields(sent.fields, gateway)
    given, person, by = fields.id("id"), fields.id("person", needed=True), fields.id("by", needed=True)
    cover, door = fields.id("cover"), _door(fields)
    begin, end = fields.time_ms("from", needed=True), fields.time_ms("until", needed=True)
    if begin is not None and end is not None and end <= begin:
        fields.fault("time_backwards", "until")
    fields.done()
    command = Cover(
        id=given or _new_id("c"), home=EVERYWHERE, person=str(person), cover=cover, by=str(by), from_ms=begin or 0,
        until_ms=end or 0,
    )  # fmt: skip
    t = gateway.clock()
    rows = command_rows(EVERYWHERE, encode(command), _headers("cover", command.id, door, t), gateway.system.partitions)
    return await _put(gateway, command.id, command, t, rows)


async def _put(gateway: Gateway, message_id: str, timeless: LogModel, t: int, rows: tuple[OutboxRow, ...]) -> Accepted:
    """Write durably. `timeless` is the message without the door's clock: a repetition differs in nothing else."""
    if any(len(row.value) > MAX_BYTES for row in rows):
        raise too_large()
    digest = sha256(encode(timeless)).hexdigest()
    try:
        return Accepted(message_id, await gateway.outbox.put(Message(SCOPE, message_id, digest, t, rows)))
    except OtherContentError:
        raise refused(HTTPStatus.CONFLICT, "other_content", "id") from None
    except OutboxUnwritableError as fault:
        raise refused(HTTPStatus.SERVICE_UNAVAILABLE, "outbox_unwritable") from fault


def _headers(kind: str, message_id: str, door: str, t: int, subject: str | None = None) -> Headers:
    return cloud_event(event_id=message_id, source=f"/doors/{door}", kind=kind, t_ms=t, subject=subject)


def _new_id(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(8)}"


def _photos(sent: Submission) -> tuple[tuple[Photo, ...], tuple[Photo, ...]]:
    return sent.photos.get("photos", ()), sent.photos.get("after_photos", ())


def _door(fields: Fields) -> Literal["web", "cli"]:
    door = fields.text("door")
    if door not in ("", "web", "cli"):
        fields.fault("door_not_open", "door")
    return "cli" if door == "cli" else "web"


def _category(fields: Fields, gateway: Gateway) -> str | None:
    """A category of the rulebook, or one of its subcategories, by its id or by its name."""
    given = fields.text("category")
    if not given:
        return None
    rulebook = gateway.rulebook
    known = {each.id: each.name for each in rulebook.filed}
    if given in known or any(given in each.replaces for each in rulebook.filed):
        return given
    for id_, name in known.items():
        if given.casefold() in (name.zh.casefold(), name.en.casefold()):
            return id_
    shown = ", ".join([*known][:40])
    fields.fault("not_one_of", "category", given=given, known=shown + (", …" if len(known) > 40 else ""))
    return None


def _pushed(fields: Fields, gateway: Gateway, reporter: str) -> str | None:
    """The department that pushes a task down: only its own officer can say so; None when absent or wrong."""
    given = fields.text("pushed_by")
    if not given:
        return None
    known = [body.code for body in gateway.region.organisations if body.kind is OrganisationKind.DEPARTMENT]
    officer = next((person for person in gateway.region.persons if person.id == reporter), None)
    if given not in known:
        fields.fault("no_department", "pushed_by", given=given, known=", ".join(known))
    elif officer is None or officer.department != given or Role.DEPARTMENT_OFFICER not in officer.roles:
        fields.fault("no_officer", "reporter", given=reporter, department=given)
    else:
        return given
    return None


def _whom(fields: Fields, gateway: Gateway, act: Act | None) -> str | None:
    """Whom or what an act is for; a whistle's departments also as one `call.<code>` each, as forms send them.

    A form says `call` too: none chosen is a mistake there, and not all that the item names.
    """
    if act is Act.MERGE:
        return check_case_number(fields, "to", gateway.region.code)
    if act is not Act.WHISTLE or fields.has("to"):
        return fields.id("to")
    called = [body.code for body in gateway.region.organisations if fields.flag(f"call.{body.code}")]
    if fields.flag("call") and not called:
        fields.fault("nobody_called", "to")
    return ",".join(called) or None


def _scores(fields: Fields, act: Act | None) -> Scores | None:
    """How a report-in is rated; what is not named is as expected, and nothing named is all as expected."""
    given = {name: score for name in SCORES if (score := fields.whole(name, 1, 5)) is not None}
    named = [name for name in SCORES if fields.has(name)]
    if named and act is not None and act is not Act.RATE_REPORT_IN:
        fields.fault("scores_elsewhere", named[0])
    return Scores(**given) if given else None


def _reporter(fields: Fields, gateway: Gateway) -> Reporter:
    """Who reports; kind, team and language of a person the region knows need not be sent."""
    given = fields.id("reporter") or ANONYMOUS
    kind = fields.choice("reporter_kind", Role, without=_NOT_HERE)
    language = fields.choice("reporter_lang", Language)
    team = fields.text("team") or None
    known = next((person for person in gateway.region.persons if person.id == given), None)
    if known is not None:
        kind, team, language = kind or known.roles[0], team or known.team, language or known.language
    return Reporter(id=given, kind=kind or Role.RESIDENT, team=team, language=language or gateway.language)


def _fields(sent: Mapping[str, Any], gateway: Gateway) -> Fields:
    region = gateway.region
    return Fields(sent, ZoneInfo(region.zone), region.untyped)
