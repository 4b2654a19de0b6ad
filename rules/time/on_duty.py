"""Who is on duty at a moment: by a duty 值守 whose window is open, or by a shift of their own organisation."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rules.time.working import in_shift
from schemas.directory import Directory
from schemas.duty import Duty
from schemas.rulebook import Rulebook

DAY_MS = 86_400_000


class DutyRota:
    """Of one region and rulebook. Absences are not known here."""

    def __init__(self, directory: Directory, rulebook: Rulebook) -> None:
        self._directory, self._duties = directory, rulebook.duties
        region = directory.region
        self._zone, self._calendar = ZoneInfo(region.zone), region.calendar
        own = region.calendar.organisations if region.calendar is not None else ()
        self._shifts = {each.organisation for each in own}
        """Organisations with hours of their own."""
        self._grid_of = {each.id: each.id for each in region.grids}
        self._grid_of |= {each.id: each.grid for each in region.units}
        self._grid_of |= {each.id: each.grid for each in region.segments}
        self._crews: dict[str, str] = {}
        self._near: dict[str, list[str]] = {}
        for grid in region.grids:
            self._near[grid.id] = [each for each in (grid.head, *grid.workers, *grid.ladder) if each]
        for segment in region.segments:
            self._near.setdefault(segment.grid, []).extend(filter(None, (segment.owner, *segment.executors)))
            if segment.crew is not None:
                self._crews |= dict.fromkeys(segment.executors, segment.crew)

    def is_on_duty(self, person: str, t_ms: int) -> bool:
        """Whether somebody is on duty now."""
        return self._in_shift(person, t_ms) or any(duty.person == person for duty in self._open(t_ms))

    def near(self, grid: str, t_ms: int) -> tuple[tuple[str, ...], ...]:
        """Who is on duty for a grid, the nearest first: duties there, shifts of those who work there, duties elsewhere,
        shifts of offices.
        """
        duties = [*self._open(t_ms)]
        here = [duty.person for duty in duties if self._grid_of.get(duty.place) == grid]
        at_work = [each for each in self._near.get(grid, ()) if self._in_shift(each, t_ms)]
        offices = [each for each in self._directory.offices if self._in_shift(each, t_ms)]
        tiers = (here, at_work, [duty.person for duty in duties], offices)
        return tuple(tuple(dict.fromkeys(tier)) for tier in tiers if tier)

    def _open(self, t_ms: int) -> Iterator[Duty]:
        for duty in self._duties:
            begun = duty.begun(t_ms - DAY_MS, t_ms, self._zone, self._calendar)
            if any(t_ms < each.end_ms for each in begun):
                yield duty

    def _in_shift(self, person: str, t_ms: int) -> bool:
        known = self._directory.person(person)
        bodies = {known.department if known is not None else None, self._crews.get(person)}
        return any(in_shift(t_ms, self._calendar, body) == t_ms for body in bodies & self._shifts)
