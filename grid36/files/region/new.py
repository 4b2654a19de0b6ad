"""Makes a usable region from shapes alone: grids, one fallback owner, the generic rulebook.

First a plan, which can still be asked about; then the folder, whole or not at all.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from grid36.files.region.files import FaultyMap, RegionFault, RegionFaults
from grid36.files.region.load import load_region
from grid36.files.region.mainland import in_mainland
from grid36.files.region.map_files import ReadingWishes, read_features
from grid36.files.region.map_shapes import Feature, has_area, polygons_of
from grid36.files.region.parts import feature_name
from grid36.files.whole_folder import whole_folder
from grid36.settings import data_folder
from rules.places.plane import Plane
from schemas.datum import Datum
from schemas.errors import WrongInput
from schemas.names import Name
from schemas.people import code_from_name
from schemas.region import Region
from schemas.topics import UNPLACED

MOST_CELLS = 100_000

FALLBACK_OWNER = "desk"
FALLBACK_DEPARTMENT = "street-office"


class FolderInUse(WrongInput):
    """The folder already holds something. Name an empty or a new folder."""


class WrongTile(WrongInput):
    """The tile cannot be cut into grids. Give W,S,E,N in WGS-84 degrees with W < E and S < N, and a larger cell."""


class WrongZone(WrongInput):
    """There is no such time zone. Use an IANA name such as Asia/Shanghai or UTC."""


@dataclass(frozen=True)
class Head:
    """What `region.yaml` says; `code` and `name` come from the folder's name where they are not given.

    `gcj` says whether maps and phones give GCJ-02 here; where nobody said, they do in mainland China. `positions` is
    the datum of positions that come without one; with `gcj` they are refused where nobody said.
    """

    code: str | None = None
    name: str | None = None
    zone: str = "UTC"
    gcj: bool | None = None
    positions: Datum | None = None


@dataclass(frozen=True)
class _Shape:
    """A grid of the new region."""

    id: str
    name: dict[str, str]
    polygons: list[Any] = field(repr=False)


@dataclass(frozen=True)
class RegionPlan:
    """The plan of a new region."""

    shapes: Sequence[_Shape]
    in_mainland: bool
    """Whether it seems to lie in mainland China."""
    notes: tuple[RegionFault, ...] = ()
    """What was left out of the file on request."""

    def write(self, folder: Path, head: Head) -> Region:
        """Write the region and load it. Raises `FolderInUse`; nothing is left behind then."""
        return _write(folder, self.shapes, replace(head, gcj=self.in_mainland if head.gcj is None else head.gcj))


def plan_region(
    path: Path, id_property: str | None = None, zone: str = "UTC", wish: ReadingWishes | None = None
) -> RegionPlan:
    """A region whose grids are the polygons of a map file.

    Grids are numbered in file order (`G001` …) where no property names their ids; in a property's
    values, white space and characters that break addresses become `_`. Raises `FaultyMap` with
    every feature that cannot be used, or `WrongZone`.
    """
    _check_zone(zone)
    faults = RegionFaults()
    wish = replace(wish or ReadingWishes(), zone=zone)
    features = [each for each in read_features(path, faults, wish) if _is_wanted(each, wish, faults)]
    shapes = list(_shapes(features, id_property, faults))
    if not shapes and not faults.found:
        faults.add(path.name, Name.of("files.map.no_polygon"))
    faults.raise_any(FaultyMap)
    return _plan(shapes, zone, tuple(faults.notes))


def plan_tiles(box: tuple[float, float, float, float], cell_m: float, zone: str = "UTC") -> RegionPlan:
    """A region of square grids of `cell_m` metres over W,S,E,N in WGS-84 degrees.

    Grids are numbered row by row from the south-west. Raises `WrongTile` or `WrongZone`.
    """
    _check_zone(zone)
    return _plan(_cells(*box, cell_m), zone)


def _plan(shapes: Sequence[_Shape], zone: str, notes: tuple[RegionFault, ...] = ()) -> RegionPlan:
    return RegionPlan(shapes, in_mainland(zone, (shape.polygons[0][0][0] for shape in shapes)), notes)


def new_region(folder: Path, path: Path, id_property: str | None = None, head: Head | None = None) -> Region:
    """Write a region from a map file, and load it; see `plan_region` and `RegionPlan.write`."""
    head = head or Head()
    return plan_region(path, id_property, head.zone).write(folder, head)


def tile_region(
    folder: Path, box: tuple[float, float, float, float], cell_m: float, head: Head | None = None
) -> Region:
    """Write a region of square grids, and load it; see `plan_tiles` and `RegionPlan.write`."""
    head = head or Head()
    return plan_tiles(box, cell_m, head.zone).write(folder, head)


def _shapes(features: Sequence[Feature], id_property: str | None, faults: RegionFaults) -> Iterator[_Shape]:
    digits = max(3, len(str(max((feature.number for feature in features), default=0))))
    seen: dict[str, int] = {}
    for feature in features:
        polygons = polygons_of(feature, faults)
        grid = f"G{feature.number:0{digits}}" if id_property is None else _named(feature, id_property, faults)
        if polygons is None or grid is None:
            continue
        if seen.setdefault(grid, feature.number) != feature.number:
            text = Name.of("files.map.id_again", grid=grid, seen=seen[grid])
            faults.add(feature.file, text, row=feature.number, column=id_property)
        yield _Shape(grid, feature_name(feature, grid), polygons)


def _is_wanted(feature: Feature, wish: ReadingWishes, faults: RegionFaults) -> bool:
    if wish.skip_empty and not has_area(feature):
        faults.note(feature.file, Name.of("files.map.no_area_left_out"), row=feature.number)
        return False
    return True


def _named(feature: Feature, id_property: str, faults: RegionFaults) -> str | None:
    """The id a feature's property gives; also the feature's own `id` by that name."""
    given = feature.properties.get(id_property)
    if id_property == "id":
        given = feature.id
    if isinstance(given, bool | list | dict):
        given = None
    elif isinstance(given, float) and given.is_integer():  # a column of numbers with a gap
        given = int(given)
    grid = re.sub(r"[\s/?#%]+", "_", str("" if given is None else given).strip())[:100]
    if not grid or grid == UNPLACED:
        faults.add(feature.file, Name.of("files.map.no_usable_id"), row=feature.number, column=id_property)
        return None
    return grid


def _cells(west: float, south: float, east: float, north: float, cell_m: float) -> list[_Shape]:
    degrees = -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not degrees or not cell_m > 0:
        raise WrongTile(box=f"{west},{south},{east},{north}", cell_m=cell_m)
    plane = Plane.at((south + north) / 2)
    columns = ceil((east - west) * plane.x_per_degree / cell_m)
    rows = ceil((north - south) * plane.y_per_degree / cell_m)
    if columns * rows > MOST_CELLS:
        raise WrongTile(cells=columns * rows, most=MOST_CELLS)
    digits = max(3, len(str(columns * rows)))
    # Every corner is computed once, so that neighbours share it to the last bit.
    lons = [west + (east - west) * c / columns for c in range(columns)] + [east]
    lats = [south + (north - south) * r / rows for r in range(rows)] + [north]
    shapes = []
    for n in range(columns * rows):
        r, c = divmod(n, columns)
        w, s, e, n_ = lons[c], lats[r], lons[c + 1], lats[r + 1]
        name = f"{n + 1:0{digits}}"
        ring = [(w, s), (e, s), (e, n_), (w, n_), (w, s)]
        shapes.append(_Shape(f"G{name}", {"zh": f"第{n + 1}网格", "en": f"Grid {n + 1}"}, [[ring]]))
    return shapes


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        raise WrongZone(zone=zone) from None


def _write(folder: Path, shapes: Sequence[_Shape], head: Head) -> Region:
    _check_zone(head.zone)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(folder=str(folder))
    with whole_folder(folder) as new:
        (new / "region.yaml").write_text(_dump(_head(folder, head)), encoding="utf-8")
        (new / "organisations.yaml").write_text(_dump(_BODIES), encoding="utf-8")
        (new / "people.csv").write_text(_PEOPLE, encoding="utf-8")
        (new / "grids.geojson").write_text(_geojson(shapes), encoding="utf-8")
        shutil.copyfile(data_folder("regions") / "generic" / "rulebook.yaml", new / "rulebook.yaml")
        return load_region(new)


def _head(folder: Path, head: Head) -> dict[str, Any]:
    name = head.name or folder.resolve().name
    return {
        "code": head.code or code_from_name(name)[:40].rstrip("-"),
        "name": {"zh": name, "en": name},
        "zone": head.zone,
        "gcj": head.gcj,
        **({"positions": head.positions.value} if head.positions else {}),
        "fallback_owner": FALLBACK_OWNER,
        "fallback_department": FALLBACK_DEPARTMENT,
        "importers": ["replay"],
        "outside_limit_m": 200,
    }


_BODIES: Mapping[str, Any] = {
    "organisations": [
        {"code": FALLBACK_DEPARTMENT, "name": {"zh": "街道办事处", "en": "Street office"}, "kind": "street"},
    ],
    "teams": [],
}
_PEOPLE = f"""id,name_zh,name_en,roles,department,team,language
{FALLBACK_OWNER},值班台（兜底）,Duty desk (fallback),street_office;segment_supervisor,{FALLBACK_DEPARTMENT},,zh-CN
"""


def _geojson(shapes: Iterable[_Shape]) -> str:
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "id": shape.id,
                "properties": {f"name_{language}": text for language, text in shape.name.items()},
                "geometry": {"type": "MultiPolygon", "coordinates": shape.polygons},
            },
            ensure_ascii=False,
        )
        for shape in shapes
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def _dump(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=120)
