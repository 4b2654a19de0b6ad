"""A message with buttons as a template card of WeCom, which shows little: long words go before it.

A card with the same `task_id` is shown once: sending one again does no harm. (An operator's report; not tried by us.)
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from connectors.chat.messages import Button, Outgoing
from texts.catalogue import say

_TASK: Final = re.compile(r"[0-9A-Za-z_@-]{1,128}")


@dataclass(frozen=True, slots=True)
class CardLimits:
    """How many characters a card shows."""

    title: int = 26
    text: int = 112
    label: int = 10


def with_buttons(message: Outgoing, limits: CardLimits) -> tuple[str, dict[str, Any]]:
    """The words to send before the card, or "", and the card."""
    text, labels = message.words, [button.label for button in message.buttons]
    if any(len(label) > limits.label for label in labels):
        text = "\n".join([text, *(f"{n}. {label}" for n, label in enumerate(labels, 1))])
        labels = [str(n) for n in range(1, len(labels) + 1)]
    title, _, rest = text.partition("\n")
    if message.link or len(title) > limits.title or len(rest) > limits.text:
        return text, _card(message, say(message.language, "weixin.choose"), "", labels)
    return "", _card(message, title or say(message.language, "weixin.choose"), rest, labels)


def _card(message: Outgoing, title: str, rest: str, labels: list[str]) -> dict[str, Any]:
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "task_id": message.id if _TASK.fullmatch(message.id) else sha256(message.id.encode()).hexdigest()[:32],
        "button_list": [_button(label, button) for label, button in zip(labels, message.buttons, strict=True)],
    }
    return card | ({"sub_title_text": rest} if rest else {})


def _button(label: str, button: Button) -> dict[str, object]:
    return {"text": label, "style": 1, "key": button.value}
