"""What the rule engine may not be given: tables outside the limits it was measured right for, names it confuses."""

import re
from collections.abc import Iterator
from typing import Final

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import problem
from rules.durable.envelope import check_envelope
from schemas.names import Name
from schemas.table import FACTS

_OWN: Final = ("id", "sid")
"""Names that every fact has in the engine."""
_ZH: Final = (
    (r"category (\S+): ", r"类别 \1："),
    (r"(\d+) engine rules in the whole table, at most (\d+)", r"全表展开为 \1 条引擎规则，至多 \2 条"),
    (r"(\d+) engine rules, at most (\d+)", r"展开为 \1 条引擎规则，至多 \2 条"),
    (r"(\d+) different conditions on one node, at most (\d+)", r"同一层有 \1 个不同条件，至多 \2 个"),
    (r"(\d+) rows with the same conditions, at most (\d+)", r"\1 行条件相同，至多 \2 行"),
    (r"(\d+) conditions can be true at once, at most (\d+)", r"\1 个条件可能同时成立，至多 \2 个"),
    (r"more than (\d+) conditions in one row", r"一行超过 \1 个条件"),
)


def engine(known: References) -> Iterator[Problem]:
    """Breaches of the safe envelope, table by table, then names that clash."""
    for table in known.rulebook.tables:
        for breach in check_envelope(table):
            detail = Name(zh=_zh(breach.text), en=breach.text)
            yield problem("outside_envelope", table.name, breach.rows, detail=detail)
    taken = {fnv1a(name): name for name in (*_OWN, *FACTS)}
    for number, attribute in enumerate(known.rulebook.attributes, 1):
        name = f"attr_{attribute.id}"
        other = taken.setdefault(fnv1a(name), name)
        if other != name:
            yield problem("hash_clash", "attributes", (number,), "id", value=name, other=other)


def _zh(text: str) -> str:
    for pattern, words in _ZH:
        text = re.sub(pattern, words, text)
    return text


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash: all that the engine compares of names."""
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 0x01000193 & 0xFFFFFFFF
    return found
