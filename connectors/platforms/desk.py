"""What a gateway does for its neighbouring platforms: takes their rows, tells outcomes, compares a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.intake.refusal import refused
from connectors.ledger.queries.cases import Ledger
from connectors.platforms.cells import SHOWN, Cells
from connectors.platforms.comparison import Comparison, Ours, compared, ours_of
from connectors.platforms.id_map import IdMap
from connectors.platforms.importing import PlatformImport, Taken
from connectors.platforms.outcomes import OutcomePage, changed_since, outcome, standings_of
from schemas.days import begin_ms, end_ms
from schemas.names import Language
from schemas.platform import NeighbourPlatform

FILE = "platforms.sqlite"
"""The id map, beside the outbox."""


def id_map_beside(outbox: Path) -> Path:
    """Where the id map of an outbox is."""
    return outbox.with_name(FILE)


class PlatformDesk:
    """Use it inside one event loop; `close` when done. The file of ids is opened when it is needed first."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._ids: IdMap | None = None
        self._import: PlatformImport | None = None

    def platform(self, code: str) -> NeighbourPlatform:
        """One of the region. Raises `Refused` (404)."""
        known = {each.code: each for each in self._gateway.region.platforms}
        if code not in known:
            shown = ", ".join(known) or "-"
            raise refused(HTTPStatus.NOT_FOUND, "unknown_platform", "code", given=code[:SHOWN], known=shown)
        return known[code]

    @property
    def ids(self) -> IdMap:
        """The id map. Raises `OutboxUnwritableError`."""
        if self._ids is None:
            self._ids = IdMap(id_map_beside(self._gateway.outbox.path))
        return self._ids

    async def take(self, platform: NeighbourPlatform, rows: Sequence[Cells]) -> list[Taken]:
        """What became of each row, as `PlatformImport.take`."""
        if self._import is None:
            self._import = PlatformImport(self._gateway, self.ids)
        return await self._import.take(platform, rows)

    async def outcomes(self, platform: NeighbourPlatform, cursor: str, language: Language) -> OutcomePage:
        """What happened to the platform's cases since the cursor (empty: since the beginning)."""
        cases, following, more = await self._gateway.ask(partial(changed_since, cursor=cursor))
        mapped = await self.ids.look(lambda rows: rows.of_reports([case.report for case in cases]))
        pairs = [(case, entry) for case in cases for entry in mapped[case.report] if entry.platform == platform.code]
        standing = await self._gateway.ask(partial(standings_of, cases=[case for case, _ in pairs]))
        outcomes = [outcome(platform, entry, each, language) for (_, entry), each in zip(pairs, standing, strict=True)]
        return OutcomePage(outcomes, following, more)

    async def day(self, platform: NeighbourPlatform, day: date) -> list[Ours]:
        """What we have of the cases that were reported there on a day of its zone."""
        zone = ZoneInfo(platform.zone or self._gateway.region.zone)
        entries = await self.ids.look(lambda rows: rows.reported(platform.code, begin_ms(day, zone), end_ms(day, zone)))
        reports = [each.report for each in entries if each.report is not None]
        return ours_of(entries, await self._gateway.ask(partial(_cases, reports)))

    async def compare(
        self, platform: NeighbourPlatform, day: date, theirs: Iterable[str]
    ) -> tuple[Comparison, list[Ours]]:
        """Both sides of a day, and ours one by one."""
        ours = await self.day(platform, day)
        return compared(theirs, ours), ours

    async def close(self) -> None:
        """Finish what waits, then close."""
        if self._ids is not None:
            await self._ids.close()


def _cases(reports: Iterable[str], ledger: Ledger) -> dict[str, tuple[str, str]]:
    """Number and state of the cases of these reports."""
    query = "SELECT report, number, state FROM cases WHERE report = ? ORDER BY state = 'moved', number LIMIT 1"
    found = (ledger.row(query, each) for each in reports)
    return {row[0]: (row[1], row[2]) for row in found if row is not None}
