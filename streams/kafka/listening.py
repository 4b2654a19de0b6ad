"""Tries plain connections to Kafka's addresses first, because a Kafka client that finds nobody floods the log.

Imports no Kafka client, so that a command that only looks starts fast.
"""

import asyncio
from collections.abc import Iterator


def addresses(servers: str) -> Iterator[tuple[str, int]]:
    """Host and port of each server of a bootstrap string; what is no `host:port` is left out."""
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        if port.isdecimal() and int(port) < 1 << 16:
            yield host, int(port)


async def accepts(host: str, port: int, limit_s: float) -> bool:
    """Whether a connection is accepted there within `limit_s`."""
    try:
        async with asyncio.timeout(limit_s):  # wait_for may lose a cancellation on Python 3.11
            transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, host, port)
    except (OSError, TimeoutError):
        return False
    transport.close()  # streams would outlive a cancellation
    return True
