"""Letters of alphabetic scripts, whose words are separated by spaces."""

from typing import Final

_ALPHABETS_END: Final = "\u0590"


def letter(sign: str) -> bool:
    """Whether it is a letter of an alphabet or a digit, not a Chinese character."""
    return sign.isalnum() and sign < _ALPHABETS_END
