"""Checks that the rule engine can load the tables: within its measured limits, and without names it confuses."""

from collections.abc import Iterator
from typing import Final

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import problem
from rules.durable.envelope import check_envelope
from schemas.table import FACTS

_OWN: Final = ("id", "sid")
"""Names that every fact has in the engine."""


def engine(known: References) -> Iterator[Problem]:
    """Breaches of the safe envelope, table by table, then names that clash."""
    for table in known.rulebook.tables:
        for breach in check_envelope(table):
            yield problem("outside_envelope", table.name, breach.rows, detail=breach.text)
    hashes = {fnv1a(name): name for name in (*_OWN, *FACTS)}
    for number, attribute in enumerate(known.rulebook.attributes, 1):
        name = f"attr_{attribute.id}"
        other = hashes.setdefault(fnv1a(name), name)
        if other != name:
            yield problem("hash_clash", "attributes", (number,), "id", value=name, other=other)


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash, by which the engine compares names."""
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 0x01000193 & 0xFFFFFFFF
    return found
