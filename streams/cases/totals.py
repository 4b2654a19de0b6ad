"""The numbers of a partition of cases: its position in the chain of events, its counts, its planned rulebooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from schemas.case import Case, Count, share_of
from streams.rulebooks.schedule import Switch, active, carried, planned


@dataclass(slots=True)
class Totals:
    """Folded from events only. `counts` says where the accepted reports are; archived cases go on counting."""

    n: int = 0
    """How many events this partition has: the ordinal of the next one."""
    digest: str = ""
    """Of the last event's value; empty before the first."""
    cases: int = 0
    """How many cases are held, i.e. not archived."""
    counts: dict[Count, int] = field(default_factory=dict)
    refused_actions: int = 0
    parked_actions: int = 0
    parked_reports: int = 0
    dropped_actions: int = 0
    dropped_reports: int = 0
    """Parked before, until somebody looked at them."""
    history: bool = False
    seen: int = 0
    """How many commands that concern no case were remembered: the next slot of their window."""
    switches: tuple[Switch, ...] = ()
    """In order of time; empty: what the system was created with."""
    last_ms: int = 0
    """Time of the last event."""

    def copy(self) -> "Totals":
        """A copy for a change that may be dropped."""
        return Totals(  # by hand: `dataclasses.replace` takes five times as long, and this is done for every command
            self.n,
            self.digest,
            self.cases,
            dict(self.counts),
            self.refused_actions,
            self.parked_actions,
            self.parked_reports,
            self.dropped_actions,
            self.dropped_reports,
            self.history,
            self.seen,
            self.switches,
            self.last_ms,
        )

    def count(self, before: Case | None, after: Case) -> None:
        """Count a case that changed or is new."""
        new = share_of(after)
        old = share_of(before) if before is not None else None
        if old is not new:
            if old is not None:
                self.add(old, -1)
            self.add(new, 1)

    def add(self, share: Count, number: int) -> None:
        """Add to a share."""
        self.counts[share] = self.counts.get(share, 0) + number

    def active(self, t_ms: int) -> Switch | None:
        """The switch that counts at a time; None: what the system was created with."""
        return active(self.switches, t_ms)

    def rulebook_of(self, case: Case | None, t_ms: int) -> str | None:
        """The rulebook that a case goes by at a time: its own, or the one that took it along; None: what is active."""
        if case is None or not case.rulebook or case.change is not None:
            return None  # a proposal changes the list that is active
        followed = carried(self.switches, t_ms)
        return (
            followed.rulebook if followed is not None and case.submitted_ms < followed.effective_ms else case.rulebook
        )

    def switch(self, switch: Switch, t_ms: int) -> None:
        """Plan a switch at `t_ms`."""
        self.switches = planned(self.switches, switch, t_ms)

    def dump(self) -> dict[str, object]:
        """As JSON values, small; `load` reads it."""
        return {
            "n": self.n,
            "digest": self.digest,
            "cases": self.cases,
            "counts": {share.value: self.counts[share] for share in Count if self.counts.get(share)},
            "refused_actions": self.refused_actions,
            "parked_actions": self.parked_actions,
            "parked_reports": self.parked_reports,
            "dropped_actions": self.dropped_actions,
            "dropped_reports": self.dropped_reports,
            "history": self.history,
            "seen": self.seen,
            "switches": [switch.dump() for switch in self.switches],
            "last_ms": self.last_ms,
        }

    @classmethod
    def load(cls, dumped: Mapping[str, object]) -> Self:
        """What `dump` gave; an empty mapping is a fresh start."""
        fields: dict[str, Any] = dict(dumped)
        counts, switches = fields.pop("counts", {}), fields.pop("switches", [])
        known = {name: fields[name] for name in cls.__dataclass_fields__ if name in fields}
        return cls(
            counts={Count(share): number for share, number in counts.items()},
            switches=tuple(Switch(*switch) for switch in switches),
            **known,
        )
