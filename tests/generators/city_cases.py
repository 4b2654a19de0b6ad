"""A file of past cases in the shape of the New York one, and what must become of every row, written beforehand.

Everything is invented. Times are made as instants and only then written as clocks show them, so the expectation
owes nothing to the code that reads them; the weeks include the end of summer time.
"""

import csv
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from schemas.region import Region

ZONE = ZoneInfo("America/New_York")
FORMAT = "%m/%d/%Y %I:%M:%S %p"
COLUMNS = (
    "unique_key", "created_date", "closed_date", "agency", "complaint_type", "descriptor", "borough", "status",
    "incident_zip", "latitude", "longitude",
)  # fmt: skip
BEGIN = datetime(2015, 10, 24, 6, 0, tzinfo=UTC)
WEEKS = 3
WEST, SOUTH, SIDE, AREAS_WIDE, AREAS_HIGH = -40.0, 30.0, 0.02, 4, 3
CATEGORIES = {
    "Loud Kite": 30, "Blocked Stile": 25, "Stray Balloon": 20, "Noise - Marching Band": 12, "Puddle/Ditch": 8,
    "Leaning Lamp": 4, "Lost Echo": 1,
}  # fmt: skip
AGENCIES = {"KITE": "Kite Office", "LAMP": "Lamp Office", "WATER": "Water Office"}

MAPPING = """\
id: unique_key
reported_at: {column: created_date, zone: America/New_York, format: "%m/%d/%Y %I:%M:%S %p"}
closed_at:   {column: closed_date,  zone: America/New_York, format: "%m/%d/%Y %I:%M:%S %p"}
category: complaint_type
latitude: latitude
longitude: longitude
datum: wgs84
text: descriptor
department: {column: agency, values: {WATER: water-works}}
"""

Fate = Literal["closed", "open", "waiting", "parked"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What must become of a row; `seconds` from report to closing, `area` the id of its polygon."""

    id: str
    fate: Fate
    category: str
    department: str
    area: str | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class CityFile:
    """The three files, and the fate of every row in their order."""

    csv: Path
    areas: Path
    mapping: Path
    rows: list[Expected]

    def balance(self) -> dict[str, int]:
        """The shares that `grid36 balance` must show."""
        fates = Counter(row.fate for row in self.rows)
        routed = fates["closed"] + fates["open"]
        return {"accepted": len(self.rows), "routed": routed, "waiting": fates["waiting"], "parked": fates["parked"]}

    def seconds(self, fate: Fate = "closed") -> dict[str, list[int]]:
        """Seconds to resolution of the closed rows with a place, or of those that wait for one, by category."""
        found: dict[str, list[int]] = {}
        for row in self.rows:
            if row.fate == fate and row.seconds is not None:
                found.setdefault(row.category, []).append(row.seconds)
        return found


def make_city(folder: Path, rows: int = 1000, seed: int = 7) -> CityFile:
    """Write `cases.csv`, `areas.geojson` and `mapping.yaml` into `folder`; the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    made = CityFile(folder / "cases.csv", folder / "areas.geojson", folder / "mapping.yaml", [])
    made.areas.write_text(json.dumps({"type": "FeatureCollection", "features": [_area(i) for i in range(12)]}))
    made.mapping.write_text(MAPPING)
    random = Random(seed)
    written = []
    for number in range(rows):
        cells, expected = _row(random, number)
        written.append((cells, expected))
    written.sort(key=lambda pair: pair[0]["created_date"])  # as text: the order of the file is not that of time
    with made.csv.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, COLUMNS)
        out.writeheader()
        for cells, expected in written:
            out.writerow(cells)
            made.rows.append(expected)
    return made


def city_region(**changes: Any) -> Region:
    """The region of the areas, for tests that need no folder."""
    grids = []
    for i in range(AREAS_WIDE * AREAS_HIGH):
        area = _area(i)
        grids.append({
            "id": area["id"],
            "name": {"zh": area["properties"]["name"]},
            "polygons": area["geometry"]["coordinates"],
        })  # fmt: skip
    plain = {
        "code": "kites",
        "name": {"zh": "风筝城", "en": "Kite City"},
        "zone": "America/New_York",
        "box": {"west": WEST - 1, "south": SOUTH - 1, "east": WEST + 1, "north": SOUTH + 1},
        "grids": grids,
        "fallback_owner": "desk",
        "fallback_department": "kite",
        "importers": ["replay"],
    }
    return Region.model_validate(plain | changes)


def _area(i: int) -> dict[str, Any]:
    west, south = WEST + i % AREAS_WIDE * SIDE, SOUTH + i // AREAS_WIDE * SIDE
    east, north = west + SIDE, south + SIDE
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "id": f"Area_{i:02}",
        "properties": {"name": f"Invented Area {i}"},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }


def _row(random: Random, number: int) -> tuple[dict[str, str], Expected]:
    category = random.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
    agency = random.choice(list(AGENCIES))
    department = {"KITE": "kite", "LAMP": "lamp", "WATER": "water-works"}[agency]
    opened = _plain(BEGIN + timedelta(seconds=random.randrange(WEEKS * 7 * 86400)))
    seconds = int(random.lognormvariate(9.0, 1.2))
    closed = _plain(opened + timedelta(seconds=seconds))
    id = str(70_000_000 + number)
    column, row = random.randrange(AREAS_WIDE), random.randrange(AREAS_HIGH)
    lon = WEST + (column + 0.05 + 0.9 * random.random()) * SIDE
    lat = SOUTH + (row + 0.05 + 0.9 * random.random()) * SIDE
    cells = {
        "unique_key": id,
        "created_date": _clock(opened),
        "closed_date": _clock(closed),
        "agency": agency,
        "complaint_type": category,
        "descriptor": random.choice(('on the left, "north" side', "twice, at night", "第三次")),
        "borough": "INVENTED",
        "status": "Closed",
        "incident_zip": "00000",
        "latitude": repr(lat),
        "longitude": repr(lon),
    }
    seconds = round((closed - opened).total_seconds())
    good = Expected(id, "closed", category, department, f"Area_{row * AREAS_WIDE + column:02}", seconds)
    return _twisted(random, number, cells, good)


def _twisted(random: Random, number: int, cells: dict[str, str], good: Expected) -> tuple[dict[str, str], Expected]:
    """Some rows are not plain: never closed, without a place, far outside, or unusable."""
    waiting = replace(good, fate="waiting", area=None)
    parked = Expected(good.id, "parked", good.category, good.department)
    still_open = Expected(good.id, "open", good.category, good.department, good.area)
    if number in _PLANTED:
        changed, fate = _PLANTED[number]
        expected = {"parked": parked, "waiting": waiting, "open": still_open}.get(fate, good)
        if number == 4:
            # opened at 1:50 before the clocks went back, closed at 1:10 after: 20 minutes
            expected = Expected(good.id, "closed", good.category, good.department, good.area, 1200)
        return {**cells, **changed}, expected
    chance = random.random()
    if chance < 0.02:
        return {**cells, "closed_date": "", "status": "Open"}, still_open
    if chance < 0.04:
        return {**cells, "latitude": "", "longitude": ""}, waiting
    if chance < 0.05:
        return {**cells, "latitude": "31.5", "longitude": "-41.5"}, waiting
    return cells, good


_PLANTED: dict[int, tuple[dict[str, str], Fate]] = {
    0: ({"created_date": "13/45/2015 01:00:00 AM"}, "parked"),
    1: ({"closed_date": "yesterday"}, "open"),
    2: ({"created_date": "11/02/2015 10:00:00 AM", "closed_date": "11/02/2015 09:59:59 AM"}, "open"),
    3: ({"unique_key": ""}, "parked"),
    4: ({"created_date": "11/01/2015 01:50:00 AM", "closed_date": "11/01/2015 01:10:00 AM"}, "closed"),
    5: ({"latitude": "91", "longitude": "0"}, "waiting"),
    6: ({"latitude": "north", "longitude": "west"}, "waiting"),
}


def _plain(when: datetime) -> datetime:
    """The instant, or three hours later where the clocks would show it a second time."""
    return when + timedelta(hours=3) if when.astimezone(ZONE).fold else when


def _clock(when: datetime) -> str:
    return when.astimezone(ZONE).strftime(FORMAT)
