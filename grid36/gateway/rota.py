"""Who is on duty as a running gateway knows it: region and rulebook in force, absences, quiet hours."""

from contextlib import suppress
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.ledger.connection import LedgerAway
from rules.time.on_duty import DutyRota
from schemas.quiet import ends_ms, rule_for
from schemas.region import Region
from schemas.rulebook import Rulebook


class GatewayRota:
    """Satisfies `connectors.replies.roster.OnDuty`; follows the region and the rulebook of its gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._roster: tuple[Region, Rulebook, DutyRota] | None = None

    def is_on_duty(self, person: str, t_ms: int) -> bool:
        """By a duty or a shift, and not away."""
        return self._now().is_on_duty(person, t_ms) and not self._is_away(person, t_ms)

    def instead_of(self, person: str, grid: str, t_ms: int) -> tuple[tuple[str, ...], ...]:
        """Who is on duty and not away, the nearest first, for somebody who is off."""
        with suppress(LedgerAway):
            self._gateway.absences.follow(self._gateway.ledger)
        if not self._is_off(person, t_ms):
            return ()
        tiers = self._now().near(grid, t_ms)
        present = (tuple(each for each in tier if not self._is_away(each, t_ms)) for tier in tiers)
        return tuple(tier for tier in present if tier)

    def _is_off(self, person: str, t_ms: int) -> bool:
        if self._is_away(person, t_ms):
            return True
        region, known = self._gateway.region, self._gateway.directory.person(person)
        rule = rule_for(known.roles if known is not None else (), region.messages)
        return ends_ms(rule.quiet, t_ms, ZoneInfo(region.zone)) is not None and not self.is_on_duty(person, t_ms)

    def _is_away(self, person: str, t_ms: int) -> bool:
        return self._gateway.absences.away(person, t_ms) is not None

    def _now(self) -> DutyRota:
        region, rulebook = self._gateway.region, self._gateway.rulebook
        known = self._roster
        if known is None or known[0] is not region or known[1] is not rulebook:
            known = self._roster = (region, rulebook, DutyRota(self._gateway.directory, rulebook))
        return known[2]
