"""Switches for the lists page, as the commands make them: once by an id, after a check in a process of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from connectors.clock import now_ms
from connectors.lists.checked import FindingKind, ListCheck
from connectors.lists.desk import ActivationOrder, EarlierList
from grid36.review.approval import Approval, let_take_effect, made_effective, wishes
from grid36.settings import Settings
from grid36.system.versions import ActivationRequest, TimePassed, contents, previous_version, switch
from rules.routing.list_changes import proposed
from schemas.case import Case
from schemas.content import content_address
from schemas.errors import Stop
from schemas.region import Region
from schemas.rulebook import Rulebook
from streams.rulebooks.activation import NotCreatedError
from streams.rulebooks.topic import Records, digests_at, read_rulebooks, region_in, switches_in

T = TypeVar("T")
Check = Callable[[Region, Rulebook, date | None], Awaitable[ListCheck]]
"""Checks a list for a region from a day on; without one, from today."""


class OtherListMeanwhile(Stop):
    """Another list came into force after this one was approved, and this one would undo it. Propose it again, and
    compare it with the list that is in force now.
    """


class ChangeFails(Stop):
    """The list with this change has errors, so it cannot come into force. Correct the list with a workbook; it is tried
    again by itself.
    """


class ListSwitches:
    """What comes into force by pages. Large lists are read and written in threads of their own."""

    def __init__(self, settings: Settings, servers: str, check: Check) -> None:
        self._settings, self._servers, self._check = settings, servers, check

    async def earlier(self) -> EarlierList | None:
        """The version before the one in force; None when that is the first. Raises `ContentGone`."""
        return await _apart(self._earlier())

    async def activate(self, order: ActivationOrder) -> int:
        """Switch to it; the moment (ms UTC). A moment that passed meanwhile becomes the next possible one.

        Raises `OtherListMeanwhile`, and what `grid36.system.versions.switch` raises.
        """
        return await _apart(self._activate(order))

    async def apply_change(self, case: Case, by: str) -> int:
        """As `grid36 rules approve` does: in what is in force and in what is planned; the moment (ms UTC).

        Raises `ChangeFails`, and what `grid36.system.versions.switch` raises.
        """
        approval, wished, records = await _apart(self._wished(case, by))
        for wish in wished:
            check = await self._check(wish.region, wish.rulebook, approval.day)
            if check.errors:
                first = next(each for each in check.findings if each.kind is FindingKind.ERROR)
                raise ChangeFails(detail=first.text)
        made = await _apart(let_take_effect(self._settings, self._servers, wished, records))
        made = made or made_effective(approval, records)
        assert made is not None, "it is made now, or was before"
        return made.effective_ms

    async def _earlier(self) -> EarlierList | None:
        records = await self._records()
        found = previous_version(records, now_ms())
        if found is None:
            return None
        _, rulebook = contents(records, *found)
        return EarlierList(rulebook.name, found, rulebook.model_dump_json())

    async def _activate(self, order: ActivationOrder) -> int:
        records = await self._records()
        if (made := next((each for each in switches_in(records) if each.id == order.id), None)) is not None:
            return made.effective_ms
        t_ms = now_ms()
        if _in_force(records, t_ms) != order.against or len(switches_in(records)) != order.after:
            raise OtherListMeanwhile
        wish = _request(order, records, max(t_ms, order.from_ms or 0))
        try:
            made, _ = await switch(self._settings, self._servers, wish, records)
        except TimePassed:
            made, _ = await switch(self._settings, self._servers, replace(wish, from_ms=None), records)
        return made.effective_ms

    async def _wished(self, case: Case, by: str) -> tuple[Approval, list[ActivationRequest], Records]:
        item = proposed(case)
        assert item is not None, "it was approved"
        records = await self._records()
        approval = Approval(case.number, item, by, case.change_from)
        if made_effective(approval, records) is None:  # a gateway may have been down on that day
            approval = replace(approval, day=max(filter(None, (case.change_from, _today(records)))))
        return approval, wishes(approval, records), records

    async def _records(self) -> Records:
        return await read_rulebooks(self._servers, prefix=self._settings.topic_prefix)


async def _apart(work: Coroutine[Any, Any, T]) -> T:
    """In a thread with a loop of its own: a city's list takes seconds to be read, hashed and written."""
    return await asyncio.to_thread(asyncio.run, work)


def _in_force(records: Records, t_ms: int) -> tuple[str, str] | None:
    """Content hashes of what is in force, as this release gives them: what an earlier one stored has others."""
    found = digests_at(records, t_ms)
    if found is None:
        return None
    region, rulebook = contents(records, *found)
    return content_address(region), content_address(rulebook)


def _request(order: ActivationOrder, records: Records, at_ms: int) -> ActivationRequest:
    """The region is that of its moment, unless an earlier version is to come back whole."""
    if order.restored is not None:
        region, rulebook = contents(records, *order.restored)
    else:
        digests = digests_at(records, at_ms)
        there = region_in(records, digests[0]) if digests else None
        if there is None:
            raise NotCreatedError
        region, rulebook = there, Rulebook.model_validate_json(order.rulebook)
    return ActivationRequest(
        region, rulebook, order.by, order.from_ms, order.in_flight, order.id, order.note, proposed_by=order.proposed_by
    )


def _today(records: Records) -> date:
    digests = digests_at(records, now_ms())
    region = region_in(records, digests[0]) if digests else None
    if region is None:
        raise NotCreatedError
    return datetime.fromtimestamp(now_ms() / 1000, ZoneInfo(region.zone)).date()
