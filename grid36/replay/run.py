"""Runs a replay, from its files to the summary of where the rows went."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grid36.replay.agreement import agreement_lines, agreements
from grid36.replay.file.mapping_file import read_mapping
from grid36.replay.file.source import SourceFile
from grid36.replay.history import Progress, replay_history
from grid36.replay.live_import import LiveCounts, replay_through_reports
from grid36.replay.plan import ReplayPlan, make_plan, some_come_in
from grid36.replay.position import ReplayPosition
from grid36.replay.summary import found
from grid36.replay.summary import lines as summary
from grid36.settings import Settings
from schemas.days import DAY_FORM, YEARS
from schemas.errors import WrongInput
from schemas.names import Language
from schemas.region import Region
from texts.catalogue import say


class WrongUntil(WrongInput):
    """This is not a time. Write --until as ISO 8601, e.g. 2016-01-31T00:00-05:00; without offset it is in the
    region's zone.
    """


class DecideIsForHistory(WrongInput):
    """A live system decides by its own rulebook anyway. Leave out --decide, or --through reports."""


@dataclass(frozen=True, slots=True)
class Options:
    """The flags of `grid36 replay`; `speed` is how many times faster than life, None as fast as possible."""

    through_reports: bool = False
    decide: bool = False
    speed: float | None = None
    until: str | None = None
    limit: int | None = None


async def replay_file(
    file: Path, mapping: Path, region: Region, settings: Settings, servers: str, options: Options, progress: Progress
) -> str:
    """Replay a file; what to print at the end, the last line says how many rows went where.

    Raises `WrongInput` for files, flags and systems that do not fit, `ServiceAway` and `Standstill` for the rest.
    """
    if options.decide and options.through_reports:
        raise DecideIsForHistory
    until_ms = _until_ms(options.until, region.zone)
    progress(0, 0, "reading the file")
    with await asyncio.to_thread(SourceFile, file, read_mapping(mapping), region.box) as source:
        plan = await asyncio.to_thread(make_plan, source, options.limit)
        some_come_in(plan)
        progress(0, len(plan), "rows")
        if options.through_reports:
            return await _live(plan, region, settings, servers, options, until_ms, progress)
        return await _history(plan, region, settings, servers, options, until_ms, progress)


async def _history(
    plan: ReplayPlan,
    region: Region,
    settings: Settings,
    servers: str,
    options: Options,
    until_ms: int | None,
    progress: Progress,
) -> str:
    lines = summary(found(plan, language := Language(settings.lang)), language)
    position = await replay_history(
        plan,
        region,
        servers=servers,
        ledger=settings.ledger_address,
        prefix=settings.topic_prefix,
        replication=settings.replication,
        limit=options.limit,
        until_ms=until_ms,
        speed=options.speed,
        decide=options.decide,
        progress=progress,
    )
    if options.decide:
        lines += agreement_lines(
            await asyncio.to_thread(agreements, plan, settings.ledger_address, position.next), language
        )
    return "\n".join([*lines, _history_counts(position, settings)])


async def _live(
    plan: ReplayPlan,
    region: Region,
    settings: Settings,
    servers: str,
    options: Options,
    until_ms: int | None,
    progress: Progress,
) -> str:
    sent: LiveCounts = await replay_through_reports(
        plan,
        region,
        servers=servers,
        ledger=settings.ledger_address,
        prefix=settings.topic_prefix,
        replication=settings.replication,
        until_ms=until_ms,
        speed=options.speed,
        progress=progress,
    )
    lines = summary(found(plan, language := Language(settings.lang)), language)
    return "\n".join([*lines, say(settings.lang, "replay.run.live", n=sent.rows, **sent.model_dump())])


def _history_counts(position: ReplayPosition, settings: Settings) -> str:
    counts = position.counts
    facts = counts.model_dump() | {"rows": counts.accepted, "placed": counts.opened - counts.unplaced}
    return say(settings.lang, "replay.run.history", n=counts.accepted, **facts)


def _until_ms(text: str | None, zone: str) -> int | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text) if DAY_FORM.match(text) else None
    except ValueError:
        when = None
    if when is None or when.year not in YEARS:
        raise WrongUntil(given=text)
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(zone))
    return round(when.timestamp() * 1000)
