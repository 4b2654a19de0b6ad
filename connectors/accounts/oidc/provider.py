"""The provider as this system is registered there, and what may go wrong with it. Values only."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from schemas.names import Name

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Provider:
    """Who says who somebody is."""

    issuer: str
    """Its address, exactly as its own description has it."""
    client: str
    """Our id there."""
    secret: str = field(default="", repr=False)
    """Our secret there; empty for a public client, which PKCE alone protects."""
    claim: str = "preferred_username"
    """Which claim is the person's id in the region."""
    name: Name | None = None
    """What people call it; None: the organisation's own log-in."""


class ProviderAway(Exception):
    """The provider does not answer, or not as a provider does. `why` is for the operator and holds no token."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


class NotProven(Exception):
    """What came back does not prove who it is. `why` is a short word for the log, without any token."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


def may_be_asked(address: str) -> bool:
    """Whether an address may be given a secret: by https, or on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
