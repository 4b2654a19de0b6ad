"""Both sides of a partner's day beside each other, with what differs."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from connectors.ledger.reader import LedgerReader
from connectors.proofs.book import PartnerRecord, ProofBook
from connectors.proofs.recorded import counted_ways
from schemas.proof import (
    DayAccount,
    Differences,
    Entry,
    PartnerStatement,
    ProofStatement,
    ProofVerdict,
    ProofWay,
    account_of,
    differences,
)

NOTHING: Final = account_of(())
_WORST: Final = (
    ProofVerdict.DIFFERS,
    ProofVerdict.OPEN,
    ProofVerdict.UNSTATED,
    ProofVerdict.OVERTAKEN,
    ProofVerdict.EQUAL,
)


@dataclass(frozen=True, slots=True)
class WayProof:
    """One way of a partner's day."""

    ours: DayAccount
    theirs: DayAccount | None
    found: Differences | None
    """None without a list of theirs."""
    verdict: ProofVerdict


@dataclass(frozen=True, slots=True)
class DayProof:
    """A partner's day."""

    partner: str
    day: date
    closed: bool
    ways: Mapping[ProofWay, WayProof]
    """Those that are counted for this partner."""

    @property
    def verdict(self) -> ProofVerdict:
        """The worst of both ways; a way on which nothing went needs no statement."""
        said = {way.verdict for way in self.ways.values() if way.ours.count or way.theirs is not None}
        quiet = ProofVerdict.EQUAL if self.closed else ProofVerdict.OPEN
        return next((verdict for verdict in _WORST if verdict in said), quiet)

    @property
    def accounts(self) -> tuple[DayAccount | None, ...]:
        """We sent, they took, they sent, we took; None where nobody said it or it is not counted."""
        to, back = self.ways.get(ProofWay.TO_PARTNER), self.ways[ProofWay.FROM_PARTNER]
        return to.ours if to else None, to.theirs if to else None, back.theirs, back.ours

    def statement(self, zone: str) -> ProofStatement:
        """As the topic `proofs` has it."""
        theirs = PartnerStatement(**{way.value: proof.theirs for way, proof in self.ways.items()})
        sent = self.ways.get(ProofWay.TO_PARTNER)
        return ProofStatement(
            partner=self.partner, day=self.day, zone=zone, to_partner=sent.ours if sent else None,
            from_partner=self.ways[ProofWay.FROM_PARTNER].ours, theirs=theirs,
        )  # fmt: skip


class Proofs:
    """All partners, from our log: a department by its code, others as `connectors.proofs.recorded` calls them.

    Reads files: call it in a thread.
    """

    def __init__(self, book: ProofBook, ledger: LedgerReader) -> None:
        self.book, self._ledger = book, ledger

    def follow(self) -> None:
        """Take in what is new. Raises `LedgerAway`, `ProofsUnwritableError`."""
        self.book.follow(self._ledger)

    def codes(self) -> list[str]:
        """All partners that ever exchanged something."""
        return [code for code, _ in self.book.partners()]

    def records(self, code: str, way: ProofWay, day: date) -> Sequence[PartnerRecord]:
        """What counts on a day: of several orders of a case the last one; acts of a department, reports of others."""
        return self.book.records(code, way, day)

    def known_cases(self, numbers: Collection[str]) -> set[str]:
        """Those of these that are case numbers here. Raises `LedgerAway`."""
        named = "SELECT number FROM cases WHERE number IN (SELECT value FROM json_each(?))"
        return {number for (number,) in self._ledger.rows(named, json.dumps(sorted(numbers)))}

    def day(self, code: str, day: date) -> DayProof:
        """Both sides of one day."""
        closed, stated = self.book.is_closed(day), self.book.stated(code, day)
        ways = {}
        for way in counted_ways(code):
            theirs, listed = stated.get(way, (None, None))
            ways[way] = self.compared(code, way, day, theirs, listed, closed=closed)
        return DayProof(code, day, closed, ways)

    def compared(
        self,
        code: str,
        way: ProofWay,
        day: date,
        theirs: DayAccount | None,
        listed: Sequence[Entry] | None,
        *,
        closed: bool,
    ) -> WayProof:
        """One way, beside what they say; with their list, what differs."""
        records = self.records(code, way, day)
        ours = account_of(record.entry for record in records)
        found = None
        if listed is None and theirs == NOTHING:
            listed = ()
        if listed is not None:
            mine = {record.entry for record in records}
            found = differences(
                mine,
                listed,
                overtaken={record.entry for record in records if record.overtaken},
                known=self.book.knows(code, way, set(listed) - mine),
            )
        return WayProof(ours, theirs, found, _verdict(ours, theirs, found, closed=closed))


def _verdict(ours: DayAccount, theirs: DayAccount | None, found: Differences | None, *, closed: bool) -> ProofVerdict:
    if not closed:
        return ProofVerdict.OPEN
    if theirs is None:
        return ProofVerdict.UNSTATED
    if found is not None:
        return found.verdict
    return ProofVerdict.EQUAL if theirs == ours else ProofVerdict.DIFFERS
