"""Finds free ports that remain available after a crash."""

import random
import socket
from typing import Final

from schemas.errors import Stop

PORTS: Final = range(20_000, 32_000)
"""Below the ephemeral ports of outgoing connections, so that a reconnecting client cannot take its server's port."""


class NoPortError(Stop):
    """Every port from 20000 to 31999 is taken. End what is not needed, or set the `GRID36_*_PORT` variables."""


def free_port(*but: int) -> int:
    """A port of 127.0.0.1 on which nobody listens, other than `but`. Raises `NoPortError`."""
    left = set(PORTS) - set(but)
    for port in random.sample(sorted(left), len(left)):
        if is_free(port):
            return port
    raise NoPortError


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last server may linger
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
