"""Who is away and who covers for them, read from the ledger's events, because absences belong to no case."""

from dataclasses import dataclass, field
from threading import Lock

from connectors.ledger.queries.cases import Ledger
from schemas.event import EVENT, Event, EventType


@dataclass(frozen=True, slots=True)
class Absence:
    """`person` is away from `from_ms` until before `until_ms`; nobody covers when `cover` is None."""

    person: str
    cover: str | None
    from_ms: int
    until_ms: int


@dataclass(slots=True)
class Absences:
    """Absences, the latest entry last; shared by all open pages. `follow` runs in the ledger's threads."""

    _epoch: str = ""
    _seq: int = 0
    _spans: dict[str, tuple[Absence, ...]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def follow(self, ledger: Ledger) -> None:
        """Read new entries of the ledger."""
        with self._lock:
            epoch, upto = ledger.epoch(), ledger.last_seq()
            if epoch != self._epoch:
                self._epoch, self._seq, self._spans = epoch, 0, {}
            if upto == self._seq:
                return
            for event in _of_no_case(ledger, self._seq, upto):
                self._take(event)
            self._seq = upto

    def _take(self, event: Event) -> None:
        if event.type is not EventType.COVER_SET:
            return
        facts = event.facts
        span = Absence(str(facts["person"]), facts["cover"], int(facts["from_ms"]), int(facts["until_ms"]))
        before = self._spans.get(span.person, ())
        if span not in before[-1:]:  # every partition has the same event
            ahead = (each for each in before if each.until_ms > event.t_ms)
            self._spans[span.person] = (*ahead, span)

    def away(self, person: str, t_ms: int) -> Absence | None:
        """The latest entry for a person at that time; None when present."""
        said = next((s for s in reversed(self._spans.get(person, ())) if s.from_ms <= t_ms < s.until_ms), None)
        return None if said is None or said.cover == person else said

    def known(self, t_ms: int) -> list[Absence]:
        """Present and future absences, the nearest end first, without cancelled ones."""
        ahead = (span for spans in self._spans.values() for span in spans if span.until_ms > t_ms)
        valid = (span for span in ahead if self.away(span.person, max(span.from_ms, t_ms)) == span)
        return sorted(dict.fromkeys(valid), key=lambda span: (span.until_ms, span.person))

    def stands_in(self, person: str, t_ms: int) -> str | None:
        """Who covers for `person`; `person` when present; None when away without cover."""
        asked: set[str] = set()
        now: str | None = person
        while now is not None and now not in asked:
            asked.add(now)
            away = self.away(now, t_ms)
            if away is None:
                return now
            now = away.cover
        return None

    def covered_by(self, person: str, t_ms: int) -> list[str]:
        """The people for whom `person` covers now."""
        return [each for each in self._spans if each != person and self.stands_in(each, t_ms) == person]


def _of_no_case(ledger: Ledger, after_seq: int, upto: int) -> list[Event]:
    """Events that concern whole partitions, oldest first. Each is read once."""
    query = (
        "SELECT event FROM timeline INDEXED BY timeline_of_no_case"
        " WHERE seq > ? AND seq <= ? AND number IS NULL ORDER BY seq"
    )
    return [EVENT.validate_json(event) for (event,) in ledger.rows(query, after_seq, upto)]
