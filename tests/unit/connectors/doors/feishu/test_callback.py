"""The hook, called over a real connection as Feishu calls it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from time import time
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.chat.messages import Incoming, Pressed, Withdrawn, Wrote
from connectors.chat.options import read_options
from connectors.doors.contract import PlatformSetup
from connectors.doors.feishu.api import FeishuApi
from connectors.doors.feishu.callback import FeishuCallback
from connectors.doors.feishu.options import FeishuOptions
from connectors.doors.feishu.recalls import Recalls
from connectors.outbox.store import OutboxUnwritableError
from tests.worlds.feishu.cloud import BOT, FeishuCloud
from tests.worlds.feishu.phones import (
    TOKEN,
    Request,
    encrypted,
    event_of,
    in_group,
    message_of,
    request_of,
    signed,
)

MESSAGE = "im.message.receive_v1"


class Hook:
    """The callback behind an address, and what it took."""

    def __init__(self, options: FeishuOptions) -> None:
        self.taken: list[Incoming] = []
        self.full = False
        self.me = BOT
        self.client: TestClient[web.Request, web.Application]
        self._options = options

    async def start(self) -> None:
        app, api = web.Application(), FeishuApi(self._options)
        clock = lambda: round(time() * 1000)  # noqa: E731 - as the platform has it
        self.hook = FeishuCallback("feishu", self._options, Recalls(api), self._take, lambda: self.me, clock)
        app.router.add_route("*", "/{rest:.*}", self.hook.handle)
        self.client = TestClient(TestServer(app))
        await self.client.start_server()

    async def _take(self, incoming: Incoming) -> bool:
        if self.full:
            raise OutboxUnwritableError(file="x", fault="disk full")
        self.taken.append(incoming)
        return True

    async def post(self, request: Request, path: str = "/doors/feishu") -> tuple[int, Any]:
        async with self.client.post(path, headers=request.headers, data=request.body) as answer:
            body = await answer.read()
            return answer.status, json.loads(body) if body else None

    async def event(self, kind: str, event: dict[str, Any], id: str = "ev-1") -> tuple[int, Any]:
        return await self.post(request_of(event_of(kind, event, id)))


@pytest.fixture
def options(setup: PlatformSetup) -> FeishuOptions:
    return read_options(FeishuOptions, "feishu", setup.options)


@pytest.fixture
async def hook(options: FeishuOptions) -> AsyncIterator[Hook]:
    made = Hook(options)
    await made.start()
    yield made
    await made.client.close()


def a_message(**more: Any) -> dict[str, Any]:
    return message_of("ou_li", "om_1", "text", {"text": "坑"}, **more)


async def test_the_first_call_is_answered_with_its_challenge(hook: Hook) -> None:
    """It is encrypted and carries the token; it is not signed."""
    plain = {"challenge": "abc", "token": TOKEN, "type": "url_verification"}
    request = Request({}, encrypted(json.dumps(plain).encode()))
    assert await hook.post(request) == (200, {"challenge": "abc"})
    other = Request({}, encrypted(json.dumps(plain | {"token": "x"}).encode()))
    assert (await hook.post(other))[0] == 403


async def test_a_message_is_taken_and_then_acknowledged(hook: Hook) -> None:
    assert await hook.event(MESSAGE, a_message()) == (200, {})
    assert [each.content for each in hook.taken] == [Wrote(text="坑")]


async def test_what_could_not_be_stored_comes_again(hook: Hook) -> None:
    hook.full = True
    assert (await hook.event(MESSAGE, a_message()))[0] == 503


async def test_who_presses_a_button_sees_that_it_was_heard(hook: Hook) -> None:
    """In their language: Feishu chooses."""
    event = {"operator": {"open_id": "ou_li"}, "action": {"value": {"v": "v1", "chat": "ou_li"}}}
    status, answer = await hook.event("card.action.trigger", event)
    assert (status, answer["toast"]["i18n"]) == (200, {"zh_cn": "已收到", "en_us": "Got it"})
    assert [each.content for each in hook.taken] == [Pressed(value="v1")]


@pytest.mark.parametrize("name", ["X-Lark-Signature", "X-Lark-Request-Timestamp", "X-Lark-Request-Nonce"])
@pytest.mark.parametrize("value", [None, "0", "ü"])
async def test_who_signs_otherwise_is_not_feishu(hook: Hook, name: str, value: str | None) -> None:
    request = request_of(event_of(MESSAGE, a_message()))
    rest = {key: given for key, given in request.headers.items() if key != name}
    forged = replace(request, headers=rest | ({name: value} if value else {}))
    assert ((await hook.post(forged))[0], hook.taken) == (403, [])


async def test_the_signature_is_over_the_bytes_that_came(hook: Hook) -> None:
    """The same JSON with a blank more is another body."""
    request = request_of(event_of(MESSAGE, a_message()))
    assert (await hook.post(replace(request, body=request.body.replace(b'": "', b'":"'))))[0] == 403
    spaced = signed(request.body.replace(b'": "', b'" :  "'))
    assert (await hook.post(spaced))[0] == 200


@pytest.mark.parametrize(("age_s", "status"), [(0, 200), (28_700, 200), (28_900, 403), (-200, 200), (-400, 403)])
async def test_an_event_from_another_time_is_refused(hook: Hook, age_s: int, status: int) -> None:
    body = request_of(event_of(MESSAGE, a_message())).body
    assert (await hook.post(signed(body, round(time()) - age_s)))[0] == status


async def test_what_is_encrypted_otherwise_is_refused(hook: Hook) -> None:
    plain = json.dumps(event_of(MESSAGE, a_message())).encode()
    bodies = [plain, encrypted(plain, "another key"), b"{}", b"", b"[]", b'{"encrypt": 7}', b"\xff", b"[" * 9999]
    assert {(await hook.post(signed(body)))[0] for body in bodies} == {400}
    assert hook.taken == []


async def test_events_that_cannot_be_read_do_not_come_for_ever(hook: Hook) -> None:
    bodies = [b"[]", b"{}", b'{"header": 1}', json.dumps(event_of("new.kind_v9", {})).encode()]
    assert {(await hook.post(signed(encrypted(body))))[0] for body in bodies} == {200}


async def test_other_paths_methods_and_sizes(hook: Hook) -> None:
    request = request_of(event_of(MESSAGE, a_message()))
    assert (await hook.post(request, "/doors/feishu/x"))[0] == 404
    assert (await hook.client.get("/doors/feishu")).status == 405
    assert (await hook.post(signed(b"x" * 1_000_001)))[0] == 413


async def test_in_a_group_we_wait_until_we_know_who_we_are(hook: Hook) -> None:
    """The private chat needs nothing of this."""
    hook.me = ""
    assert (await hook.event(MESSAGE, a_message(**in_group())))[0] == 503
    assert (await hook.event(MESSAGE, a_message()))[0] == 200
    hook.me = BOT
    assert (await hook.event(MESSAGE, a_message(**in_group())))[0] == 200
    assert [each.addressed for each in hook.taken] == [True, True]


RECALL = {"message_id": "om_1", "chat_id": "oc_x", "recall_time": "1", "recall_type": "message_owner"}


async def test_a_message_that_is_withdrawn_has_the_author_that_we_remember(hook: Hook) -> None:
    """The event names nobody; of a post all parts go."""
    content = {"content": [[{"tag": "img", "image_key": "a"}, {"tag": "img", "image_key": "b"}]]}
    await hook.event(MESSAGE, message_of("ou_li", "om_1", "post", content))
    await hook.event("im.message.recalled_v1", RECALL, "ev-2")
    assert [(each.sender, each.id, each.content) for each in hook.taken[2:]] == [
        ("ou_li", "ev-2", Withdrawn(of="om_1")), ("ou_li", "ev-2/1", Withdrawn(of="om_1/1")),
    ]  # fmt: skip


async def test_after_a_restart_feishu_is_asked_whose_it_was(hook: Hook, feishu: FeishuCloud) -> None:
    assert (await hook.event("im.message.recalled_v1", RECALL)) == (200, {})
    assert hook.taken == []
    feishu.authors["om_1"] = "ou_li"
    await hook.event("im.message.recalled_v1", RECALL)
    assert [(each.sender, each.content) for each in hook.taken] == [("ou_li", Withdrawn(of="om_1"))]


async def test_many_at_once(hook: Hook) -> None:
    """Feishu calls side by side."""
    events = [message_of(f"ou_{n}", f"om_{n}", "text", {"text": "x"}) for n in range(30)]
    statuses = await asyncio.gather(*(hook.event(MESSAGE, each) for each in events))
    assert (len(hook.taken), {status for status, _ in statuses}) == (30, {200})
