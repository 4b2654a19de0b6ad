"""The topics of the log, their keys, and the partition of a key.

Every producer computes the partition here and writes it explicitly, because the default hashes of Kafka clients differ.
"""

from struct import unpack_from
from typing import Final

REPORTS: Final = "reports"
INTAKE: Final = "intake"
COMMANDS: Final = "commands"
CASES: Final = "cases"
EVENTS: Final = "events"
TEXTS: Final = "texts"
MEASURES: Final = "measures"
RULEBOOKS: Final = "rulebooks"
PARKED: Final = "parked"
ALL: Final = (REPORTS, INTAKE, COMMANDS, CASES, EVENTS, TEXTS, MEASURES, RULEBOOKS, PARKED)
DEPARTMENT_PREFIX: Final = "department."
PROOFS: Final = "proofs"
"""Made by the gateway, which writes it; the nine above are made with the system."""
ACTIONS_PREFIX: Final = "actions."
ANSWERS_PREFIX: Final = "answers."

SYSTEM_KEY: Final = "system"
"""Key in `rulebooks` of the record that says what this system is: partitions, mode, region."""
SWITCH_PREFIX: Final = "switch/"
"""Prefix of the keys in `rulebooks` that hold switches."""
PLACE_KEY: Final = "__partition"
"""Key in `intake`, `cases` and `measures` of the record that says how far a partition is; JSON, `n` in `cases`."""
CASE_KEY: Final = "case/"
"""Prefix of the keys in `cases` that hold a case as it stands; its number follows."""
WORDS_KEY: Final = "words/"
"""Prefix of the keys in `cases` that hold what was written for a case: `{"written": [...]}`."""
UNPLACED: Final = "U"
"""The grid part of the home in which reports without a usable place wait; no grid may have this id."""
EVERYWHERE: Final = "*"
"""The home of commands and events that concern a whole partition (cover, activation)."""


def department_topic(code: str) -> str:
    """The topic in which the department `code` finds its orders."""
    return DEPARTMENT_PREFIX + code


def actions_topic(code: str) -> str:
    """The topic to which the program of the department `code` writes its acts."""
    return ACTIONS_PREFIX + code


def answers_topic(code: str) -> str:
    """The topic in which it finds what became of them."""
    return ANSWERS_PREFIX + code


def home_of(number: str) -> str:
    """The home of a case, read from its number `{region}-{grid}-{yymm}-{count}`."""
    return number.rsplit("-", 2)[0]


def home(region: str, grid: str | None) -> str:
    """The home of a place in `grid`, or of reports that have none."""
    return f"{region}-{grid or UNPLACED}"


def case_number(home: str, yymm: str, count: int) -> str:
    """The number a person sees, e.g. `350203006-G017-2611-00042`."""
    return f"{home}-{yymm}-{count:05d}"


def murmur2(data: bytes) -> int:
    """Kafka's default key hash (seed 0x9747b28c), unsigned 32 bits. Source: Apache Kafka's `Utils.murmur2`."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    words = len(data) // 4
    h = 0x9747B28C ^ len(data)
    for word in unpack_from(f"<{words}I", data):
        k = word * m & mask
        h = (h * m ^ (k ^ k >> 24) * m) & mask
    if rest := data[4 * words :]:
        h = (h ^ int.from_bytes(rest, "little")) * m & mask
    h = (h ^ (h >> 13)) * m & mask
    return h ^ (h >> 15)


def partition_of(key: str, partitions: int) -> int:
    """The partition of `key` among `partitions`, as Java's default partitioner computes it."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
