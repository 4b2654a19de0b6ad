"""The port by which doors know who is on duty."""

from typing import Protocol


class OnDuty(Protocol):
    """Who is on duty; safe to call in any thread."""

    def is_on_duty(self, person: str, t_ms: int) -> bool:
        """Whether somebody works now by a duty or a shift, so that their quiet hours do not count."""

    def instead_of(self, person: str, grid: str, t_ms: int) -> tuple[tuple[str, ...], ...]:
        """Who is on duty for a grid, the nearest first, if the person is off or in their quiet hours; else nothing."""


class NobodyOnDuty:
    """Where no rota is known."""

    def is_on_duty(self, person: str, t_ms: int) -> bool:
        """Never."""
        return False

    def instead_of(self, person: str, grid: str, t_ms: int) -> tuple[tuple[str, ...], ...]:
        """Nobody."""
        return ()
