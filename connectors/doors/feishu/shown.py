"""A message as Feishu shows it: words, words with pictures, or a card with buttons; pure."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from connectors.chat.messages import Outgoing
from texts.catalogue import say

MARKUP: Final = ("<", "[", "&")
"""In a `text` these may become a mention of everybody, a tag or a link; a `post` shows its pieces as they are."""


class Shown(NamedTuple):
    """`msg_type`, and what becomes the JSON text `content`."""

    type: str
    content: dict[str, Any]


def shown(message: Outgoing, pictures: Sequence[str]) -> Shown:
    """`pictures` are image keys."""
    words = message.text.strip()
    if message.link not in message.text:
        words = f"{words}\n{message.link}".strip()
    if message.buttons:
        return Shown("interactive", _card(message, words, pictures))
    if pictures or any(sign in words for sign in MARKUP):
        lines = [[{"tag": "text", "text": line}] for line in words.split("\n")] if words else []
        images = [[{"tag": "img", "image_key": key}] for key in pictures]
        return Shown("post", {"zh_cn": {"title": "", "content": [*lines, *images]}})
    return Shown("text", {"text": words or "…"})


def _card(message: Outgoing, words: str, pictures: Sequence[str]) -> dict[str, Any]:
    elements: list[dict[str, Any]] = []
    if words:
        elements.append({"tag": "div", "text": _plain(words)})
    elements += [{"tag": "img", "img_key": key, "alt": _plain("")} for key in pictures]
    keys = [
        {
            "tag": "button",
            "text": _plain(each.label),
            "type": "default",
            "value": {"v": each.value, "chat": message.chat},
        }
        for each in message.buttons
    ]
    if message.link:  # in plain text it cannot be tapped
        keys.append({"tag": "button", "text": _plain(say(message.language, "feishu.open")), "url": message.link})
    elements.append({"tag": "action", "layout": "flow", "actions": keys})
    return {"config": {"wide_screen_mode": True}, "elements": elements}


def _plain(text: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": text}
