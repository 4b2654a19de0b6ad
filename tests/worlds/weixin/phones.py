"""People with phones: what they do reaches us as an encrypted callback, three times at most, like the real one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Final
from xml.sax.saxutils import escape

from connectors.chat.weixin.cipher import MessageCipher, key_of, signature
from tests.worlds.posting import status_of
from tests.worlds.weixin.cloud import AGENT, ID

CALLBACK_TOKEN: Final = "a-callback-token"
KEY: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TRIES: Final = 3


@dataclass(frozen=True)
class Request:
    """One callback, which may come again."""

    query: dict[str, str]
    body: bytes


def xml_of(fields: dict[str, str]) -> bytes:
    """The plain message."""
    return f"<xml>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in fields.items())}</xml>".encode()


def request_of(message: bytes, *, receiver: str = ID, t_s: int | None = None, token: str = CALLBACK_TOKEN) -> Request:
    """A message as the platform encrypts and signs it."""
    encrypted = MessageCipher(key_of(KEY), receiver).encrypt(message)
    timestamp, nonce = str(round(time()) if t_s is None else t_s), "nonce123"
    query = {"msg_signature": signature(token, timestamp, nonce, encrypted), "timestamp": timestamp, "nonce": nonce}
    body = f"<xml><ToUserName>{receiver}</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return Request(query, body.encode())


@dataclass
class Phones:
    """All phones of one account."""

    address: Callable[[], str | None]
    """Where our callback is, or None while we are away."""
    patience_s: float = 0.2
    """Between tries; the real one waits five seconds for each."""
    answers: list[int] = field(default_factory=list)
    """The status of each try."""
    requests: dict[str, Request] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def does(self, who: str, kind: str, **fields: str) -> str:
        """Somebody does something; the id by which it is brought."""
        id = str(7_000_000_000_000_000_000 + next(self._numbers))
        head = {"ToUserName": ID, "FromUserName": who, "CreateTime": str(round(time())), "MsgType": kind}
        message = head | fields | {"MsgId": id, "AgentID": str(AGENT)}
        self.requests[id] = request_of(xml_of(message))
        return id

    async def bring(self, id: str, tries: int = TRIES) -> bool:
        """Call us until we take it, as often as the platform tries; whether we did."""
        request = self.requests[id]
        for _ in range(tries):
            status = await self._post(request)
            self.answers.append(status)
            if status == 200:
                return True
            await asyncio.sleep(self.patience_s)
        return False

    async def _post(self, request: Request) -> int:
        return await status_of(self.address(), params=request.query, data=request.body)
