"""The callback: the documented answer to anything, an empty 200 only after it was stored, bounded memory."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.chat.messages import Incoming, Wrote
from connectors.chat.weixin.callback import Callback, CallbackSettings
from connectors.chat.weixin.cipher import MessageCipher, key_of, signature
from connectors.chat.weixin.incoming import WeixinReading
from connectors.outbox.store import OutboxUnwritableError
from tests.worlds.weixin.cloud import ID
from tests.worlds.weixin.phones import CALLBACK_TOKEN, KEY, Phones, Request, request_of, xml_of

CIPHER = MessageCipher(key_of(KEY), ID)
TEXT = {"FromUserName": "zhangsan", "CreateTime": "1", "MsgType": "text", "Content": "井盖坏了", "MsgId": "77"}
DOCUMENTED = {200, 400, 403, 404, 405, 408, 413, 503}


class Inbox:
    """Takes, or is full."""

    def __init__(self) -> None:
        self.taken: list[Incoming] = []
        self.full = 0
        self.answered_before: list[int] = []

    async def take(self, incoming: Incoming) -> bool:
        if self.full:
            self.full -= 1
            raise OutboxUnwritableError
        await asyncio.sleep(0.01)
        new = incoming.id not in {each.id for each in self.taken}
        self.taken += [incoming] if new else []
        return new


Client = TestClient[web.Request, web.Application]


@asynccontextmanager
async def served(inbox: Inbox, **more: Any) -> AsyncIterator[Client]:
    agreed: dict[str, Any] = {
        "path": "/doors/wecom", "token": CALLBACK_TOKEN, "cipher": CIPHER, "reading": WeixinReading(),
        "clock": lambda: round(time() * 1000),
    }  # fmt: skip
    callback = Callback(CallbackSettings(**agreed | more), inbox.take)
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", callback.handle)
    async with TestClient(TestServer(app)) as client:
        yield client


async def post(client: Client, request: Request, path: str = "/doors/wecom") -> int:
    async with client.post(path, params=request.query, data=request.body) as answer:
        assert await answer.read() == b""
        return answer.status


async def test_a_message_is_answered_by_an_empty_200_after_it_was_stored() -> None:
    inbox = Inbox()
    async with served(inbox) as client:
        assert await post(client, request_of(xml_of(TEXT))) == 200
    assert [(each.id, each.content) for each in inbox.taken] == [("77", Wrote(text="井盖坏了"))]


async def test_it_is_brought_three_times_and_there_once() -> None:
    inbox = Inbox()
    inbox.full = 2
    async with served(inbox) as client:
        phones = Phones(lambda: str(client.make_url("/doors/wecom")), patience_s=0)
        id = phones.does("zhangsan", "text", Content="井盖坏了")
        assert (await phones.bring(id), await phones.bring(id)) == (True, True)
    assert (phones.answers, len(inbox.taken)) == ([503, 503, 200, 200], 1)


async def test_wecom_tries_the_address_with_an_encrypted_echo() -> None:
    """The answer is the plain text, and nothing around it."""
    echo = CIPHER.encrypt(b"1616140317555161061")
    stamp = {"timestamp": str(round(time())), "nonce": "n1"}
    query = {**stamp, "echostr": echo, "msg_signature": signature(CALLBACK_TOKEN, *stamp.values(), echo)}
    async with served(Inbox()) as client, client.get("/doors/wecom", params=query) as answer:
        assert (answer.status, await answer.read()) == (200, b"1616140317555161061")


async def test_an_official_account_tries_it_with_a_plain_one() -> None:
    stamp = {"timestamp": str(round(time())), "nonce": "n1"}
    query = {**stamp, "echostr": "5161", "signature": signature(CALLBACK_TOKEN, *stamp.values())}
    async with served(Inbox(), plain_echo=True) as client:
        async with client.get("/doors/wecom", params=query) as answer:
            assert (answer.status, await answer.read()) == (200, b"5161")
        async with client.get("/doors/wecom", params=query | {"signature": "0" * 40}) as answer:
            assert answer.status == 403


def changed(**query: str) -> Callable[[Request], Request]:
    return lambda request: Request(request.query | query, request.body)


OLD = {"t_s": round(time()) - 700}
REFUSED: dict[str, tuple[Request, int]] = {
    "wrong signature": (changed(msg_signature="0" * 40)(request_of(xml_of(TEXT))), 403),
    "no signature": (changed(msg_signature="")(request_of(xml_of(TEXT))), 400),
    "signature of another script": (changed(msg_signature="签")(request_of(xml_of(TEXT))), 403),
    "another token": (request_of(xml_of(TEXT), token="another"), 403),
    "another nonce": (changed(nonce="other")(request_of(xml_of(TEXT))), 403),
    "no nonce": (changed(nonce="")(request_of(xml_of(TEXT))), 400),
    "long nonce": (changed(nonce="n" * 5001)(request_of(xml_of(TEXT))), 400),
    "too old": (request_of(xml_of(TEXT), t_s=OLD["t_s"]), 403),
    "from the future": (request_of(xml_of(TEXT), t_s=round(time()) + 7_000), 403),
    "another company": (request_of(xml_of(TEXT), receiver="ww-another"), 403),
    "no xml": (Request(request_of(b"x").query, b"{}"), 400),
    "empty": (Request(request_of(b"x").query, b""), 400),
    "not encrypted": (Request(request_of(b"x").query, xml_of(TEXT)), 400),
    "a document type": (Request(request_of(b"x").query, b"<!DOCTYPE x><xml><Encrypt>x</Encrypt></xml>"), 400),
}


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
async def test_what_is_not_the_platform_is_refused(request_: Request, status: int) -> None:
    inbox = Inbox()
    async with served(inbox) as client:
        assert (await post(client, request_), inbox.taken) == (status, [])


@pytest.mark.parametrize(
    "message", [b"", b"{}", b"<xml/>", b"<!DOCTYPE x><xml/>", b"<xml><MsgType>text</MsgType></xml>"]
)
async def test_what_the_platform_signed_and_nobody_can_read_is_acknowledged(message: bytes) -> None:
    """It would be the same the next time."""
    inbox = Inbox()
    async with served(inbox) as client:
        assert (await post(client, request_of(message)), inbox.taken) == (200, [])


async def test_strangers_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with served(Inbox()) as client:
        for _ in range(20):
            await post(client, request_of(xml_of(TEXT), token="another"))
    assert len([each for each in caplog.records if "refused a callback" in each.getMessage()]) == 1


async def test_other_paths_and_methods() -> None:
    async with served(Inbox()) as client:
        assert await post(client, request_of(xml_of(TEXT)), "/doors/wecom/x") == 404
        assert await post(client, request_of(xml_of(TEXT)), "/doors/wecom/") == 200
        async with client.put("/doors/wecom") as answer:
            assert answer.status == 405


async def test_a_body_that_is_too_long_is_not_read() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 10_000

    query = request_of(xml_of(TEXT)).query
    async with served(Inbox()) as client:
        async with client.post("/doors/wecom", params=query, data=b"x" * 70_000) as answer:
            assert answer.status == 413
        tracemalloc.start()
        try:
            async with client.post("/doors/wecom", params=query, data=pieces()) as answer:
                assert answer.status == 413
        except aiohttp.ClientError:  # it hung up while we were sending
            pass
        finally:
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert most < 3_000_000


async def test_a_compressed_body_is_refused() -> None:
    request = request_of(xml_of(TEXT))
    sent: dict[str, Any] = {"params": request.query, "data": request.body, "compress": "deflate"}
    async with served(Inbox()) as client, client.post("/doors/wecom", **sent) as answer:
        assert answer.status == 400


async def test_a_body_that_does_not_come_is_given_up() -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"<xml>"
        await asyncio.sleep(5)

    sent: dict[str, Any] = {"params": request_of(b"x").query, "data": slow()}
    async with served(Inbox(), body_s=0.1) as client, client.post("/doors/wecom", **sent) as answer:
        assert answer.status == 408


async def raw(client: Client, head: bytes) -> int:
    """The status of the answer to these bytes; 0: none."""
    assert client.port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    try:
        writer.write(head)
        writer.write_eof()
        line = await asyncio.wait_for(reader.readline(), 5)
        return int(line.split()[1]) if line else 0
    finally:
        writer.close()


async def test_chunks_that_are_none_are_refused() -> None:
    query = urlencode(request_of(b"x").query)
    head = f"POST /doors/wecom?{query} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".encode()
    async with served(Inbox()) as client:
        assert await raw(client, head) in {0, 400}


QUERIES = st.dictionaries(
    st.sampled_from(["msg_signature", "signature", "timestamp", "nonce", "echostr"]), st.text(max_size=40)
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["GET", "POST", "HEAD", "DELETE"]), QUERIES, st.binary(max_size=300), st.binary(max_size=200))
def test_any_request_gets_a_documented_answer(method: str, query: dict[str, str], body: bytes, message: bytes) -> None:
    """Of strangers, and of the platform with anything inside."""

    async def asked() -> list[int]:
        statuses, inbox = [], Inbox()
        async with served(inbox) as client:
            async with client.request(method, "/doors/wecom", params=query, data=body) as answer:
                statuses.append(answer.status)
            signed = request_of(message)
            statuses.append(await post(client, signed))
            statuses.append(await post(client, Request(signed.query, body)))
        return statuses

    assert set(asyncio.run(asked())) <= DOCUMENTED
