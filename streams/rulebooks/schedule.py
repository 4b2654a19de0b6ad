"""Schedule of rulebooks: which rulebook and region take effect when."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.command import Activate
from schemas.errors import Parked
from schemas.report import Activation

MOST_SWITCHES: Final = 8
"""How many rulebooks may be planned at once; more do not fit into the bookkeeping record."""


class TooManySwitchesError(Parked):
    """Too many rulebooks wait for their time. Let some of them take effect first."""


class Switch(NamedTuple):
    """From `effective_ms` on, decisions are made by this rulebook and region (content hashes)."""

    effective_ms: int
    rulebook: str
    region: str
    in_flight: bool = False
    """Whether cases opened before change to it as well, instead of going by the rulebook they were opened by."""

    def dump(self) -> list[object]:
        """As JSON values: `Switch(*dump)` is equal."""
        return list(self) if self.in_flight else list(self[:3])


def switch_of(wanted: Activate | Activation) -> Switch:
    """The switch that a command or a report record asks for."""
    return Switch(
        wanted.effective_ms, wanted.rulebook, wanted.region, isinstance(wanted, Activate) and wanted.in_flight
    )


def active(switches: Sequence[Switch], t_ms: int) -> Switch | None:
    """The switch that counts at a time; None: what the system was created with."""
    if not switches:
        return None
    return next((switch for switch in reversed(switches) if switch.effective_ms <= t_ms), None)


def carried(switches: Sequence[Switch], t_ms: int) -> Switch | None:
    """The last switch up to a time that also moved the cases in flight."""
    if not switches:
        return None
    return next((each for each in reversed(switches) if each.in_flight and each.effective_ms <= t_ms), None)


def planned(switches: Sequence[Switch], switch: Switch, t_ms: int) -> tuple[Switch, ...]:
    """The switches with one more, planned at `t_ms`; past ones without effect are dropped, the latest plan wins.

    Raises `TooManySwitchesError`.
    """
    ahead = [each for each in switches if each.effective_ms > t_ms and each.effective_ms != switch.effective_ms]
    past = {carried(switches, t_ms), active(switches, t_ms)} - {None}
    remaining = [*(each for each in switches if each in past), *ahead]
    if len(remaining) >= MOST_SWITCHES:
        raise TooManySwitchesError(most=MOST_SWITCHES)
    return tuple(sorted([*remaining, switch], key=lambda each: each.effective_ms))
