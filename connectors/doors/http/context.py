"""Gives HTTP handlers the gateway, the function that accepts submissions, and the language of a request."""

from typing import Final

from aiohttp import web

from connectors.doors.contract import Accept
from connectors.intake.context import Gateway
from schemas.names import Language

GATEWAY: Final = web.AppKey("gateway", Gateway)
ACCEPT: Final = web.AppKey("accept", Accept)


def language_of(request: web.Request) -> Language:
    """The requested language: `?lang=`, else the cookie `lang`, else Accept-Language, else the gateway's default."""
    own = request.app[GATEWAY].language
    accepted = request.headers.get("Accept-Language", "")
    wanted = [request.query.get("lang", ""), request.cookies.get("lang", "")]
    wanted += [part.partition(";")[0].strip() for part in accepted.split(",")[:10]]
    for tag in wanted:
        match tag.lower().partition("-")[0]:
            case "zh":
                return Language.ZH
            case "en":
                return Language.EN
    return own
