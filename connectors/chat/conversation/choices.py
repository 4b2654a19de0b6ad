"""Choices: offered as buttons, and found again by their value, their number or their words."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from connectors.chat.conversation.state import Choice, Conversation, Offered
from connectors.chat.messages import Button

KEPT: Final = 40
"""Messages whose buttons still mean something."""
_DIGITS: Final = str.maketrans("０１２３４５６７８９①②③④⑤⑥⑦⑧⑨", "0123456789123456789")


def offer(state: Conversation, source: str, choices: Sequence[Choice]) -> tuple[Conversation, tuple[Button, ...]]:
    """The state that knows the choices, and their buttons. `source` names the message: always the same for the same."""
    if not choices:
        return state, ()
    key = sha256(source.encode()).hexdigest()[:10]
    others = [each for each in state.offers if each.key != key]
    offers = (*others, Offered(key=key, choices=tuple(choices)))[-KEPT:]
    buttons = tuple(Button(label=each.label, value=f"{key}.{n}") for n, each in enumerate(choices))
    return state.model_copy(update={"offers": offers}), buttons


def pressed(state: Conversation, value: str) -> Choice | None:
    """What a button means; None for one that is too old, or not ours."""
    key, _, number = value.rpartition(".")
    for each in state.offers:
        if each.key == key and number.isascii() and number.isdigit() and int(number) < len(each.choices):
            return each.choices[int(number)]
    return None


def typed(state: Conversation, text: str) -> Choice | None:
    """The latest choice that a message names by its number or by its words."""
    said = text.strip().translate(_DIGITS).rstrip(".。、)）").lower()
    if not state.offers or not said:
        return None
    choices = state.offers[-1].choices
    if said.isascii() and said.isdigit() and len(said) <= 2:
        return choices[int(said) - 1] if 0 < int(said) <= len(choices) else None
    for offered in reversed(state.offers[-3:]):
        for each in offered.choices:
            if each.label.strip().lower() == said:
                return each
    return None
