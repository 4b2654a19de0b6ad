"""Which doors the slow promises are held against: one of each kind, or with ALL_DOORS=1 all of them.

The others are made of the same parts as these: hooks, cut bodies, access tokens, the one runtime.
"""

import os
from collections.abc import Iterable
from typing import Final

KINDS: Final = frozenset({"http", "stub", "chat", "browser", "telegram", "matrix", "webhook"})
ALL: Final = os.environ.get("ALL_DOORS") == "1"


def chosen(doors: Iterable[str]) -> list[str]:
    """Those of `doors` that a slow test takes."""
    return [door for door in doors if ALL or door in KINDS]
