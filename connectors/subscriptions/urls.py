"""What the address of a subscriber may look like; what its name leads to is checked when it is connected to."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from yarl import URL

from connectors.subscriptions.addresses import ip_address, is_public
from schemas.models import ChoiceEnum

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_URL: Final = 1000
MOST_HOST: Final = 253
"""Characters of a name in the domain name system."""
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_OWN_NETWORK: Final = ("localhost", "local", "internal", "lan", "home.arpa")
"""Ends of names that no public name server knows."""


class UrlFault(ChoiceEnum):
    """What is wrong with the address of a subscriber; the name of the sentence that says so."""

    NO_URL = "no_url"
    BAD_PORT = "bad_port"
    BAD_HOST = "bad_host"
    NUMBER_HOST = "number_host"
    """A number for a host, or one with fewer than four parts: libraries read different addresses from it."""
    PLAIN_HTTP = "plain_http"
    NOT_PUBLIC = "not_public"


def url_fault(url: str, *, plain: bool, inside: bool, hosts: Collection[str] = ()) -> UrlFault | None:
    """Why this address cannot be one; None: it can.

    `plain`: http is allowed for any host; `inside`: private networks are, and http on this machine. Both are for the
    named `hosts`.
    """
    if (fault := _form_fault(url)) is not None:
        return fault
    host = _host_of(url)
    named = host in hosts
    if urlsplit(url).scheme == "http" and not (named or plain or (inside and host in LOOPBACK)):
        return UrlFault.PLAIN_HTTP
    return UrlFault.NOT_PUBLIC if not (named or inside) and _is_private(host) else None


def _form_fault(url: str) -> UrlFault | None:
    try:
        parts, host = urlsplit(url), _host_of(url)
        name, port = parts.hostname, parts.port
    except ValueError:
        return _unreadable(url)
    if parts.scheme not in ("https", "http") or not host or not name or len(url) > MOST_URL or "@" in parts.netloc:
        return UrlFault.NO_URL
    if any(character.isspace() or not character.isprintable() for character in url) or parts.fragment:
        return UrlFault.NO_URL
    return UrlFault.BAD_PORT if port == 0 else _host_fault(host)


def _host_of(url: str) -> str:
    """The one that will be connected to, as the client reads it. Raises `ValueError`."""
    return (URL(url).raw_host or "").lower()


def _unreadable(url: str) -> UrlFault:
    """What cannot be taken apart: a port that is too high, a label that is too long, or anything else."""
    host, mark, port = urlsplit(url.split("[", maxsplit=1)[0]).netloc.rpartition(":")
    if mark and host and port.isdecimal() and port.isascii():
        return UrlFault.BAD_PORT
    return UrlFault.NO_URL


def _host_fault(host: str) -> UrlFault | None:
    if ip_address(host) is not None:
        return UrlFault.BAD_HOST if "%" in host else None
    labels = host.split(".")
    if len(host) > MOST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        return UrlFault.BAD_HOST
    return UrlFault.NUMBER_HOST if _NUMBER.fullmatch(labels[-1]) else None


def _is_private(host: str) -> bool:
    if ip_address(host) is not None:
        return not is_public(host)
    return "." not in host or host.endswith(tuple(f".{end}" for end in _OWN_NETWORK))
