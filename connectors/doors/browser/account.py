"""Who a browser is: a random token in a cookie. Only a digest of it is stored, so a copied file lets nobody in."""

import re
import secrets
from hashlib import sha256
from typing import Final

from aiohttp import web

COOKIE: Final = "chat"
AS: Final = "as"
"""The parameter by which the demo opens the chat of a given person."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_PERSON: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_NAMES: Final = _LOOPBACK | {"localhost"}
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def new_token() -> str:
    """What a browser is given at its first visit: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_of(request: web.Request) -> str:
    """The token that the browser shows; "" if it has none, or something else."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else ""


def sender_of(token: str) -> str:
    """The id of the account under which a token writes."""
    return f"browser-{sha256(token.encode()).hexdigest()[:32]}"


def demo_sender(person: str) -> str:
    """The account of a person in the demo, which every browser on this machine shares."""
    return f"demo-{person}"


def demo_person(request: web.Request) -> str:
    """The person named by `?as=`; "" if none is, or if the request came from elsewhere than this machine."""
    person = request.query.get(AS, "")
    return person if _PERSON.fullmatch(person) and _is_local(request) else ""


def _is_local(request: web.Request) -> bool:
    """A request that a proxy on this machine passes on came from elsewhere."""
    passed_on = any(name in request.headers for name in _FORWARDED)
    return request.remote in _LOOPBACK and request.url.host in _NAMES and not passed_on
