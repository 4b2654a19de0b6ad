"""Writes the day of a region from a seed: normal cases in the rhythm of a day, scenes, and a storm hour. Pure."""

from random import Random
from typing import Final

from grid36.demo_day import words
from grid36.demo_day.diary import BEGINS, ENDS, Diary
from grid36.demo_day.plan import DayMoment, DayPlan, Reported
from grid36.demo_day.scenes import FLOOD, SCENES, in_the_storm, whistle
from grid36.demo_day.street_people import StreetPeople
from grid36.demo_day.words import KindOfTrouble
from schemas.command import Act
from schemas.names import Language
from schemas.region import Region
from schemas.rights import CaseRole
from schemas.rulebook import Rulebook

RHYTHM: Final = (3, 8, 9, 6, 5, 4, 2, 3, 5, 5, 4, 4, 3, 2)
"""How much is reported in each hour, from the first one on."""
QUIET: Final = 120
"""Minutes after which the terminal says again where the day is."""
STORM_BEGINS: Final = (13 * 60 + 30, 16 * 60)
"""In the afternoon, so that what it brings can be cleared before the night."""
STORM_MINUTES: Final = 60
STORM_RATES: Final = (12.0, 20.0)
"""How many times the mean rate of the day's other reports come in the storm hour."""
MOST_IN_STORM: Final = 64
TWICE_IN_STORM: Final = 0.25
STILL_OPEN: Final = 30
"""Minutes for which a flooded place is surely not done yet, so that who reports it again follows it."""
REWORKED: Final = 0.08
LEFT_OPEN: Final = 0.05


def can_play(rulebook: Rulebook) -> bool:
    """Whether a rulebook has the categories and whistles that the day is about."""
    kinds = {each.category for each in (*words.USUAL, *words.STORM)}
    single = (words.REFUSED, words.TWICE, words.TOO_MUCH, words.WHOLE_BLOCK, words.UNSIGNED)
    known = {each.id for each in rulebook.categories}
    return kinds | {category for category, _ in single} <= known and FLOOD[0] in {w.id for w in rulebook.whistles}


def write_day(
    region: Region, seed: int, *, busy: str = "", normal: int | None = None, language: Language = Language.ZH
) -> DayPlan:
    """The plan of a day: the same for the same arguments.

    `busy` plays elsewhere and gets nothing; `normal` is the number of cases besides scenes and storm, `language` what
    people write in.
    """
    chance = Random(seed)
    diary = Diary(StreetPeople(region, chance, busy, language), chance)
    storm = chance.randrange(*STORM_BEGINS, 10)
    for scene in SCENES:
        scene(diary)
    _usual(diary, chance.randint(18, 32) if normal is None else normal)
    hours = (ENDS - BEGINS) / 60
    rate = chance.uniform(*STORM_RATES)
    _storm(diary, storm, min(round(len(diary.reporters) / hours * rate), MOST_IN_STORM))
    diary.tell(BEGINS, "begins", n=len(diary.reporters))
    for hour in range(BEGINS + QUIET, ENDS, QUIET):
        reported = [each for each in diary.moments if isinstance(each.what, Reported) and each.minute <= hour]
        diary.tell(hour, "so_far", n=len(reported))
    moments = tuple(sorted(diary.moments, key=lambda moment: (moment.minute, _rank(moment))))
    return DayPlan(seed, BEGINS, ENDS, (storm, storm + STORM_MINUTES), moments, diary.reporters)


def _rank(moment: DayMoment) -> int:
    """At the same minute the day begins first, and a report comes before what is said of it."""
    return 0 if getattr(moment.what, "key", "") == "begins" else 1 + (not isinstance(moment.what, Reported))


def _usual(diary: Diary, count: int) -> None:
    weights = [kind.weight for kind in words.USUAL]
    hours = diary.chance.choices(range(len(RHYTHM)), RHYTHM, k=count)
    for n, hour in enumerate(sorted(hours)):
        kind = diary.chance.choices(words.USUAL, weights)[0]
        minute = BEGINS + (hour + diary.chance.random()) * 60
        case = diary.report(minute, kind.category, diary.chance.choice(kind.texts))
        minute = diary.signed(case, minute)
        if diary.chance.random() < 0.5:
            minute = diary.contacted(case, minute)
        rework = n in {1, count // 2} or diary.chance.random() < REWORKED
        if rework or diary.chance.random() > LEFT_OPEN:
            diary.worked(case, minute, kind, rework=rework)


def _storm(diary: Diary, begins: int, count: int) -> None:
    diary.tell(begins, "storm")
    diary.tell(begins + STORM_MINUTES, "storm_over")
    weights = [kind.weight for kind in words.STORM]
    minutes = sorted(
        diary.chance.triangular(begins + 0.5, begins + STORM_MINUTES - 0.5, begins + 20) for _ in range(count)
    )
    in_the_storm(diary, begins)
    flooded: list[tuple[float, str]] = []
    for n, minute in enumerate(minutes):
        kind = words.FLOODING if n == 0 else diary.chance.choices(words.STORM, weights)[0]
        text = diary.chance.choice(kind.texts)
        open_still = [name for at, name in flooded if minute - at < STILL_OPEN]
        if kind is words.FLOODING and open_still and diary.chance.random() < TWICE_IN_STORM:
            diary.report(minute, kind.category, text, again=diary.chance.choice(open_still))
            continue
        case = diary.report(minute, kind.category, text)
        if kind is words.FLOODING:
            flooded.append((minute, case))
        first = n == 0  # it is seen to at once, and the street office whistles
        signed = diary.signed(case, minute, (2, 4) if first else (3, 16))
        signed = diary.contacted(case, signed, (2, 4) if first else (5, 25))
        if first:
            whistle(diary, case, signed, FLOOD, words.STORM_WHISTLED)
        _cleared(diary, case, kind, signed)


def _cleared(diary: Diary, case: str, kind: KindOfTrouble, minute: float) -> None:
    """A burst pipe is fenced off and repaired, and the road stays open; everything else is done the same day."""
    if kind is not words.BURST_PIPE:
        diary.worked(case, minute, kind, (35, 150))
        return
    for step in ("fence", "repair"):
        minute = diary.act(diary.after(minute, (15, 70)), case, Act.MILESTONE, CaseRole.ASSIGNEE, {"to": step})
