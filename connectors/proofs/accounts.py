"""Both sides of a partner's day beside each other, with what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from connectors.ledger.reader import LedgerReader
from connectors.proofs.book import ProofBook
from connectors.proofs.partner import Partner, PartnerRecord
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

    @property
    def verdict(self) -> ProofVerdict:
        """The worst of both ways; a way on which nothing went needs no statement."""
        said = {way.verdict for way in self.ways.values() if way.ours.count or way.theirs is not None}
        quiet = ProofVerdict.EQUAL if self.closed else ProofVerdict.OPEN
        return next((verdict for verdict in _WORST if verdict in said), quiet)

    def statement(self, zone: str) -> ProofStatement:
        """As the topic `proofs` has it."""
        theirs = PartnerStatement(**{way.value: proof.theirs for way, proof in self.ways.items()})
        to_partner, from_partner = (self.ways[way].ours for way in (ProofWay.TO_PARTNER, ProofWay.FROM_PARTNER))
        return ProofStatement(
            partner=self.partner, day=self.day, zone=zone, to_partner=to_partner, from_partner=from_partner,
            theirs=theirs,
        )  # fmt: skip


class LogPartner:
    """A partner whose records are in the log: a department, a program by its key, a neighbour's server."""

    def __init__(self, book: ProofBook, code: str) -> None:
        self._book, self._code = book, code

    @property
    def code(self) -> str:
        """Its name."""
        return self._code

    def sent(self, day: date) -> Sequence[PartnerRecord]:
        """Of several orders of a case the last one."""
        return self._book.records(self._code, ProofWay.TO_PARTNER, day)

    def taken(self, day: date) -> Sequence[PartnerRecord]:
        """Acts of a department, reports of the others."""
        return self._book.records(self._code, ProofWay.FROM_PARTNER, day)

    def knows(self, way: ProofWay, entries: Collection[Entry]) -> set[Entry]:
        """At any time."""
        return self._book.knows(self._code, way, entries)


class Proofs:
    """All partners: those of the log, and `more`. Reads files: call it in a thread."""

    def __init__(self, book: ProofBook, ledger: LedgerReader, more: Collection[Partner] = ()) -> None:
        self.book, self._ledger = book, ledger
        self._more = {partner.code: partner for partner in more}

    def follow(self) -> None:
        """Take in what is new. Raises `LedgerAway`, `ProofsUnwritableError`."""
        self.book.follow(self._ledger)

    def partner(self, code: str) -> Partner:
        """The partner of this code; one that never exchanged anything has empty days."""
        return self._more.get(code) or LogPartner(self.book, code)

    def codes(self) -> list[str]:
        """All partners that ever exchanged something, and those that keep records of their own."""
        return sorted({code for code, _ in self.book.partners()} | self._more.keys())

    def records(self, code: str, way: ProofWay, day: date) -> Sequence[PartnerRecord]:
        """What counts on a day."""
        partner = self.partner(code)
        return partner.sent(day) if way is ProofWay.TO_PARTNER else partner.taken(day)

    def day(self, code: str, day: date) -> DayProof:
        """Both sides of one day."""
        closed, stated = self.book.is_closed(day), self.book.stated(code, day)
        ways = {}
        for way in ProofWay:
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
                known=self.partner(code).knows(way, set(listed) - mine),
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
