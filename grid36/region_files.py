"""Reading the files of a region that people edit: every fault is kept with its file, row and column."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from grid36.plain_yaml import load
from schemas.errors import WrongInput
from schemas.names import Language, Name

Model = TypeVar("Model", bound=BaseModel)

# CGCS2000 differs from WGS-84 by centimetres, and GeoJSON without `crs` is WGS-84.
_SAME_CRS = ("CRS84", "4326", "4490")


@dataclass(frozen=True)
class Fault:
    """One mistake in a file; `row` counts as a spreadsheet does (the header is 1), or features from 1."""

    file: str
    text: Name
    row: int | None = None
    column: str | None = None

    def say(self, language: Language) -> str:
        """`grids.csv, row 3, column head: …`."""
        row, column = ("行", "列") if language is Language.ZH else ("row", "column")
        where = [self.file]
        where += [f"{row} {self.row}"] if self.row is not None else []
        where += [f"{column} {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self.text.to(language)}"


class FaultyRegion(WrongInput):
    """The region's files have mistakes. Correct each one that is named, then run `grid36 region check DIR`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        lines = "\n".join(f"  {fault.say(Language.EN)}" for fault in faults)
        super().__init__(f"{' '.join((type(self).__doc__ or '').split())}\n{lines}")
        self.faults = tuple(faults)


@dataclass
class Faults:
    """Collects faults while files are read, so that a steward sees all of them at once."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, zh: str, en: str, *, row: int | None = None, column: str | None = None) -> None:
        """Keep one."""
        self.found.append(Fault(file, Name(zh=zh, en=en), row, column))

    def model(self, made: type[Model], values: Mapping[str, Any], file: str, row: int | None = None) -> Model | None:
        """The values as a model, or None with its faults kept."""
        try:
            return made.model_validate({k: v for k, v in values.items() if v is not None})
        except ValidationError as error:
            for detail in error.errors():
                column = "_".join(str(part) for part in detail["loc"] if isinstance(part, str)) or None
                text = detail["msg"].removeprefix("Value error, ")
                self.add(file, f"值不可用:{text}", text, row=row, column=column)
            return None

    def raise_any(self) -> None:
        """Raise `FaultyRegion` with everything kept, in the order of files and rows."""
        if self.found:
            raise FaultyRegion(sorted(self.found, key=lambda f: (f.file, f.row or 0, f.column or "")))


@dataclass(frozen=True)
class Row:
    """One row of a CSV file; an empty cell is None."""

    file: str
    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """The cell without blanks around it."""
        return self.cells.get(column, "").strip() or None

    def many(self, column: str) -> tuple[str, ...]:
        """A cell that lists several things, with semicolons between."""
        return tuple(
            part for part in (p.strip() for p in self.cells.get(column, "").replace("；", ";").split(";")) if part
        )

    def name(self, column: str) -> dict[str, str] | None:
        """The cells `<column>_zh` and `<column>_en`; one of them is enough."""
        zh, en = self.text(f"{column}_zh"), self.text(f"{column}_en")
        first = zh or en
        return {"zh": first, "en": en or ""} if first else None


@dataclass(frozen=True)
class Feature:
    """One feature of a GeoJSON file."""

    file: str
    number: int
    id: str | None
    properties: Mapping[str, Any]
    geometry: Mapping[str, Any]


def read_table(folder: Path, file: str, columns: Sequence[str], needed: Sequence[str], faults: Faults) -> list[Row]:
    """Rows of a CSV file in UTF-8 or, as spreadsheets in China save it, GB 18030; none when it is absent."""
    path = folder / file
    if not path.exists():
        return []
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), restkey="", restval="")
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    for missing in [name for name in needed if name not in header]:
        faults.add(file, "缺少这一列", "this column is missing", row=1, column=missing)
    for unknown in [name for name in header if name not in columns]:
        known = ", ".join(columns)
        faults.add(file, f"没有这种列;可用:{known}", f"no such column; known: {known}", row=1, column=unknown)
    if any(name not in header for name in needed):
        return []
    rows = []
    for cells in reader:
        number = reader.line_num
        if "" in cells and "" not in header:
            faults.add(file, "单元格比标题多", "more cells than the header has", row=number)
            continue
        row = Row(file, number, {k: v for k, v in cells.items() if isinstance(v, str)})
        if any(value.strip() for value in row.cells.values()):
            rows.append(row)
            for name in needed:
                if row.text(name) is None:
                    faults.add(file, "不能为空", "must not be empty", row=number, column=name)
    return rows


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def read_yaml(folder: Path, file: str, faults: Faults) -> dict[str, Any]:
    """A YAML file that holds one mapping; empty with a fault when it cannot be read."""
    path = folder / file
    if not path.exists():
        faults.add(file, "缺少此文件", "this file is missing")
        return {}
    try:
        content = load(_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        faults.add(file, f"不是有效的 YAML:{problem}", f"not YAML: {problem}", row=mark.line + 1 if mark else None)
        return {}
    if not isinstance(content, dict):
        faults.add(file, "应为“键: 值”的列表", "must hold `key: value` lines")
        return {}
    return content


def read_features(path: Path, faults: Faults) -> list[Feature]:
    """Features of a GeoJSON file that have a geometry; WGS-84 only."""
    file = path.name
    if not path.exists():
        faults.add(file, "缺少此文件", "this file is missing")
        return []
    try:
        content = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        faults.add(file, f"不是有效的 JSON:{error}", f"not JSON: {error}")
        return []
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        faults.add(file, "应为 GeoJSON FeatureCollection", "must be a GeoJSON FeatureCollection")
        return []
    crs = str(content.get("crs") or "")
    if crs and not any(name in crs for name in _SAME_CRS):
        faults.add(file, "坐标须为 WGS-84 经纬度", f"coordinates must be WGS-84 degrees, this file says {crs}")
    return list(_features(file, content["features"], faults))


def _features(file: str, raw: Sequence[Any], faults: Faults) -> Iterator[Feature]:
    for number, feature in enumerate(raw, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(geometry, dict):
            faults.add(file, "没有几何图形", "this feature has no geometry", row=number)
            continue
        properties = feature.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        given = feature.get("id", properties.get("id"))
        yield Feature(file, number, None if given in (None, "") else str(given), properties, geometry)


def polygons_of(feature: Feature, faults: Faults) -> list[Any] | None:
    """The polygons of a Polygon or MultiPolygon, heights dropped; None with a fault for anything else.

    Open rings are closed and rings without an area are left out: published files have both.
    """
    kind, coordinates = feature.geometry.get("type"), feature.geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not coordinates:
        faults.add(feature.file, f"应为面,而不是 {kind}", f"must be a polygon, not {kind}", row=feature.number)
        return None
    parts = [coordinates] if kind == "Polygon" else coordinates
    try:
        polygons = [[[(float(p[0]), float(p[1])) for p in ring] for ring in part] for part in parts]
    except (TypeError, ValueError, IndexError, KeyError):
        faults.add(feature.file, "坐标不可读", "its coordinates cannot be read", row=feature.number)
        return None
    repaired = [polygon for part in polygons for polygon in _repaired(part)]
    if not repaired:
        faults.add(feature.file, "没有面积", "none of its rings has an area", row=feature.number)
        return None
    return repaired


def _repaired(part: list[list[tuple[float, float]]]) -> list[list[list[tuple[float, float]]]]:
    """One polygon without empty rings; where its outer ring was a mere spike, its holes are the area."""
    rings = [_closed(ring) for ring in part]
    if rings and rings[0]:
        return [[ring for ring in rings if ring]]
    return [[ring] for ring in rings if ring]


def _closed(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The ring with its last point equal to its first; empty when fewer than three points are left."""
    points = [point for point, after in zip(ring, [*ring[1:], None], strict=True) if point != after]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return [*points, points[0]] if len(points) > 2 else []


def line_of(feature: Feature, faults: Faults) -> list[tuple[float, float]] | None:
    """The points of a LineString, heights dropped; None with a fault for anything else."""
    kind, coordinates = feature.geometry.get("type"), feature.geometry.get("coordinates")
    if kind != "LineString":
        faults.add(feature.file, f"应为线,而不是 {kind}", f"must be a line, not {kind}", row=feature.number)
        return None
    try:
        return [(float(p[0]), float(p[1])) for p in coordinates or ()]
    except (TypeError, ValueError, IndexError, KeyError):
        faults.add(feature.file, "坐标不可读", "its coordinates cannot be read", row=feature.number)
        return None
