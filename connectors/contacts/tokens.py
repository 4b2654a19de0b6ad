"""Tokens of invitations, and the words in which one is sent: "绑定 TOKEN" or "bind TOKEN"."""

import re
import secrets
from typing import Final

from schemas.names import Language

_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look alike: 0 o, 1 l i."""
_GROUPS, _EACH = 3, 4
"""12 letters are 59 bits."""
_TOKEN: Final = re.compile(rf"[{_LETTERS}]{{{_GROUPS * _EACH}}}")
_WORDS: Final = {Language.ZH: "绑定", Language.EN: "bind"}
_LONGEST: Final = 60


def new_token() -> str:
    """A random token such as `k7f3-9mqx-2htw`; a link may carry it as it is."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _EACH))
    return _grouped(drawn)


def token_of(text: str) -> str:
    """The token as it is stored, however its letters were typed; "" for what cannot be one."""
    plain = re.sub(r"[\s‐–—-]", "", text[:_LONGEST]).lower()
    return _grouped(plain) if _TOKEN.fullmatch(plain) else ""


def words_for(token: str, language: Language) -> str:
    """What to write in chat to use the token."""
    return f"{_WORDS[language]} {token}"


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _EACH] for at in range(0, len(letters), _EACH))
