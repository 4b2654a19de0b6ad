"""A first look at a file of past cases, without a system: usable rows, unusable rows, and examples."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from grid36.replay.facts import located
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.rows import PastRow
from grid36.replay.file.source import SourceFile
from grid36.replay.plan import ReplayPlan, make_plan
from grid36.replay.summary import found, lines, listed
from rules.places.region_index import RegionIndex
from schemas.command import RecordWhat
from schemas.names import Language
from schemas.region import Region
from texts.catalogue import catalogue, say

EXAMPLES: Final = 5
_MOST_TEXT: Final = 80
_FACTS: Final = (RecordWhat.OPENED, RecordWhat.ACKNOWLEDGED, RecordWhat.MERGED, RecordWhat.CLOSED)


def look(file: Path, mapping: Mapping, region: Region | None, limit: int | None, language: Language) -> dict[str, Any]:
    """The answer for programs; places are looked up only where a region is given.

    Raises `WrongFile` and `WrongMapping` as a replay would.
    """
    with SourceFile(file, mapping, region.box if region else None) as source:
        plan = make_plan(source, limit)
        facts, places = plan.counts(), Counter[str]()
        examples: list[dict[str, Any]] = []
        index = RegionIndex(region) if region else None
        for row in plan.usable():
            grid = _placed(row, index, places) if index else None
            if len(examples) < EXAMPLES:
                examples.append(_example(row, grid, plan))
            elif index is None:
                break
        return found(plan, language) | {
            "come_in": facts[RecordWhat.OPENED],
            "facts": {what.value: facts[what] for what in _FACTS},
            "region": region.code if region else None,
            "places": dict(places) if region else None,
            "examples": examples,
        }


def _placed(row: PastRow, index: RegionIndex, places: Counter[str]) -> str | None:
    _, place, trouble = located(index, row)
    places["found" if trouble is None else str(trouble.reason)] += 1
    return place.grid if place else None


def _example(row: PastRow, grid: str | None, plan: ReplayPlan) -> dict[str, Any]:
    """A row as it would be imported, without empty fields."""
    mapping, coordinates = plan.source.mapping, row.place.coordinates
    times = (
        ("reported_at", row.reported_ms, RecordWhat.OPENED),
        ("acknowledged_at", row.acknowledged_ms, RecordWhat.ACKNOWLEDGED),
        ("closed_at", row.closed_ms, RecordWhat.CLOSED),
        ("due_at", row.due_ms, None),
    )
    fields = {
        "row": row.number,
        "id": row.report,
        **{
            name: _time(at_ms, mapping.times[name].zone, by_day=what in row.by_day)
            for name, at_ms, what in times
            if at_ms
        },
        "category": row.category,
        "kind": row.kind.value if mapping.kind else None,
        "department": f"{row.department.code} ({row.department.name})" if row.department else None,
        "lat": coordinates.lat if coordinates else None,
        "lon": coordinates.lon if coordinates else None,
        "address": row.place.address,
        "code": row.place.code,
        "grid": grid,
        "attributes": dict(row.attributes),
        "merged_into": plan.masters.get(row.number),
        "reporter": row.reporter if mapping.reporter else None,
        "text": row.text[:_MOST_TEXT],
    }
    return {name: value for name, value in fields.items() if value not in (None, "", {})}


def _time(at_ms: int, zone: str | None, *, by_day: bool) -> str:
    when = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone or "UTC"))
    return when.date().isoformat() if by_day else when.isoformat(timespec="seconds")


def look_lines(answer: dict[str, Any], language: Language) -> list[str]:
    """The same for people."""
    found = lines(answer, language)
    facts = listed(
        (f"{say(language, f'replay.fact.{what}')} {answer['facts'][what]}" for what in _FACTS if answer["facts"][what]),
        language,
    )
    counts = {"come_in": answer["come_in"], "rows": answer["rows"]}
    if facts:
        found.append(say(language, "replay.look.come_in", **counts, facts=facts))
    else:
        found.append(say(language, "replay.look.none_come_in", **counts))
    found.append(_place_line(answer, language))
    if answer["examples"]:
        found.append(say(language, "replay.look.first_rows"))
        found += [
            "  " + "  ".join(f"{name}={_shown(value)}" for name, value in each.items()) for each in answer["examples"]
        ]
    return found


def _place_line(answer: dict[str, Any], language: Language) -> str:
    if answer["places"] is None:
        return say(language, "replay.look.no_region")
    places = dict(answer["places"])
    counts = {"region": answer["region"], "found": places.pop("found", 0)}
    if not places:
        return say(language, "replay.look.places", **counts)
    words = catalogue("replay", language)
    missing = listed((f"{words.get(f'trouble.{why}', why)} {n}" for why, n in places.items()), language)
    return say(language, "replay.look.uncertain_places", **counts, missing=missing)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{name}:{text}" for name, text in value.items())
    return str(value).replace("\n", " / ")
