"""What can go wrong with an API of Weixin, for the code that decides what follows."""

from typing import Final

OLD_TOKEN: Final = frozenset({40001, 40014, 42001, 41001})
"""The access token is over, or another program fetched a newer one."""
BUSY: Final = frozenset({-1, 45009, 45011, 45033})
"""Theirs is busy, or too much was asked in a minute or a day."""


class WeixinFault(Exception):
    """The API answered with an `errcode`."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(f"{code} {says}")
        self.code = code
        self.says = says
