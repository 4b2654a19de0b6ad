"""Reads the parts of a region, file by file, with their positions, so that links can be checked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from unicodedata import normalize

from pydantic import BaseModel

from grid36.files.region.files import RegionFaults, RegionRow, find, read_table, read_yaml
from grid36.files.region.map_files import read_features
from grid36.files.region.map_shapes import Feature, line_of, polygons_of
from schemas.names import Name
from schemas.people import Organisation, Person, Team
from schemas.region import Grid, Landmark, NumberRange, Pole, RoadAlias, Segment, Unit

Model = TypeVar("Model", bound=BaseModel)
Found = TypeVar("Found")

GRID_COLUMNS = (
    "id", "name_zh", "name_en", "households", "people", "community_zh", "community_en", "community_class",
    "land_kind", "property_firm", "legacy_codes", "head", "workers", "ladder",
)  # fmt: skip
SEGMENT_COLUMNS = ("id", "road_zh", "road_en", "grid", "land_kind", "owner", "crew", "executors")
ADDRESS_COLUMNS = ("segment", "first", "last", "side")
PERSON_COLUMNS = ("id", "name_zh", "name_en", "roles", "department", "team", "language", "replaces")
LANDMARK_COLUMNS = ("id", "name_zh", "name_en", "aliases", "lon", "lat", "segment")
POLE_COLUMNS = ("code", "lon", "lat", "segment")
ALIAS_COLUMNS = ("alias", "road")


@dataclass(frozen=True)
class Part(Generic[Model]):
    """One thing of the region and the row it was read from."""

    what: Model
    file: str
    row: int


@dataclass
class Parts:
    """All of a region but its head, as far as the files could be read."""

    grids: list[Part[Grid]] = field(default_factory=list)
    units: list[Part[Unit]] = field(default_factory=list)
    segments: list[Part[Segment]] = field(default_factory=list)
    landmarks: list[Part[Landmark]] = field(default_factory=list)
    poles: list[Part[Pole]] = field(default_factory=list)
    aliases: list[Part[RoadAlias]] = field(default_factory=list)
    persons: list[Part[Person]] = field(default_factory=list)
    organisations: list[Part[Organisation]] = field(default_factory=list)
    teams: list[Part[Team]] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """Fields of `Region`."""
        return {name: [part.what for part in parts] for name, parts in vars(self).items()}


def read_parts(folder: Path, faults: RegionFaults) -> Parts:
    """Every file but `region.yaml`; those about units, segments and addresses may be absent."""
    parts = Parts()
    bodies = read_yaml(folder, "organisations.yaml", faults)
    for unknown in sorted(str(key) for key in set(bodies) - {"organisations", "teams"}):
        faults.add("organisations.yaml", Name.of("files.region.no_such_list"), column=unknown)
    if not bodies:
        faults.unread |= {Organisation, Team}
    parts.organisations = _listed(bodies.get("organisations"), Organisation, faults)
    parts.teams = _listed(bodies.get("teams"), Team, faults)
    if not find(folder, "people.csv").exists():
        faults.add("people.csv", Name.of("files.fault.file_missing"))
    people = read_table(folder, "people.csv", PERSON_COLUMNS, ("id", "roles"), faults)
    if not people:
        faults.unread.add(Person)
    parts.persons = _rows(people, Person, _person, faults)
    parts.grids = _grids(folder, faults)
    parts.units = _units(folder, faults)
    parts.segments = _segments(folder, faults)
    marks = read_table(folder, "landmarks.csv", LANDMARK_COLUMNS, ("id", "lon", "lat"), faults)
    parts.landmarks = _rows(marks, Landmark, _landmark, faults)
    poles = read_table(folder, "poles.csv", POLE_COLUMNS, ("code", "lon", "lat"), faults)
    parts.poles = _rows(poles, Pole, lambda row: _texts(row, POLE_COLUMNS), faults)
    aliases = read_table(folder, "aliases.csv", ALIAS_COLUMNS, ALIAS_COLUMNS, faults)
    parts.aliases = _rows(aliases, RoadAlias, lambda row: _texts(row, ALIAS_COLUMNS), faults)
    _refuse_doubles(parts, faults)
    return parts


def _rows(
    rows: Iterable[RegionRow], made: type[Model], values: Callable[[RegionRow], Mapping[str, Any]], faults: RegionFaults
) -> list[Part[Model]]:
    models = ((faults.model(made, values(row), row.file, row.number), row) for row in rows)
    return [Part(model, row.file, row.number) for model, row in models if model is not None]


def _listed(raw: Any, made: type[Model], faults: RegionFaults) -> list[Part[Model]]:
    file = "organisations.yaml"
    entries = enumerate(raw if isinstance(raw, list) else (), 1)
    models = ((faults.model(made, entry if isinstance(entry, dict) else {}, file, n), n) for n, entry in entries)
    return [Part(model, file, number) for model, number in models if model is not None]


def _refuse_doubles(parts: Parts, faults: RegionFaults) -> None:
    for name, key in _KEYS.items():
        first: dict[str, int] = {}
        for part in getattr(parts, name):
            value = str(getattr(part.what, key))
            if first.setdefault(value, part.row) != part.row:
                text = Name.of("files.region.id_again", value=value, first=first[value])
                faults.add(part.file, text, row=part.row, column=key)


_KEYS = {
    "grids": "id", "units": "id", "segments": "id", "landmarks": "id", "poles": "code", "persons": "id",
    "organisations": "code", "teams": "code",
}  # fmt: skip


def _texts(row: RegionRow, columns: Sequence[str]) -> dict[str, Any]:
    return {column: row.text(column) for column in columns}


def _person(row: RegionRow) -> dict[str, Any]:
    return _texts(row, ("id", "department", "team", "language")) | {
        "name": row.name("name") or {"zh": row.text("id") or ""},
        "roles": row.many("roles"),
        "replaces": row.many("replaces"),
    }


def _landmark(row: RegionRow) -> dict[str, Any]:
    return _texts(row, ("id", "lon", "lat", "segment")) | {"name": row.name("name"), "aliases": row.many("aliases")}


def _grid(row: RegionRow) -> dict[str, Any]:
    lists = {column: row.many(column) for column in ("legacy_codes", "workers", "ladder")}
    texts = _texts(row, ("id", "households", "people", "community_class", "land_kind", "property_firm", "head"))
    return texts | lists | {"name": row.name("name") or _same(row.text("id")), "community": row.name("community")}


def _segment(row: RegionRow) -> dict[str, Any]:
    texts = _texts(row, ("id", "grid", "land_kind", "owner", "crew"))
    return texts | {"road": row.name("road"), "executors": row.many("executors")}


def _same(text: str | None) -> dict[str, str]:
    return {"zh": text or "?", "en": text or "?"}


def feature_name(feature: Feature, otherwise: str) -> dict[str, str]:
    """The name in a feature's own properties: `name_zh` and `name_en`, or `name`, or what is given."""
    names = {str(key).lower(): value for key, value in feature.properties.items() if isinstance(value, str) and value}
    plain = names.get("name") or otherwise
    return {"zh": names.get("name_zh") or plain, "en": names.get("name_en") or plain}


def _identified(path: Path, faults: RegionFaults) -> list[Feature] | None:
    """Features with ids; None if the file cannot be read, which is then reported."""
    known, found = len(faults.found), []
    for feature in read_features(path, faults):
        if feature.id is None:
            faults.add(feature.file, Name.of("files.region.feature_without_id"), row=feature.number)
        else:
            found.append(feature)
    return found if found or len(faults.found) == known else None


def _taken(what: Feature | RegionRow, others: dict[str | None, Found]) -> Found | None:
    """The other half of a feature or row, also where one program wrote its id as `1.0` and the other as `1`."""
    name = what.id if isinstance(what, Feature) else what.text("id")
    spelled = name and (name.removesuffix(".0") if name.endswith(".0") else f"{name}.0")
    return others.pop(name if name in others else spelled, None)


def _grids(folder: Path, faults: RegionFaults) -> list[Part[Grid]]:
    """Shapes from `grids.geojson`; all else from `grids.csv`, or the feature's own name where it has no row."""
    by_id = {row.text("id"): row for row in read_table(folder, "grids.csv", GRID_COLUMNS, ("id",), faults)}
    features = _identified(find(folder, "grids.geojson"), faults)
    if features is None:
        faults.unread.add(Grid)
    parts = []
    for feature in features or ():
        row, polygons = _taken(feature, by_id), polygons_of(feature, faults)
        if polygons is None:
            faults.mentioned.add((Grid, row.text("id") or "" if row else str(feature.id)))
            continue
        values = _grid(row) if row else {"id": feature.id, "name": feature_name(feature, str(feature.id))}
        file, number = (row.file, row.number) if row else (feature.file, feature.number)
        if grid := faults.model(Grid, values | {"polygons": polygons}, file, number):
            parts.append(Part(grid, file, number))
    faults.mentioned |= {(Grid, name or "") for name in by_id}
    for name, row in by_id.items() if features is not None else ():
        text = Name.of("files.region.grid_without_shape", name=name)
        faults.add("grids.csv", text, row=row.number, column="id")
    return parts


def _units(folder: Path, faults: RegionFaults) -> list[Part[Unit]]:
    path = find(folder, "units.geojson")
    parts = []
    for feature in (_identified(path, faults) or ()) if path.exists() else ():
        values = {
            "id": feature.id,
            "grid": feature.properties.get("grid"),
            "name": feature_name(feature, str(feature.id)),
            "land_kind": feature.properties.get("land_kind") or None,
        }
        polygons = polygons_of(feature, faults)
        if polygons is None:
            continue
        if unit := faults.model(Unit, values | {"polygons": polygons}, feature.file, feature.number):
            parts.append(Part(unit, feature.file, feature.number))
    return parts


def _segments(folder: Path, faults: RegionFaults) -> list[Part[Segment]]:
    """Lines from `segments.geojson`, all else from `segments.csv`, house numbers from `addresses.csv`."""
    path = find(folder, "segments.geojson")
    features = _identified(path, faults) if path.exists() else []
    lines = {feature.id: feature for feature in features or ()}
    known = len(faults.found)
    rows = read_table(folder, "segments.csv", SEGMENT_COLUMNS, ("id", "grid"), faults)
    if not rows and len(faults.found) > known:
        faults.unread.add(Segment)
        return []
    numbers = _house_numbers(folder, {row.text("id") for row in rows}, faults)
    parts = []
    for row in rows:
        feature = _taken(row, lines)
        faults.mentioned.add((Segment, row.text("id") or ""))
        if feature is None and features is not None:
            text = Name.of("files.region.segment_without_line")
            faults.add(row.file, text, row=row.number, column="id")
        elif feature is not None and (line := line_of(feature, faults)) is not None:
            values = _segment(row) | {"line": line, "numbers": numbers.get(row.text("id"), ())}
            if segment := faults.model(Segment, values, row.file, row.number):
                parts.append(Part(segment, row.file, row.number))
    for feature in lines.values():
        text = Name.of("files.region.line_without_segment", id=feature.id)
        faults.add(feature.file, text, row=feature.number)
    return parts


_SIDES = {
    word: side
    for side, words in {
        "odd": "odd 单 单号 单数 单侧 奇 奇数 奇数侧",
        "even": "even 双 双号 双数 偶 偶数 偶数侧",
        "both": "both 单双 单双号 两侧 双侧 全部 奇偶",
    }.items()
    for word in words.split()
}
"""How people write the side of a road in a list; anything else is reported."""


def _house_numbers(
    folder: Path, segments: set[str | None], faults: RegionFaults
) -> dict[str | None, list[NumberRange]]:
    ranges: dict[str | None, list[NumberRange]] = {}
    for row in read_table(folder, "addresses.csv", ADDRESS_COLUMNS, ("segment", "first", "last"), faults):
        segment = row.text("segment")
        if segment not in segments:
            text = Name.of("files.region.no_such_segment", segment=segment)
            faults.add(row.file, text, row=row.number, column="segment")
        side = row.text("side")
        values = _texts(row, ("first", "last")) | {
            "side": side and _SIDES.get(normalize("NFKC", side).casefold(), side)
        }
        held = faults.model(NumberRange, values, row.file, row.number)
        if held is not None:
            ranges.setdefault(segment, []).append(held)
    return ranges
