"""Which addresses are posted to: what a department's program named must not lead into a private network.

The address that is checked is the one that is connected to: the socket is made for it, so no name that resolves to
something else a moment later leads elsewhere.
"""

import asyncio
import errno
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

NAME_THREADS: Final = 8
NAME_CACHE_S: Final = 60
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an address is one of the whole net; also one that another address carries inside."""
    found = ip_address(address)
    if found is None:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        carried = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            carried = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(str(carried))
    return found.is_global and not found.is_multicast


def ip_address(host: str) -> IpAddress | None:
    """The address that is written here, without its zone; None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def public_socket(address: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
    """A socket for this address. Raises `PermissionError` for one of a private network."""
    family, kind, protocol, _, to = address
    if not is_public(str(to[0])):
        raise PermissionError(errno.EACCES, "not a public address")
    return socket.socket(family, kind, protocol)


class OwnThreadsResolver(AbstractResolver):
    """Resolves names in threads of its own: a name that hangs holds up nobody else in this process."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(NAME_THREADS, "subscriber-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises `OSError`."""

        def look() -> list[tuple[Any, Any, int, str, tuple[Any, ...]]]:
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)

        found = await asyncio.get_running_loop().run_in_executor(self._threads, look)
        return [
            ResolveResult(
                hostname=host, host=str(to[0]), port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, to in found
        ]

    async def close(self) -> None:
        """Wait for no name any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def outgoing_session(resolver: AbstractResolver, *, public_only: bool) -> ClientSession:
    """A session that follows nobody's proxy settings and has no cookies; connections are limited by who uses it."""
    connector = TCPConnector(
        limit=0, resolver=resolver, ttl_dns_cache=NAME_CACHE_S, socket_factory=public_socket if public_only else None
    )
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar(), trust_env=False)
