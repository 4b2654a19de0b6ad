"""A message that takes several calls: what went is remembered, so that a second try sends only the rest."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from connectors.chat.platform import Unsendable

REMEMBERED: Final = 1000

Part = Callable[[], Awaitable[str]]
"""Sends one part; the platform's id of it, or ""."""

log = logging.getLogger(__name__)


class PartProgress:
    """How much of each message went, by its id; after a restart a message begins anew."""

    def __init__(self) -> None:
        self._ids = OrderedDict[str, list[str]]()

    async def send(self, message: str, parts: Sequence[Part]) -> str:
        """Send what is missing; the id of the first part. Raises what the parts raise.

        The words are the first part. Where only a later one can never be sent, such as a photo, the rest goes on.
        """
        ids = self._ids.setdefault(message, [])
        self._ids.move_to_end(message)
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        for part in parts[len(ids) :]:
            try:
                ids.append(await part())
            except Unsendable as fault:
                if not ids:
                    raise
                log.warning("a part of message %s cannot be sent: %s", message, fault)
                ids.append("")
        self._ids.pop(message, None)
        return ids[0] if ids else ""


def pieces(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` bytes of UTF-8; at least one."""
    raw, found = text.encode("utf-8", "replace"), []
    while len(raw) > limit:
        piece = raw[:limit].decode("utf-8", "ignore")
        found.append(piece)
        raw = raw[len(piece.encode()) :]
    return [*found, raw.decode()]
