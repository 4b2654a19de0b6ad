"""The way in: `POST /doors/NAME/reports` and `/doors/NAME/supplements`, verified, accepted, then answered with 202.

The body is one JSON object with the fields of `connectors.intake.submission`; photos are base64. What is wrong is
answered with status 4xx and explained in the language of `Accept-Language`, as by the HTTP API.
"""

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from connectors.chat.decoding import decoded
from connectors.chat.hook_body import BadBodyError, read_body
from connectors.doors.contract import Accept
from connectors.doors.webhook.options import WebhookOptions
from connectors.doors.webhook.photos import with_photos
from connectors.intake.accept import Accepted
from connectors.intake.context import Gateway
from connectors.intake.refusal import bad, refused
from connectors.intake.submission import ReportSubmission, Submission, SupplementSubmission
from connectors.intake.validation import WrongFields, validated
from connectors.standard_webhooks.signatures import NotSignedError, WrongTimeError, verify

KINDS: Final[Mapping[str, tuple[str, type[Submission]]]] = {
    "reports": ("report", ReportSubmission),
    "supplements": ("supplement", SupplementSubmission),
}
OURS: Final = ("id", "door")
"""Fields of a submission that the door sets itself."""
BODY_S: Final = 30.0
LONGEST_HEADER: Final = 2000


class Receiving:
    """Handles the requests."""

    def __init__(self, name: str, options: WebhookOptions, gateway: Gateway, accept: Accept) -> None:
        self._name, self._options, self._gateway, self._accept = name, options, gateway, accept

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A hook of the HTTP door, which answers what is `Refused`."""
        where = request.path.removeprefix(f"/doors/{self._name}/")
        if where not in KINDS:
            raise refused(HTTPStatus.NOT_FOUND, "unknown_page")
        if request.method != "POST":
            raise refused(HTTPStatus.METHOD_NOT_ALLOWED, "wrong_method", given=request.method[:20], known="POST")
        self._gateway.check_live()
        body = await self._body(request)
        id = self._verified(request, body)
        word, kind = KINDS[where]
        fields = await with_photos(_fields(body), self._gateway.photos)
        accepted = await self._accepted(kind, fields | {"id": f"{self._name}-{sha256(id.encode()).hexdigest()[:24]}"})
        return web.json_response({word: accepted.id}, status=HTTPStatus.ACCEPTED)

    async def _body(self, request: web.Request) -> bytes:
        try:
            return await read_body(request, self._options.body_bytes, BODY_S)
        except BadBodyError as fault:
            if fault.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                status, limit = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._options.body_bytes
                raise refused(status, "body_too_large", limit=limit) from None
            raise refused(HTTPStatus(fault.status), "bad_form") from None

    def _verified(self, request: web.Request, body: bytes) -> str:
        """The id of the message. Raises `Refused` (401)."""
        id, timestamp, signatures = (
            request.headers.get(f"webhook-{name}", "")[:LONGEST_HEADER] for name in ("id", "timestamp", "signature")
        )
        now_s, window_s = self._gateway.clock() / 1000, self._options.window_s
        try:
            verify(self._options.keys, id, timestamp, signatures, body, now_s=now_s, window_s=window_s)
        except NotSignedError:
            raise refused(HTTPStatus.UNAUTHORIZED, "not_signed", "webhook-signature") from None
        except WrongTimeError:
            raise refused(
                HTTPStatus.UNAUTHORIZED, "signed_at_another_time", "webhook-timestamp", seconds=round(window_s)
            ) from None
        return id

    async def _accepted(self, kind: type[Submission], fields: Mapping[str, Any]) -> Accepted:
        try:
            return await self._accept(validated(kind, fields, ZoneInfo(self._gateway.region.zone)))
        except WrongFields as fault:
            if isinstance(fault.rest, Submission):
                await self._accept(fault.rest, fault.faults)
            raise


def _fields(body: bytes) -> dict[str, Any]:
    try:
        fields = decoded(body)
    except ValueError:
        raise bad("bad_json") from None
    if not isinstance(fields, dict):
        raise bad("not_an_object")
    for name in OURS:
        if name in fields:
            raise bad("set_by_door", name)
    return fields
