"""What can be wrong, the most frequent first; counted anew every few minutes."""

from typing import Final

from connectors.intake.context import Gateway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.categories_in_use import category_counts
from schemas.names import Name
from schemas.rulebook import Rulebook

FRESH_MS: Final = 600_000


class FrequentCategories:
    """For one gateway; `look` runs in the ledger's threads."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._rulebook: Rulebook | None = None
        self._at_ms = 0
        self._named: tuple[tuple[str, Name], ...] = ()

    def look(self, ledger: Ledger) -> tuple[tuple[str, Name], ...]:
        """Id and name of each category; where nothing was counted, in the order of the rulebook."""
        rulebook, now_ms = self._gateway.rulebook, self._gateway.clock()
        if self._rulebook is not rulebook or now_ms - self._at_ms >= FRESH_MS:
            counts = category_counts(ledger)
            ranked = sorted(rulebook.categories, key=lambda each: (self._is_last(each.id), -counts.get(each.id, 0)))
            self._rulebook, self._at_ms = rulebook, now_ms
            self._named = tuple((each.id, each.name) for each in ranked)
        return self._named

    def _is_last(self, category: str) -> bool:
        """Whatever fits nowhere is offered when nothing else fits."""
        return category == self._gateway.rulebook.default_category
