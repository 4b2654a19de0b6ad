"""A POST of GeoReport as a submission. Names, mail addresses and phone numbers of reporters are dropped, unread."""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from connectors.doors.open311.audience import Audience
from connectors.intake.bodies.body import PHOTO_FIELDS, Body
from connectors.intake.bodies.request_body import FormShape
from connectors.intake.context import SCOPE, Gateway
from connectors.intake.field_types import MOST_ATTRIBUTE
from connectors.intake.refusal import FieldFault, Refused, bad, refused
from connectors.intake.submission import ReportSubmission
from connectors.intake.validation import SHOWN, validated
from schemas.datum import Datum
from schemas.names import Language
from schemas.report import MOST_ATTRIBUTES
from schemas.rulebook import PlaceNeed

SAME_MS: Final = 10 * 60_000
"""How long the same content from the same program is the same request, where the program gives it no key."""
OURS: Final[Mapping[str, str]] = {
    "lat": "lat", "long": "lon", "address_string": "address", "address_id": "code", "service_code": "category",
}  # fmt: skip
"""Parameters, and the fields of a submission that they become."""
THEIRS: Final = {ours: theirs for theirs, ours in OURS.items()} | {"text": "description"}
THEIR_IDS: Final = ("attribute[fixmystreet_id]", "attribute[external_id]")
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,60})\](\[[^\[\]]*\])?")
_LINK: Final = re.compile(r"https?://[^\s<>\"]{1,500}")
FILES: Final = dict.fromkeys(("media", "media_url", "upload", "uploads", "file"), "photos") | dict(PHOTO_FIELDS)


def _comes_again(name: str) -> bool:
    return name.startswith("attribute[") or name in {"media_url", "media_url[]"}


SHAPE: Final = FormShape({**FILES, "media[]": "photos", "uploads[]": "photos"}, _comes_again)
"""Of the form: several links and several values of an attribute may come."""


def submission_of(body: Body, language: Language, gateway: Gateway, id: str) -> ReportSubmission:
    """Raises `Refused` (400, 404) with every mistake, by the names of the standard."""
    given = body.fields
    if not given.get("service_code"):
        raise bad("missing", "service_code")
    filed = {each.id: each for each in gateway.rulebook.filed}
    if given["service_code"] not in filed:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_service", "service_code", given=given["service_code"][:SHOWN])
    fields: dict[str, Any] = {ours: given[theirs] for theirs, ours in OURS.items() if theirs in given}
    if "lat" in fields or "lon" in fields:
        fields["datum"] = Datum.WGS84
    attributes, lines = _attributes(given)
    links = links_of(given)
    said = [given["description"]] if "description" in given else []
    photos = tuple(photo for photos in body.photos.values() for photo in photos)
    if not (said or links or photos or fields.keys() & {"lat", "address", "code"}):
        raise bad("nothing_said", "description")
    _check_place(fields, given["service_code"], gateway)
    fields |= {
        "text": "\n".join([*said, *(line for line in lines if line.partition(": ")[2] not in said), *links]),
        "attributes": attributes, "photos": photos, "reporter_lang": language, "id": id,
    }  # fmt: skip
    return validated(ReportSubmission, fields, ZoneInfo(gateway.region.zone))


def own_key(given: Mapping[str, Any]) -> str:
    """What the program calls the request in an attribute, by which it is one request however often it is sent."""
    return next((",".join(given[name]) for name in THEIR_IDS if name in given), "")


def links_of(given: Mapping[str, Any]) -> list[str]:
    """Pictures as links, which are not fetched. Raises `Refused` (400)."""
    links = [*given.get("media_url", ()), *given.get("media_url[]", ())]
    for link in links:
        if _LINK.fullmatch(link.strip()) is None:
            raise bad("bad_link", "media_url", given=link[:SHOWN])
    return links


def by_their_names(refusal: Refused) -> Refused:
    """The same mistakes, with the names of the standard."""
    return Refused(
        refusal.status,
        [FieldFault(each.code, THEIRS.get(each.where, each.where), each.facts) for each in refusal.faults],
    )


async def named_id(prefix: str, body: Body, key: str, audience: Audience, gateway: Gateway) -> str:
    """The id of what was sent, behind `prefix`: the same whenever it is sent again, and not to be guessed.

    `key` is what the program calls it. Without one, the same content within ten minutes is the same.
    """

    def id_for(*of: object) -> str:
        digest = hmac.digest(gateway.key.encode(), repr((audience.program, of)).encode(), "sha256").hex()
        return f"{prefix}{audience.program}-{digest[:32]}"

    content = sha256(repr((sorted(body.fields.items(), key=repr), sorted(body.photos.items()))).encode()).hexdigest()
    if key and audience.program:
        return id_for("key", key)
    if key:
        return id_for("key", key, content)  # strangers may choose the same one
    since = gateway.clock() // SAME_MS
    before = id_for(content, since - 1)
    return before if await gateway.outbox.knows(SCOPE, before) else id_for(content, since)


def _attributes(given: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Those that fit, by code, and the others as lines of text."""
    fitting, lines = dict[str, str](), list[str]()
    for name, values in given.items():
        if (found := _ATTRIBUTE.fullmatch(name)) is None:
            continue
        code, value = found[1], ",".join(values)
        if len(value) <= MOST_ATTRIBUTE and len(fitting) < MOST_ATTRIBUTES and code not in fitting:
            fitting[code] = value
        else:
            lines.append(f"{code}: {value}")
    return fitting, lines


def _check_place(fields: Mapping[str, Any], code: str, gateway: Gateway) -> None:
    """Nobody can be asked for a place later."""
    if fields.keys() & {"lat", "lon", "address", "code"}:
        return
    parent = {each.id: each.category for each in gateway.rulebook.subcategories}.get(code, code)
    category = gateway.rulebook.category(parent)
    if category is None or category.place is PlaceNeed.REQUIRED:
        raise bad("place_needed", "lat")
