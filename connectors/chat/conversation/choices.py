"""Choices: offered as buttons, and found again by their value, their number or their words."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from connectors.chat.conversation.state import Choice, Conversation, Offered
from connectors.chat.messages import Button

KEPT: Final = 40
"""Messages whose buttons still mean something."""
RECENT: Final = 3
"""Messages whose choices can be named by their words."""
MOST_DIGITS: Final = 2
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


def typed(state: Conversation, text: str, case: str = "") -> Choice | None:
    """The choice that a message names by its number or by its words, the latest first.

    With `case`, the message answers one about that case: only its choices count.
    """
    said = text.strip().translate(_DIGITS).rstrip(".。、)）").lower()
    offers = [each.choices for each in state.offers if not case or any(choice.case == case for choice in each.choices)]
    if not offers or not said:
        return None
    if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS:
        return offers[-1][int(said) - 1] if 0 < int(said) <= len(offers[-1]) else None
    named = (choice for choices in reversed(offers[-RECENT:]) for choice in choices)
    return next((choice for choice in named if choice.label.strip().lower() == said), None)
