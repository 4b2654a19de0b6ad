"""Takes over rows of a platform: each case once, however often, by however many platforms and after whatever kill."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from connectors.intake.accept import accept
from connectors.intake.context import Gateway
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import Refused
from connectors.platforms.cells import Cells
from connectors.platforms.id_map import IdMap, IdRows, Key, Mapped
from connectors.platforms.plan import Became, KnownIds, Plan, plan
from connectors.platforms.refusals import bad_cell, by_columns
from connectors.platforms.their_row import TheirRow, read_row
from schemas.platform import NeighbourPlatform
from schemas.platform_facts import STEP

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class RowTaken:
    """What became of one row."""

    theirs: str
    became: Became
    report: str | None
    unused_position: bool = False


Taken = RowTaken | Refused


class PlatformImport:
    """The one port of all ways in."""

    def __init__(self, gateway: Gateway, ids: IdMap) -> None:
        self._gateway, self._ids = gateway, ids
        self._one = asyncio.Lock()  # rows of two platforms that name each other come one after the other

    async def take(self, platform: NeighbourPlatform, rows: Sequence[Cells]) -> list[Taken]:
        """What became of each row, in order; all that is not `Refused` is on disk.

        Raises `Refused` where nothing is accepted at present: what was taken until then is known when it comes again.
        """
        self._gateway.check_live()
        zone = ZoneInfo(self._gateway.region.zone)
        taken: dict[int, Taken] = {}
        read = dict[int, TheirRow]()
        for at, cells in enumerate(rows):
            try:
                read[at] = read_row(platform, cells, zone)
            except Refused as refusal:
                taken[at] = refusal
        async with self._one:
            for wave in _waves(platform, read):
                taken |= await self._wave(platform, {at: read[at] for at in wave})
        return [taken[at] for at in range(len(rows))]

    async def _wave(self, platform: NeighbourPlatform, rows: dict[int, TheirRow]) -> dict[int, Taken]:
        """Rows that have no id in common: planned together, stored together, then remembered together."""
        ours = {at: await self._ours(platform, row.ours) for at, row in rows.items() if row.ours}
        keys = [key for row in rows.values() for key in _keys(platform, row)]
        first = {each for each in ours.values() if isinstance(each, str)}
        ids, reports = await self._ids.look(partial(_known, keys, first))
        taken: dict[int, Taken] = {}
        plans, claimed = dict[int, Plan](), dict[str, str]()
        for at, row in rows.items():
            named = ours.get(at)
            try:
                if isinstance(named, Refused):
                    raise named
                each = plan(platform, row, KnownIds(ids, reports, named), self._gateway.clock())
                if each.report is not None and (other := claimed.setdefault(each.report, row.theirs)) != row.theirs:
                    column, code = platform.columns.id, platform.code
                    raise bad_cell("platform_named_twice", column, given=row.theirs, platform=code, other=other)
                plans[at] = each
            except Refused as refusal:
                taken[at] = refusal
        ends = await asyncio.gather(*(self._send(platform, each) for each in plans.values()), return_exceptions=True)
        done = dict[int, Plan]()
        for (at, each), end in zip(plans.items(), ends, strict=True):
            if isinstance(end, Refused):
                taken[at] = by_columns(platform, end)
            elif isinstance(end, BaseException):
                raise end
            else:
                done[at] = each
                taken[at] = RowTaken(rows[at].theirs, end, each.report, rows[at].unused_position)
        entries = [entry for each in done.values() for entry in each.ids]
        if entries:
            await self._ids.do(lambda table: table.put(entries))
        for each_taken in taken.values():
            if isinstance(each_taken, Refused) and _is_for_all(each_taken):
                raise each_taken
        return taken

    async def _send(self, platform: NeighbourPlatform, each: Plan) -> Became:
        """Store it; what it became after all. Raises `Refused`."""
        store = partial(accept, self._gateway, (f"{STEP}{platform.code}",))
        if each.sends is None:
            return each.became
        try:
            await store(each.sends)
        except Refused as refusal:
            if each.instead is None or refusal.faults[0].code != "other_content":
                raise
            await store(each.instead)  # killed before it was remembered: the case is there, with other words
            return "same"
        return each.became

    async def _ours(self, platform: NeighbourPlatform, number: str) -> str | Refused:
        """The report of a case of ours that they name."""
        column = platform.columns.ours or ""
        if looks_like_case_number(number):
            case = await self._gateway.ask(lambda ledger: ledger.case(number))
            if case is not None:
                return case.report
        return bad_cell("platform_not_ours", column, given=number)


def _known(
    keys: Iterable[Key], reports: Iterable[str], table: IdRows
) -> tuple[dict[Key, Mapped], dict[str, list[Mapped]]]:
    ids = table.found(keys)
    return ids, table.of_reports({*reports, *(each.report for each in ids.values() if each.report is not None)})


def _keys(platform: NeighbourPlatform, row: TheirRow) -> tuple[Key, ...]:
    return ((platform.code, row.theirs), *row.also)


def _waves(platform: NeighbourPlatform, rows: dict[int, TheirRow]) -> Iterator[list[int]]:
    """The rows in order, cut where one names an id that an earlier one of the same part names."""
    wave, seen = list[int](), set[Key]()
    for at, row in rows.items():
        keys = {*_keys(platform, row), *([("", row.ours)] if row.ours else [])}
        if len(wave) == AT_ONCE or keys & seen:
            yield wave
            wave, seen = [], set()
        wave.append(at)
        seen |= keys
    if wave:
        yield wave


def _is_for_all(refusal: Refused) -> bool:
    return refusal.status == HTTPStatus.SERVICE_UNAVAILABLE or refusal.faults[0].code == "history_system"
