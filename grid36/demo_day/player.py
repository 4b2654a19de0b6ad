"""Plays the people of a day through the gateway, as anybody would: reports, supplements, acts and absences."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any, Final

from grid36.demo_day.plan import Absent, Acted, Announced, DayMoment, DayPlan, Reported, Supplied
from grid36.gateway.client import GatewayClient, quoted
from schemas.directory import Directory
from schemas.errors import Grid36Error
from schemas.people import Power, Role
from schemas.region import Region
from schemas.rights import CaseRole

PATIENCE_S: Final = 30.0
AWAY: Final = timedelta(days=1)
ON_THE_WAY: Final = frozenset({"accepted", "submitted", "moved"})
FAILED: Final = "failed"
UNKNOWN: Final = "unknown"

Photo = Callable[[int, str], Path]
"""A picture by number, no two alike: of trouble of this category, or of the clean place when there is none."""
Tell = Callable[[DayMoment, Announced, str], None]
"""Told of each line, with the number of its case, or nothing."""


class DayPlayer:
    """Does what a plan says. `outcomes` counts by what was done and what became of it; nothing is raised."""

    def __init__(
        self, gateway: GatewayClient, region: Region, plan: DayPlan, photo: Photo, tell: Tell,
        clock: Callable[[], float] = time,
    ) -> None:  # fmt: skip
        """`clock` gives the system's time in seconds."""
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.numbers: dict[str, str] = {}
        """Case number by the name in the plan."""
        self._gateway, self._plan, self._photo, self._tell = gateway, plan, photo, tell
        self._clock = clock
        self._directory = Directory(region)
        self._reports: dict[str, str] = {}
        self._pictures = 0

    async def do(self, moment: DayMoment) -> None:
        """Do one thing, and wait until it is decided."""
        try:
            await self._do(moment)
        except Grid36Error:  # the day goes on when Kafka or the gateway is away for a while
            what = moment.what
            self.outcomes[what.act.value if isinstance(what, Acted) else type(what).__name__.lower(), FAILED] += 1

    @property
    def confirmed(self) -> list[str]:
        """Ids of the reports that were said to be received."""
        return list(self._reports.values())

    @property
    def wrong(self) -> int:
        """How much did not go as planned; that the list refuses a report is planned."""
        amiss = {FAILED, UNKNOWN, *ON_THE_WAY}
        return sum(
            n for (what, became), n in self.outcomes.items()
            if became in amiss or (became == "refused" and what != "reported")
        )  # fmt: skip

    async def _do(self, moment: DayMoment) -> None:
        match moment.what:
            case Announced() as line:
                self._tell(moment, line, self.numbers.get(line.case, ""))
            case Absent() as absent:
                await self._absent(absent)
            case Reported() as told:
                await self._report(told)
            case Supplied() as more:
                await self._supply(more)
            case Acted() as act:
                await self._act(act)

    async def _absent(self, absent: Absent) -> None:
        now = datetime.fromtimestamp(self._clock(), UTC)
        who = {"person": absent.person, "cover": absent.cover, "by": absent.person}
        times = {"from": now.isoformat(), "until": (now + AWAY).isoformat()}
        sent = await self._gateway.post("/api/covers", {**who, **times})
        self.outcomes["absent", await self._decided(f"/api/acts/{quoted(sent['cover'])}")] += 1

    async def _report(self, told: Reported) -> None:
        fields = {"text": told.text, "address": told.address, "reporter": told.by, "door": "cli", "fixed": told.fixed}
        after = [self._picture()] if told.fixed else []
        sent = await self._gateway.post("/api/reports", fields, [self._picture(told.category)], after)
        self._reports[told.case] = sent["report"]
        await self._placed(told.case, "reported", ON_THE_WAY)

    async def _supply(self, more: Supplied) -> None:
        report = self._reports.get(more.case, UNKNOWN)
        fields: dict[str, object] = {
            "address": more.address,
            "reporter": self._plan.reporters[more.case],
            "door": "cli",
        }
        await self._gateway.post(f"/api/reports/{quoted(report)}/supplement", fields)
        await self._placed(more.case, "supplied", ON_THE_WAY | {"needs_information"})

    async def _placed(self, case: str, what: str, before: frozenset[str]) -> None:
        """Wait until a report is in another state than one of these."""
        path = f"/api/reports/{quoted(self._reports.get(case, UNKNOWN))}"
        answer = await self._gateway.until(path, lambda found: found["state"] not in before, PATIENCE_S)
        self.outcomes[what, str((answer or {}).get("state", UNKNOWN))] += 1
        if answer and answer["case"]:
            self.numbers[case] = str(answer["case"])

    async def _act(self, act: Acted) -> None:
        if act.case not in self.numbers:  # nobody answered when it was reported
            await self._placed(act.case, "reported", ON_THE_WAY)
        number = self.numbers.get(act.case, UNKNOWN)
        found = await self._gateway.get(f"/api/cases/{quoted(number)}") or {"case": {}}
        by = self._who(act, found["case"])
        photos = [self._picture()] if act.shows else []
        path = f"/api/cases/{quoted(number)}/acts"
        sent = await self._gateway.post(path, {"act": act.act, "by": by, "door": "cli", **dict(act.fields)}, photos)
        self.outcomes[act.act.value, await self._decided(f"{path}/{quoted(sent['act'])}")] += 1

    async def _decided(self, path: str) -> str:
        answer = await self._gateway.until(path, lambda found: found["state"] != "accepted", PATIENCE_S)
        return str((answer or {}).get("state", UNKNOWN))

    def _who(self, act: Acted, case: dict[str, Any]) -> str | None:
        """Whoever has the role in the case now."""
        reporter, assignee = self._plan.reporters[act.case], case.get("assignee")
        found: dict[CaseRole, Callable[[], str | None]] = {
            CaseRole.REPORTER: lambda: reporter,
            CaseRole.EXECUTOR: lambda: case.get("executor"),
            CaseRole.SUPERIOR: lambda: self._superior(case),
            CaseRole.ASSISTANT: lambda: self._directory.desks.get(act.department),
            CaseRole.COORDINATOR: lambda: self._holder(Power.COORDINATION),
            CaseRole.EVALUATOR: lambda: self._holder(Power.EVALUATION),
            CaseRole.INSPECTOR: lambda: self._inspector or reporter,
        }
        return found[act.role]() or assignee if act.role in found else assignee

    def _superior(self, case: dict[str, Any]) -> str | None:
        """Somebody on the grid's ladder who has not the case; the second, who is above more than one grid."""
        ladder = self._directory.ladder_of((case.get("place") or {}).get("grid"))
        above = [person for person in ladder if person != case.get("assignee")]
        return above[min(1, len(above) - 1)] if above else self._directory.region.fallback_owner

    @property
    def _inspector(self) -> str | None:
        return next((each.id for each in self._directory.region.persons if Role.INSPECTOR in each.roles), None)

    def _holder(self, power: Power) -> str | None:
        """The street office, where it holds the power."""
        holders, offices = self._directory.holders(power), self._directory.offices
        return next((person for person in offices if person in holders), holders[0] if holders else None)

    def _picture(self, category: str = "") -> Path:
        self._pictures += 1
        return self._photo(self._pictures, category)
