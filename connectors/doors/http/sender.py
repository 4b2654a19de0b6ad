"""From which address a request comes, and how often wrong keys and links may come from there."""

from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from aiohttp import web

from connectors.accounts.waits import AddressTries
from connectors.doors.http.context import GATEWAY
from connectors.intake.refusal import Refused, refused

_SITE_BITS: Final = 64
"""Whoever has one address of IPv6 has this whole network."""


@dataclass(frozen=True, slots=True)
class WrongTries:
    """What was wrong lately, by address. All of it is too long to be guessed; guessing should cost us nothing."""

    keys: AddressTries = field(default_factory=AddressTries)
    """Of programs."""
    links: AddressTries = field(default_factory=AddressTries)
    """That sign in once."""
    provider: AddressTries = field(default_factory=AddressTries)
    """Ways to the organisation's own log-in from which nobody came back signed in."""


TRIES: Final = web.AppKey("tries", WrongTries)


def address_of(request: web.Request) -> str:
    """The address of who sent it; of IPv6 its network.

    A proxy writes behind all others from where a request came to it. Only what a proxy of ours wrote is believed:
    anybody else may send such a header, too.
    """
    peer = _parsed(request.remote or "")
    proxies = request.app[GATEWAY].proxies
    if peer is not None and any(peer in each for each in proxies):
        hops = request.headers.getall("X-Forwarded-For", [])
        peer = _parsed(hops[-1].rpartition(",")[2]) or peer if hops else peer
    if peer is None:
        return ""
    if isinstance(peer, IPv6Address):
        return str(IPv6Address(int(peer) >> _SITE_BITS << _SITE_BITS))
    return str(peer)


def too_many(wait_ms: int) -> Refused:
    """The refusal (429) of somebody who has to wait."""
    return refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many_tries", seconds=max(1, -(-wait_ms // 1000)))


def _parsed(written: str) -> IPv4Address | IPv6Address | None:
    """An address, perhaps with a port behind it."""
    text = written.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
