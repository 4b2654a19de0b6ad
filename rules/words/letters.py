"""Signs of alphabets, whose words stand with spaces between them."""

from typing import Final

_ALPHABETS_END: Final = "\u0590"


def letter(sign: str) -> bool:
    """Whether it is a letter of an alphabet, or a digit; Chinese signs are none."""
    return sign.isalnum() and sign < _ALPHABETS_END
