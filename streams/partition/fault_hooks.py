"""Where a test may break a partition: hooks that do nothing in the product."""

from typing import Protocol


class FaultHooks(Protocol):
    """Called at the places where a crash would hurt most; may raise, sleep, or kill the process."""

    async def before_transaction(self, topic: str, partition: int) -> None:
        """Everything is applied in memory, nothing is sent."""

    async def before_commit(self, topic: str, partition: int) -> None:
        """Everything is sent and acknowledged, nothing is committed."""

    async def after_commit(self, topic: str, partition: int) -> None:
        """Committed, but this partition does not know it yet."""

    def lose_ring(self, topic: str, partition: int) -> bool:
        """True throws this delivery of the driver away."""


class NoFaults:
    """The product's own: nothing happens."""

    async def before_transaction(self, topic: str, partition: int) -> None:
        """Go on."""

    async def before_commit(self, topic: str, partition: int) -> None:
        """Go on."""

    async def after_commit(self, topic: str, partition: int) -> None:
        """Go on."""

    def lose_ring(self, topic: str, partition: int) -> bool:
        """Lose nothing."""
        return False
