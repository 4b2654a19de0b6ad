"""What the lists page asks the system for, answered by a running gateway."""

import asyncio
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.lists.backtested import ListBacktest
from connectors.lists.checked import ListCheck
from connectors.lists.desk import ActivationOrder, CheckedWorkbook, EarlierList, ListVersion, UncheckedWorkbook
from connectors.lists.editing import EditableRow, ListSheet
from connectors.lists.question import ListQuestion
from grid36.files.dmn.write import write_dmn
from grid36.lists.check_process import ListChecks
from grid36.lists.job_folder import BacktestJob, ChangedRow, CheckJob, Conversion, ExplainJob
from grid36.lists.row_editing import row_of, sheets_of
from grid36.lists.switching import ListSwitches
from grid36.lists.versions import HeardVersions
from grid36.settings import Settings
from grid36.system.create import KnownSystem
from schemas.case import Case
from schemas.content import content_address
from schemas.days import day_of
from schemas.names import Language
from schemas.region import Region
from schemas.rulebook import Rulebook
from streams.rulebooks.topic import Records


class GatewayListDesk:
    """Satisfies `connectors.lists.desk.ListDesk`; follows the region and the rulebook of its gateway."""

    def __init__(self, gateway: Gateway, settings: Settings, servers: str, checks: ListChecks) -> None:
        self._gateway, self._ledger, self._checks = gateway, settings.ledger_address, checks
        self._switches = ListSwitches(settings, servers, self._check_switch)
        self._heard = HeardVersions()
        self._addressed: tuple[Region, Rulebook, tuple[str, str]] | None = None
        self._files: tuple[Rulebook, Language, UncheckedWorkbook] | None = None

    async def hear(self, records: Records) -> None:
        """What `rulebooks` says now."""
        await asyncio.to_thread(self._heard.hear, records)

    async def in_force(self) -> tuple[str, str]:
        """Content hashes of the region and the rulebook in force; worked out once for each."""
        region, rulebook = self._gateway.region, self._gateway.rulebook
        known = self._addressed
        if known is None or known[0] is not region or known[1] is not rulebook:
            digests = await asyncio.to_thread(lambda: (content_address(region), content_address(rulebook)))
            known = self._addressed = (region, rulebook, digests)
        return known[2]

    def versions(self, t_ms: int) -> tuple[ListVersion, ...]:
        """All versions in order of time, as far as the log was read; empty before that."""
        return self._heard.versions(t_ms)

    async def workbook(self, language: Language) -> bytes:
        """The lists in force, with titles in `language`."""
        return (await self._written(language)).workbook

    async def beside_workbook(self) -> str:
        """The rest of the rulebook in force, as YAML."""
        return (await self._written(self._gateway.language)).yaml

    async def dmn(self, version: str, language: Language) -> bytes:
        """The decision tables in force as a DMN file of a version, with labels in `language`."""
        return await asyncio.to_thread(write_dmn, self._gateway.rulebook, language, version)

    async def from_dmn(self, content: bytes, language: Language) -> UncheckedWorkbook:
        """The lists in force with the decision tables of a DMN file. Raises `DmnUnreadable` with each fault."""
        return await self._converted(Conversion(language=language), self._gateway.rulebook, content)

    async def check_workbook(self, draft: UncheckedWorkbook, on: date, language: Language) -> CheckedWorkbook:
        """Check an uploaded workbook as `grid36 rules check` and `diff` do; remarks in `language`."""
        return await self._checks.check(self._job(on, language), self._known, (draft.workbook, draft.yaml))

    async def sheets(self, draft: str) -> tuple[ListSheet, ...]:
        """The rows of a draft as JSON, sheet by sheet.

        In a thread, as one row: for 6,000 rows it takes 0.3 s, in which the gateway stands still for 0.05 s. A process
        of its own would take twice as long.
        """
        return await asyncio.to_thread(lambda: sheets_of(Rulebook.model_validate_json(draft)))

    async def row(self, draft: str, sheet: str, number: int, language: Language) -> EditableRow:
        """One of its rows. Raises `RowElsewhere`."""
        return await asyncio.to_thread(lambda: row_of(Rulebook.model_validate_json(draft), sheet, number, language))

    async def with_row(
        self, draft: str, sheet: str, number: int, id: str, cells: Sequence[str], language: Language
    ) -> UncheckedWorkbook:
        """The draft with other cells in this row. Raises `RowUnreadable` and `RowElsewhere`."""
        row = ChangedRow(sheet=sheet, number=number, id=id, cells=tuple(cells))
        return await self._checks.convert(Conversion(language=language, row=row), draft)

    async def check_rulebook(self, rulebook: str, on: date) -> ListCheck:
        """The same for a whole rulebook as JSON."""
        return (await self._checks.check(self._job(on, self._gateway.language), self._known, rulebook)).check

    async def explain(self, question: ListQuestion, draft: str | None, language: Language) -> tuple[str, ...]:
        """What would become of it by the list in force, or by a draft as JSON: lines, as `rules explain` says them."""
        return await self._checks.explain(ExplainJob(question=question, language=language), self._known, draft)

    async def backtest(self, draft: str, from_ms: int, to_ms: int) -> ListBacktest:
        """What would have become of the cases of a period (ms UTC) by a draft as JSON."""
        job = BacktestJob(from_ms=from_ms, to_ms=to_ms, ledger=str(self._ledger))
        return await self._checks.backtest(job, self._known, draft)

    async def earlier(self) -> EarlierList | None:
        """The version before the one in force; None when that is the first."""
        return await self._switches.earlier()

    @property
    def switches(self) -> int:
        """How many switches there are, past and planned, as far as the log was read."""
        return max(0, len(self._heard.versions(0)) - 1)

    async def activate(self, order: ActivationOrder) -> int:
        """Switch to a list, once for its id; the moment (ms UTC)."""
        return await self._switches.activate(order)

    async def apply_change(self, case: Case, by: str) -> int:
        """Bring the change that an approved case proposes into the lists in force and planned; the moment (ms UTC)."""
        return await self._switches.apply_change(case, by)

    async def _check_switch(self, region: Region, rulebook: Rulebook, on: date | None) -> ListCheck:
        """A list that is to come into force, for its own region."""
        on = on or day_of(self._gateway.clock(), ZoneInfo(region.zone))
        known = self._known.model_copy(update={"region": region})
        text = await asyncio.to_thread(rulebook.model_dump_json)
        return (await self._checks.check(self._job(on, self._gateway.language), known, text)).check

    def _job(self, on: date, language: Language) -> CheckJob:
        return CheckJob(on=on, t_ms=self._gateway.clock(), language=language, ledger=str(self._ledger))

    @property
    def _known(self) -> KnownSystem:
        gateway = self._gateway
        return KnownSystem.model_construct(  # checked when it came
            system=gateway.system, region=gateway.region, rulebook=gateway.rulebook, past_names=gateway.past_names
        )

    async def _written(self, language: Language) -> UncheckedWorkbook:
        """The files of the rulebook in force; the last ones are kept."""
        rulebook, known = self._gateway.rulebook, self._files
        if known is None or known[0] is not rulebook or known[1] is not language:
            files = await self._converted(Conversion(language=language), rulebook)
            known = self._files = (rulebook, language, files)
        return known[2]

    async def _converted(self, job: Conversion, rulebook: Rulebook, tables: bytes | None = None) -> UncheckedWorkbook:
        return await self._checks.convert(job, await asyncio.to_thread(rulebook.model_dump_json), tables)
