"""Counts the bytes of a page as they come over the network, by a relay between a browser and a server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Counted:
    """`url` is for the browser; `received` counts what the server sent, heads of answers included."""

    url: str
    received: int = 0


@asynccontextmanager
async def counting(url: str) -> AsyncIterator[Counted]:
    """Relay connections to the server at `url`."""
    behind = urlsplit(url)
    counted = Counted("")

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool) -> None:
        while data := await reader.read(1 << 16):
            if counts:
                counted.received += len(data)
            writer.write(data)
            await writer.drain()
        writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(behind.hostname, behind.port)
        pairs = copy(reader, back, counts=False), copy(there, writer, counts=True)
        await asyncio.gather(*pairs, return_exceptions=True)

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    counted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield counted
    finally:
        server.close()
