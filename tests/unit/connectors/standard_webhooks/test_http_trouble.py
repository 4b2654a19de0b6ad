"""What is wrong with a system that is asked, each fault made for real on this machine, and words for it."""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Never

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from connectors.standard_webhooks.client_error import trouble_of
from connectors.standard_webhooks.http_trouble import HttpTrouble, trouble_words
from connectors.subscriptions.addresses import OwnThreadsResolver, outgoing_session
from schemas.errors import Grid36Error
from schemas.names import Language, Name

Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(served: Served, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Its port."""
    running = await asyncio.start_server(served, "127.0.0.1", 0, ssl=tls)
    async with running:
        yield running.sockets[0].getsockname()[1]


class NobodyKnown(OwnThreadsResolver):
    """No name server knows any name, and none is asked."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> Never:
        raise socket.gaierror(socket.EAI_NONAME, host)


async def trouble(
    url: str, *, names: type[OwnThreadsResolver] = OwnThreadsResolver, public_only: bool = False, answer_s: float = 5.0
) -> HttpTrouble:
    async with outgoing_session(names(), public_only=public_only) as session:
        with pytest.raises((aiohttp.ClientError, OSError, TimeoutError, ValueError)) as caught:
            async with session.post(url, data=b"{}", timeout=aiohttp.ClientTimeout(total=answer_s)) as answer:
                await answer.read()
    return trouble_of(caught.value)


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's own certificate, for which nobody vouches."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now, pem = datetime.now(UTC), folder / "own.pem"
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def no_http(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    await writer.drain()


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(-1)


async def test_each_fault_has_its_name(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens there
        assert await trouble(f"http://127.0.0.1:{closed.getsockname()[1]}/") is HttpTrouble.UNREACHABLE
    assert await trouble("http://nobody.invalid/", names=NobodyKnown) is HttpTrouble.UNKNOWN_NAME
    assert await trouble(f"http://{'a' * 64}.invalid/") is HttpTrouble.UNKNOWN_NAME
    assert await trouble("http://127.0.0.1:9/", public_only=True) is HttpTrouble.NOT_PUBLIC
    for served, found in (
        (hang_up, HttpTrouble.BROKEN_OFF),
        (no_http, HttpTrouble.NO_HTTP),
        (silence, HttpTrouble.NO_ANSWER),
    ):
        async with server(served) as port:
            assert await trouble(f"http://127.0.0.1:{port}/", answer_s=0.3) is found
            if served is no_http:
                assert await trouble(f"https://127.0.0.1:{port}/") is HttpTrouble.NO_TLS
    async with server(silence, self_signed(tmp_path)) as port:
        assert await trouble(f"https://127.0.0.1:{port}/") is HttpTrouble.CERTIFICATE


@pytest.mark.parametrize("why", [*HttpTrouble, "status 503"])
def test_each_has_words_in_both_languages(why: str) -> None:
    words = trouble_words(why)
    assert re.search(r"[\u4e00-\u9fff]", words.zh)
    assert words.en not in ("", words.zh, why)


def test_a_fact_of_an_error_is_said_in_the_readers_language() -> None:
    error = Grid36Error("x", says=Name(zh="无法连接", en="away"))
    assert ("无法连接" in error.say(Language.ZH), "away" in str(error)) == (True, True)
