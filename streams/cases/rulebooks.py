"""The compiled rulebooks by which a partition of cases decides: now, at a planned time, and for cases in flight."""

from collections.abc import Iterator, Sequence

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.case import Case
from schemas.command import Activate, AnyCommand
from schemas.command import Record as Recorded
from streams.cases.state import PartitionState
from streams.rulebooks.cache import RulebookCache
from streams.rulebooks.schedule import Switch, switch_of


class PartitionRulebooks:
    """The compiled rulebooks of one partition, from the cache of its worker."""

    def __init__(self, cache: RulebookCache, memory: PartitionState) -> None:
        self._cache = cache
        self._memory = memory

    def at(self, t_ms: int, case: Case | None = None) -> CompiledRulebook:
        """The one active at a time; for a case in flight, the one that the case goes by."""
        totals = self._memory.totals
        switch = totals.active(t_ms) or self._cache.first
        own = totals.rulebook_of(case, t_ms)
        if case is None or own is None:
            return self._cache.need(switch)
        return self._cache.need_for(case, switch._replace(rulebook=own))

    async def load(self, commands: Sequence[AnyCommand], until_ms: int | None) -> None:
        """Load every rulebook that may decide until `until_ms`; later ones start loading in the background."""
        planned = [self._cache.first, *self._memory.totals.switches]
        asked = [switch_of(command) for command in commands if isinstance(command, Activate)]
        self._cache.needs(self, [*planned, *asked], self._needed([*planned, *asked]))
        planned += [each for each in asked if await self._cache.offer(each, until_ms)]  # `apply` parks the others
        for switch in self._needed(planned):
            await self._cache.plan(switch, until_ms)
        if any(isinstance(command, Recorded) for command in commands):
            await self._cache.remember()

    def _needed(self, planned: Sequence[Switch]) -> Iterator[Switch]:
        """Every rulebook that may decide under this plan, including those that cases in flight go by."""
        for switch in planned:
            until = (each.rulebook for each in planned if each.effective_ms <= switch.effective_ms)
            for version in sorted({*self._memory.versions(), *until}):
                yield switch._replace(rulebook=version)
