"""A browser that asks for the live stream and stops reading."""

import asyncio
import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

CHANGE: Final = re.compile(rb"id: ([0-9a-f]+:\d+)\nevent: change\n")
HELLO: Final = re.compile(rb"id: ([0-9a-f]+:\d+)\nevent: hello\n")


@dataclass
class DeafBrowser:
    """Its system takes only a few kilobytes for it."""

    host: str
    port: int
    _socket: socket.socket = field(default_factory=socket.socket)

    async def ask(self, after: str = "") -> None:
        """Ask for the stream, and read nothing."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self._socket, (self.host, self.port))
        asked = f"GET /api/changes HTTP/1.1\r\nHost: {self.host}\r\n" + (f"Last-Event-ID: {after}\r\n" if after else "")
        await loop.sock_sendall(self._socket, f"{asked}\r\n".encode())

    async def rest(self, seconds: float = 30.0) -> list[str]:
        """Read until the connection ends, at most so long: the positions of what came whole, the `hello` first."""
        loop, came = asyncio.get_running_loop(), bytearray()
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(seconds):
                while part := await loop.sock_recv(self._socket, 1 << 16):
                    came += part
        self._socket.close()
        body = unchunked(bytes(came).partition(b"\r\n\r\n")[2])
        whole = body[: body.rfind(b"\n\n") + 1]
        return [id.decode() for id in HELLO.findall(whole) + CHANGE.findall(whole)]


def unchunked(chunks: bytes) -> bytes:
    """What was sent in chunks; the last one may be cut off."""
    body = b""
    while b"\r\n" in chunks:
        length, _, chunks = chunks.partition(b"\r\n")
        body, chunks = body + chunks[: int(length, 16)], chunks[int(length, 16) + 2 :]
    return body
