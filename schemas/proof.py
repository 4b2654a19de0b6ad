"""A day's account between two systems: how many records one gave the other, and a digest that both compute alike.

A record is an id and the case that it is about. Its line is `id<TAB>case`. The digest is the SHA-256, in hex, of all
different lines, sorted by their UTF-8 bytes, with one LF between two of them and none at the end.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from schemas.models import ChoiceEnum, LogModel

PROOF_KIND: Final = "grid36.proof"
"""CloudEvents type of a statement in the topic `proofs`."""


class ProofWay(ChoiceEnum):
    """Which way records go between Grid36 and a partner."""

    TO_PARTNER = "to_partner"
    FROM_PARTNER = "from_partner"


class Entry(NamedTuple):
    """One record of an account."""

    id: str
    case: str

    @property
    def line(self) -> bytes:
        """Its line, UTF-8."""
        return f"{self.id}\t{self.case}".encode()


class DayAccount(LogModel):
    """What one side says of one day and one way."""

    count: Annotated[int, Field(ge=0)]
    """How many different records."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PartnerStatement(LogModel):
    """What the partner says; None for a way of which it says nothing."""

    to_partner: DayAccount | None = None
    """What it took."""
    from_partner: DayAccount | None = None
    """What it sent."""


class ProofStatement(LogModel):
    """One partner's day. Topic `proofs`, key `PARTNER|DAY`; written when the day is closed, and again on news."""

    v: Literal[1] = 1
    partner: str
    day: date
    zone: str
    """The time zone (IANA) in which the day is counted."""
    to_partner: DayAccount | None
    """What Grid36 sent; None where that is not counted, as the partner asks whenever it likes."""
    from_partner: DayAccount
    """What Grid36 took."""
    theirs: PartnerStatement = PartnerStatement()


class ProofVerdict(ChoiceEnum):
    """What comparing two accounts shows."""

    OPEN = "open"
    """The day is not closed yet."""
    UNSTATED = "unstated"
    """The partner has said nothing."""
    EQUAL = "equal"
    OVERTAKEN = "overtaken"
    """What the partner did not take was overtaken by later records, which count on their own day."""
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Differences:
    """How a partner's list differs from ours."""

    missing_there: tuple[Entry, ...] = ()
    """We have it on this day, and they do not have it."""
    missing_here: tuple[Entry, ...] = ()
    """They have it, and we do not know it."""
    twice_there: tuple[Entry, ...] = ()
    """Their list has it more than once."""
    overtaken: tuple[Entry, ...] = ()
    """We have it and they do not, but a later record of the same case made it void: no loss."""
    elsewhere: tuple[Entry, ...] = ()
    """They have it on this day, and we on another one, or before the last one of its case: no loss."""

    def kinds(self) -> dict[str, tuple[Entry, ...]]:
        """All of them, by kind."""
        return {kind: getattr(self, kind) for kind in self.__slots__}

    @property
    def verdict(self) -> ProofVerdict:
        """Red only for what is lost or doubled."""
        if self.missing_there or self.missing_here or self.twice_there:
            return ProofVerdict.DIFFERS
        return ProofVerdict.OVERTAKEN if self.overtaken or self.elsewhere else ProofVerdict.EQUAL


def account_of(entries: Iterable[Entry]) -> DayAccount:
    """Count and digest of these records; order and repetitions do not matter."""
    lines = sorted({entry.line for entry in entries})
    return DayAccount(count=len(lines), digest=hashlib.sha256(b"\n".join(lines)).hexdigest())


def differences(
    ours: Iterable[Entry],
    theirs: Iterable[Entry],
    *,
    overtaken: Collection[Entry] = (),
    known: Collection[Entry] = (),
) -> Differences:
    """Compare two lists of a day.

    `overtaken`: those of ours that need not be there; `known`: those of theirs that we have, but not in this account.
    """
    mine, listed = set(ours), Counter(theirs)
    gone, more = mine - listed.keys(), listed.keys() - mine
    return Differences(
        missing_there=_sorted(gone.difference(overtaken)),
        missing_here=_sorted(more.difference(known)),
        twice_there=_sorted(entry for entry, times in listed.items() if times > 1),
        overtaken=_sorted(gone.intersection(overtaken)),
        elsewhere=_sorted(more.intersection(known)),
    )


def read_lines(text: str) -> list[Entry]:
    """Records of a list: a line each, `id<TAB>case` or `id,case`; empty lines are passed over.

    Raises `ValueError` with the number of the first line that is neither.
    """
    found = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        id, separator, case = line.partition("\t") if "\t" in line else line.rpartition(",")
        if not separator or not id.strip():
            raise ValueError(number)
        found.append(Entry(id.strip(), case.strip()))
    return found


def write_lines(entries: Iterable[Entry]) -> str:
    """The list of which the digest is made."""
    return "\n".join(line.decode() for line in sorted({entry.line for entry in entries}))


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.case, entry.id)))
