"""A POST of an update as a supplement to its case: words for whoever handles it, never an act in their place."""

from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from connectors.doors.open311.answers import by_id
from connectors.doors.open311.asking import check_time
from connectors.doors.open311.audience import OWN, Audience
from connectors.doors.open311.posting import links_of, named_id
from connectors.intake.bodies.body import Body
from connectors.intake.context import SCOPE, Gateway
from connectors.intake.refusal import bad, refused
from connectors.intake.submission import SupplementSubmission
from connectors.intake.validation import SHOWN, validated
from schemas.case import ENDED
from schemas.names import Language
from texts.catalogue import say

PREFIX: Final = "update-"
"""How the ids of updates begin; the name of the program follows."""


async def update_of(
    body: Body, key: str, language: Language, audience: Audience, gateway: Gateway
) -> SupplementSubmission:
    """Raises `Refused` (400, 403, 404) by the names of the standard.

    A program adds to what it filed itself, and a trusted one to all that is public.
    """
    given = body.fields
    report = await _report(str(given.get("service_request_id", "")), audience, gateway)
    check_time(given, "updated_datetime")
    lines = [given["description"]] if "description" in given else []
    status = str(given.get("status", "open")).lower()
    if status not in {"open", "closed"}:
        raise bad("not_one_of", "status", given=status[:SHOWN], known="open, closed")
    if status == "closed":
        lines.append(say(gateway.language, "open311.says_closed", program=audience.program))
    lines += links_of(given)
    photos = tuple(photo for photos in body.photos.values() for photo in photos)
    if not (lines or photos):
        raise bad("nothing_said", "description")
    theirs = given.get("update_id") or given.get("update_id_ext") or key
    id = await named_id(PREFIX, body, theirs and f"{report} {theirs}", audience, gateway)
    fields: dict[str, Any] = {"id": id, "report": report, "text": "\n".join(lines), "photos": photos}
    fields["reporter_lang"] = language
    return validated(SupplementSubmission, fields, ZoneInfo(gateway.region.zone))


async def _report(id: str, audience: Audience, gateway: Gateway) -> str:
    """The report to which it is added."""
    if not id:
        raise bad("missing", "service_request_id")
    head = await gateway.ask(lambda ledger: by_id(ledger, id, audience))
    known = head is not None or (id.startswith(OWN) and await gateway.outbox.knows(SCOPE, id))
    report = head.report if head is not None else id
    if not known or not report:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_request", "service_request_id", given=id[:SHOWN])
    if not audience.reads_words_of(report):
        raise refused(HTTPStatus.FORBIDDEN, "update_of_others", "service_request_id", given=id[:SHOWN])
    case = await gateway.ask(lambda ledger: ledger.case_of_report(report))
    if case is not None and case.state in ENDED:
        raise bad("request_is_over", "service_request_id", given=id[:SHOWN])
    return report
