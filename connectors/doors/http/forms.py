"""Turns requests into submissions and accepts them: combines split form fields and adds the stored photos."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from connectors.doors.http.context import ACCEPT, GATEWAY, acts_as
from connectors.intake.accept import Accepted
from connectors.intake.bodies.body import Body, typed_body
from connectors.intake.bodies.request_body import read_body
from connectors.intake.context import Gateway
from connectors.intake.field_types import Flag
from connectors.intake.refusal import bad, refused
from connectors.intake.submission import ActSubmission, ReportSubmission, SeveralActsSubmission, Submission
from connectors.intake.validation import WrongFields
from schemas.command import Act

CHANGE_PARTS: Final = ("id", "name", "verdict", "lead")
"""Form fields of a proposed change, sent as `change.id` and so on; a name may be in either language."""
CASE: Final = "case."
"""How the field of a chosen case begins; its value is how many events of the case the page showed."""
SENDERS: Final = frozenset({"by", "reporter"})
SAID_OF_SENDERS: Final = frozenset({"reporter_kind", "team"})
"""What the region knows of somebody; nobody says it of themselves."""
_FLAG: Final[TypeAdapter[bool]] = TypeAdapter(Flag)


async def accept_form(request: web.Request, kind: type[Submission], **path: str) -> Accepted:
    """Accept the body together with the ids in the path. Raises `Refused` with every mistake."""
    request.app[GATEWAY].check_live()  # read no body if the system accepts nothing
    body = await read_body(request, request.app[GATEWAY].photos)
    check_sender(request, body.fields)
    return await accept_body(request, kind, body, **path)


async def accept_body(request: web.Request, kind: type[Submission], body: Body, **more: str) -> Accepted:
    """Accept a body that was read, together with `more` fields, which the caller answers for.

    Raises `Refused` with every mistake.
    """
    accept, gateway = request.app[ACCEPT], request.app[GATEWAY]
    folded = Body(_folded(kind, body.fields, gateway), body.photos)
    try:
        return await accept(typed_body(gateway, kind, folded, **more))
    except WrongFields as fault:
        if isinstance(fault.rest, Submission):
            await accept(fault.rest, fault.faults)
        raise


def check_sender(request: web.Request, fields: Mapping[str, Any]) -> None:
    """Everybody sends in their own name only. Raises `Refused`."""
    if (own := acts_as(request)) is None:
        return
    named = {fields[name] for name in SENDERS & fields.keys()}
    if named != {own} or SAID_OF_SENDERS & fields.keys():
        raise refused(HTTPStatus.FORBIDDEN, "not_in_this_name")


def _folded(kind: type[Submission], fields: dict[str, Any], gateway: Gateway) -> dict[str, Any]:
    if kind is SeveralActsSubmission and "cases" not in fields:
        return _with_cases(fields)
    if kind is ReportSubmission and "change" not in fields:
        return _with_change(fields)
    if kind is ActSubmission and fields.get("act") == Act.WHISTLE and "to" not in fields:
        return _with_called(fields, gateway)
    return fields


def _with_cases(fields: dict[str, Any]) -> dict[str, Any]:
    """Combine one `case.<number>` for each chosen case, with what was seen of it, into `cases`."""
    chosen = {name.removeprefix(CASE): value for name, value in fields.items() if name.startswith(CASE)}
    return {name: value for name, value in fields.items() if not name.startswith(CASE)} | {"cases": chosen}


def _with_change(fields: dict[str, Any]) -> dict[str, Any]:
    """Combine the `change.*` fields into `change`."""
    names = {f"change.{part}": part for part in CHANGE_PARTS}
    parts = {names[name]: value for name, value in fields.items() if name in names}
    if not parts:
        return fields
    if "name" in parts:
        parts["name"] = {"zh": parts["name"]}
    return {name: value for name, value in fields.items() if name not in names} | {"change": parts}


def _with_called(fields: dict[str, Any], gateway: Gateway) -> dict[str, Any]:
    """Combine one `call.<code>` for each department of a whistle into `to`.

    A form also sends `call`: choosing none is then a mistake, rather than a call to all departments of the item.
    """
    codes = {f"call.{body.code}": body.code for body in gateway.region.organisations}
    called = [code for name, code in codes.items() if _is_on(fields, name)]
    if _is_on(fields, "call") and not called:
        raise bad("nobody_called", "to")
    rest = {name: value for name, value in fields.items() if name != "call" and name not in codes}
    return rest | ({"to": ",".join(called)} if called else {})


def _is_on(fields: dict[str, Any], name: str) -> bool:
    try:
        return _FLAG.validate_python(fields.get(name, False))
    except ValidationError:
        raise bad("wrong_type", name, wanted="true / false") from None
