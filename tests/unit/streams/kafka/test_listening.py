"""Which addresses a bootstrap string names, and whether somebody listens there."""

import asyncio

import pytest

from streams.kafka.listening import accepts, addresses


@pytest.mark.parametrize(
    ("servers", "found"),
    [
        ("kafka:9092", [("kafka", 9092)]),
        ("a:1, b:2", [("a", 1), ("b", 2)]),
        ("[::1]:9092", [("[::1]", 9092)]),
        ("kafka", []),
        ("kafka:", []),
        ("kafka:http,b:2", [("b", 2)]),
        ("kafka:99999", []),
    ],
)
def test_what_is_no_address_is_left_out(servers: str, found: list[tuple[str, int]]) -> None:
    assert list(addresses(servers)) == found


async def test_a_port_accepts_until_it_is_closed() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    assert await accepts(host, port, 2)
    server.close()
    await server.wait_closed()
    assert not await accepts(host, port, 2)
