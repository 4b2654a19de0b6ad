"""A first look at a file of past cases, without a system: what would come in, what would not, and the first rows."""

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
from grid36.replay.summary import found, lines
from rules.places.region_index import RegionIndex
from schemas.command import RecordWhat
from schemas.names import Language
from schemas.region import Region

EXAMPLES: Final = 5
_MOST_TEXT: Final = 80
_FACTS: Final = {
    RecordWhat.OPENED: ("上报", "reported"),
    RecordWhat.ACKNOWLEDGED: ("签收", "acknowledged"),
    RecordWhat.MERGED: ("并案", "merged"),
    RecordWhat.CLOSED: ("结案", "closed"),
}
_TROUBLES: Final = {
    "outside": ("在地区之外", "outside the region"),
    "no_place": ("没有地点", "no place given"),
    "impossible": ("坐标无法使用", "unusable coordinates"),
    "default_point": ("默认点位", "a default point"),
    "unknown_address": ("地址不认识", "unknown address"),
    "unknown_code": ("编码不认识", "unknown code"),
    "ambiguous": ("地点不唯一", "several places match"),
}


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
    """A row as it would become, without what it does not say."""
    mapping, coordinates = plan.source.mapping, row.place.coordinates
    times = (
        ("reported_at", row.reported_ms, RecordWhat.OPENED),
        ("acknowledged_at", row.acknowledged_ms, RecordWhat.ACKNOWLEDGED),
        ("closed_at", row.closed_ms, RecordWhat.CLOSED),
        ("due_at", row.due_ms, None),
    )
    told = {
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
    return {name: value for name, value in told.items() if value not in (None, "", {})}


def _time(at_ms: int, zone: str | None, *, by_day: bool) -> str:
    when = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone or "UTC"))
    return when.date().isoformat() if by_day else when.isoformat(timespec="seconds")


def look_lines(answer: dict[str, Any], language: Language) -> list[str]:
    """The same for people."""
    zh = language is Language.ZH
    told = lines(answer, language)
    facts = ("，" if zh else ", ").join(
        f"{words[not zh]} {answer['facts'][what]}" for what, words in _FACTS.items() if answer["facts"][what]
    )
    told.append(
        f"会接收 {answer['come_in']} 件（共 {answer['rows']} 行）：{facts}"
        if zh
        else f"Would come in: {answer['come_in']} of {answer['rows']} rows; facts: {facts or 'none'}"
    )
    told += _place_lines(answer, zh=zh)
    if answer["examples"]:
        told.append("前几行会成为：" if zh else "The first rows would become:")
        told += [
            "  " + "  ".join(f"{name}={_shown(value)}" for name, value in each.items()) for each in answer["examples"]
        ]
    return told


def _place_lines(answer: dict[str, Any], *, zh: bool) -> list[str]:
    if answer["places"] is None:
        return [
            "未查找地点：用 --region 指定地区" if zh else "Places were not looked up: name the region with --region"
        ]
    places = dict(answer["places"])
    here = places.pop("found", 0)
    missing = ("，" if zh else ", ").join(f"{_TROUBLES.get(why, (why, why))[not zh]} {n}" for why, n in places.items())
    if zh:
        return [f"地点（{answer['region']}）：找到 {here}" + (f"；未能确定：{missing}" if missing else "")]
    return [f"Places in {answer['region']}: {here} found" + (f"; not certain: {missing}" if missing else "")]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{name}:{text}" for name, text in value.items())
    return str(value).replace("\n", " / ")
