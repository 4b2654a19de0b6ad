"""Writes the example region, an invented street: `python -m tests.generators.street regions/example`.

Five by two grids; roads along and through them; lanes inside; every name is made up but the sample
address of the story, Hubin South Road 12. People edit the files afterwards; the rulebook and the calendar are not made
here.
"""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from tests.generators import street_people as people

WEST, SOUTH, WIDE, HIGH = 118.08, 24.46, 0.0032, 0.0028
COLUMNS, ROWS = 5, 2
KERB = 0.00008  # half of a wide road, degrees

EAST_WEST = {  # height in grids: code, zh, en
    0.0: ("HBN", "湖滨南路", "Hubin South Road"),
    0.5: ("YFL", "云帆路", "Cloudsail Road"),
    1.0: ("CSL", "潮声路", "Tidesound Road"),
    1.5: ("LYL", "鹭影路", "Egret Shade Road"),
    2.0: ("JDL", "橘灯路", "Orange Lantern Road"),
}
TWO_SIDED = "CSL"  # so wide that each side has its own segments and people
NORTH_SOUTH = (
    ("XMJ", "西门街", "West Gate Street"),
    ("CGJ", "晨光街", "Dawn Street"),
    ("SBJ", "拾贝街", "Shellpicker Street"),
    ("WFJ", "望帆街", "Sailwatch Street"),
    ("TYJ", "听雨街", "Rainlisten Street"),
    ("JWJ", "金瓦街", "Golden Tile Street"),
)
RIVER_SIDE = "西门街"  # the western edge of the region is a river bank
LANES_PER_GRID = 3
NUMERALS = "一二三四五六七八九十"

Point = tuple[float, float]


def point(x: float, y: float, north: float = 0.0) -> Point:
    """Degrees of a place counted in grids from the south-west corner."""
    return round(WEST + x * WIDE, 6), round(SOUTH + y * HIGH + north, 6)


def grid_at(column: float, row: float) -> str:
    """Id of the grid that holds a place counted in grids."""
    return people.grid_id(min(int(column), COLUMNS - 1) + COLUMNS * min(int(row), ROWS - 1))


def square(x: float, y: float, size: float) -> list[list[Point]]:
    """One polygon."""
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return [[point(*corner) for corner in corners]]


def numeral(n: int) -> str:
    """1 to 99 in Chinese."""
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return head + (NUMERALS[ones - 1] if ones else "")


def segments() -> Iterator[dict[str, Any]]:
    """Every road segment with its line and house numbers."""
    for (y, (code, zh, en)), c in product(EAST_WEST.items(), range(COLUMNS)):
        first, last = 40 * c + 1, 40 * c + 40
        line = [(c, y), (c + 0.5, y), (c + 1, y)]
        name = {"road_zh": zh, "road_en": en}
        if code == TWO_SIDED:
            north, south = ([point(*p, side * KERB) for p in line] for side in (1, -1))
            yield name | {"id": f"{code}-{c + 1}N", "grid": grid_at(c, y), "line": north, "odd": (first, last - 1)}
            yield name | {"id": f"{code}-{c + 1}S", "grid": grid_at(c, y - 1), "line": south, "even": (first + 1, last)}
        else:
            made = {"id": f"{code}-{c + 1}", "grid": grid_at(c, y), "line": [point(*p) for p in line]}
            yield name | made | {"odd": (first, last - 1), "even": (first + 1, last)}
    for (x, (code, zh, en)), r in product(enumerate(NORTH_SOUTH), range(ROWS)):
        made = {"id": f"{code}-{r + 1}", "grid": grid_at(x, r), "line": [point(x, r), point(x, r + 1)]}
        sides = {"odd": (30 * r + 1, 30 * r + 29), "even": (30 * r + 2, 30 * r + 30)}
        yield {"road_zh": zh, "road_en": en} | made | sides
    for n in range(COLUMNS * ROWS * LANES_PER_GRID):
        grid, k = divmod(n, LANES_PER_GRID)
        across, up = grid % COLUMNS + 0.25 * (k + 1), grid // COLUMNS + 0.5 * (k % 2)
        yield {
            "id": f"LANE-{n + 1:02}", "road_zh": f"云帆{numeral(n + 1)}巷", "road_en": f"Cloudsail Lane {n + 1}",
            "grid": people.grid_id(grid), "line": [point(across, up + 0.05), point(across, up + 0.45)],
            "both": (1, 24),
        }  # fmt: skip


LANDMARKS = (
    ("park", "示例公园", "Sample Park", "大公园;街心公园", 0.6, 0.3, ""),
    ("school", "云帆小学", "Cloudsail Primary School", "小学", 1.4, 0.7, "YFL-2"),
    ("market", "潮声菜市场", "Tidesound Market", "菜市场", 2.5, 0.97, "CSL-3S"),
    ("metro-a", "鹭影地铁站A口", "Egret Shade Metro Exit A", "地铁A口", 3.2, 1.5, "LYL-4"),
    ("metro-b", "鹭影地铁站B口", "Egret Shade Metro Exit B", "地铁B口", 3.8, 1.5, "LYL-4"),
    ("service", "街道便民服务中心", "Street Service Centre", "便民中心;街道办", 2.1, 0.48, "YFL-3"),
    ("library", "橘灯书屋", "Orange Lantern Reading Room", "书屋", 4.3, 1.98, "JDL-5"),
    ("pump", "西门泵站", "West Gate Pumping Station", "", 0.02, 1.2, "XMJ-2"),
    ("square", "望帆广场", "Sailwatch Square", "广场", 3.05, 0.6, ""),
    ("clinic", "云帆卫生站", "Cloudsail Clinic", "卫生站", 1.9, 1.4, ""),
)
ALIASES = (
    ("湖滨南大道", "湖滨南路"), ("南湖路", "湖滨南路"), ("Hubin Nanlu", "湖滨南路"), ("Hubin Nan Road", "湖滨南路"),
    ("老潮路", "潮声路"), ("Yunfan Road", "云帆路"), ("Chaosheng Road", "潮声路"), ("西门外", "西门街"),
)  # fmt: skip

HEAD: dict[str, Any] = {
    "code": "350203006",
    "name": {"zh": "示例街道", "en": "Sample Street"},
    "zone": "Asia/Shanghai",
    "gcj": True,
    "positions": "wgs84",
    "within": ["示例市", "示例区", "Sample City"],
    "languages": ["zh-CN", "en"],
    "default_points": [{"lon": 118.0888, "lat": 24.4628, "datum": "gcj02"}],
    "fallback_owner": "duty-desk",
    "fallback_department": "street-office",
    "importers": ["replay", "hotline", "grid-platform", "sanitation"],
    "messages": [{"quiet": None}],
    "powers": [
        {"power": "coordination", "roles": ["street_office", "street_chief", "coordinator"]},
        {"power": "evaluation", "roles": ["street_office", "street_chief", "coordinator"]},
        {"power": "emergency", "roles": ["street_office", "lane_chief", "street_chief", "coordinator"]},
        {"power": "list_approval", "roles": ["list_steward", "street_office"]},
    ],
    "land_kinds": [
        {"id": "river-bank", "name": {"zh": "河岸", "en": "River bank"}},
        {"id": "collective", "name": {"zh": "集体土地", "en": "Collective land"}},
    ],
    "segment_limit_m": 30,
    "outside_limit_m": 200,
}


def write(folder: Path) -> None:
    """All files of the region but its rulebook."""
    folder.mkdir(parents=True, exist_ok=True)
    _yaml(folder / "region.yaml", HEAD)
    roads = list(segments())
    grids = range(COLUMNS * ROWS)
    where = {g: (g % COLUMNS, g // COLUMNS) for g in grids}
    _features(folder / "grids.geojson", [(people.grid_id(g), {}, "Polygon", square(*where[g], 1)) for g in grids])
    _features(folder / "units.geojson", list(_units(where)))
    _features(folder / "segments.geojson", [(s["id"], {}, "LineString", s["line"]) for s in roads])
    _table(folder / "grids.csv", [people.grid(g) for g in grids])
    _table(folder / "segments.csv", [_road(s) | people.of_segment(n) for n, s in enumerate(roads)])
    _table(folder / "addresses.csv", [row for s in roads for row in _numbers(s)])
    marks = [
        dict(zip(("id", "name_zh", "name_en", "aliases"), mark[:4], strict=True)) | _at(mark) for mark in LANDMARKS
    ]
    _table(folder / "landmarks.csv", marks)
    _table(folder / "aliases.csv", [{"alias": alias, "road": road} for alias, road in ALIASES])
    _table(folder / "poles.csv", list(_poles(roads)))
    _table(folder / "people.csv", list(people.everybody()))
    _yaml(folder / "organisations.yaml", people.BODIES)


def _road(segment: dict[str, Any]) -> dict[str, Any]:
    land_kind = "river-bank" if segment["road_zh"] == RIVER_SIDE else ""
    return {column: segment[column] for column in ("id", "road_zh", "road_en", "grid")} | {"land_kind": land_kind}


def _units(where: dict[int, tuple[int, int]]) -> Iterator[tuple[str, dict[str, str], str, Any]]:
    for g, (x, y) in where.items():
        for n, (east, north) in enumerate(product((0, 0.5), repeat=2), 1):
            grid = people.grid_id(g)
            names = {"grid": grid, "name_zh": f"{grid} 第{n}单元", "name_en": f"{grid} unit {n}"}
            yield f"{grid}-{n}", names, "Polygon", square(x + east, y + north, 0.5)


def _numbers(segment: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for side in ("odd", "even", "both"):
        if side in segment:
            first, last = segment[side]
            yield {"segment": segment["id"], "first": first, "last": last, "side": side}


def _at(mark: Sequence[Any]) -> dict[str, Any]:
    lon, lat = point(mark[4], mark[5])
    return {"lon": lon, "lat": lat, "segment": mark[6]}


def _poles(roads: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One lamp post at the beginning of every second segment."""
    for n, segment in enumerate(roads[::2], 1):
        (x0, y0), (x1, y1) = segment["line"][:2]
        lon, lat = round(x0 + 0.25 * (x1 - x0), 6), round(y0 + 0.25 * (y1 - y0), 6)
        yield {"code": f"LP{n:04}", "lon": lon, "lat": lat, "segment": segment["id"]}


def _features(path: Path, rows: list[tuple[str, dict[str, str], str, Any]]) -> None:
    """One feature per line, so that a change is one line in a diff."""
    lines = [
        json.dumps(
            {"type": "Feature", "id": name, "properties": more, "geometry": {"type": kind, "coordinates": coordinates}},
            ensure_ascii=False,
        )
        for name, more, kind, coordinates in rows
    ]
    path.write_text('{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def _table(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _yaml(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
