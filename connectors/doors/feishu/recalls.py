"""Whose message was withdrawn: the event names the message and nobody, so it is remembered, or asked for."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from connectors.chat.json_values import mapping_of, mappings_of, text_of
from connectors.chat.messages import Incoming, Withdrawn
from connectors.doors.feishu.api import FeishuApi
from connectors.doors.feishu.errors import FeishuFault
from connectors.doors.feishu.reading import FeishuEvent

REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Author:
    sender: str
    chat: str
    group: bool = False
    parts: int = 1


class Recalls:
    """The authors of the latest messages, in memory: nothing more of a person is stored for this."""

    def __init__(self, api: FeishuApi) -> None:
        self._api = api
        self._authors = OrderedDict[str, _Author]()

    def remember(self, parts: Sequence[Incoming]) -> None:
        """A message was taken."""
        first = parts[0]
        self._authors[first.id] = _Author(first.sender, first.chat, first.group, len(parts))
        if len(self._authors) > REMEMBERED:
            self._authors.popitem(last=False)

    async def withdrawn(self, event: FeishuEvent) -> list[Incoming]:
        """All parts of the message; nothing where nobody knows whose it was. Raises `Away`."""
        message = text_of(event.fields.get("message_id"), 150).strip()
        author = self._authors.get(message) or (await self._asked(message) if message else None)
        if author is None:
            return []
        return [
            Incoming(
                id=f"{event.id[:190]}/{n}" if n else event.id,
                sender=author.sender,
                chat=author.chat,
                t_ms=event.t_ms,
                content=Withdrawn(of=f"{message}/{n}" if n else message),
                group=author.group,
            )
            for n in range(author.parts)
        ]

    async def _asked(self, message: str) -> _Author | None:
        """After a restart. That Feishu still names the sender of a withdrawn message was not tried."""
        try:
            answer = await self._api.call("GET", f"/open-apis/im/v1/messages/{quote(message, safe='')}")
        except FeishuFault:
            return None
        found = mappings_of(mapping_of(answer.get("data")).get("items"))
        sender = mapping_of(found[0].get("sender")) if found else {}
        who = text_of(sender.get("id"), 200).strip()
        by_user = sender.get("sender_type") == "user" and sender.get("id_type") == "open_id"
        return _Author(who, who) if by_user and who else None
