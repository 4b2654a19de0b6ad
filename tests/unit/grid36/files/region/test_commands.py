import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from grid36.files.region.commands import (
    FaultyRegion,
    FolderInUse,
    Head,
    RegionSeverity,
    WrongTile,
    WrongZone,
    check_region,
    load_region,
    new_region,
    tile_region,
)
from grid36.files.rulebook import load_rulebook
from grid36.settings import data_folder
from rules.check.all import check
from rules.check.problem import Severity
from rules.places.region_index import RegionIndex
from schemas.content import content_address
from schemas.datum import Datum
from schemas.names import Language
from schemas.place import Coordinates, Found, PlaceFound, PlaceGiven
from schemas.region import Region
from schemas.rulebook import Rulebook
from tests.generators import street

EXAMPLE = data_folder("regions") / "example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example region to spoil."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(FaultyRegion) as caught:
        load_region(folder)
    return [(fault.file, fault.row, fault.column) for fault in caught.value.faults]


def located(region: Region, **given: Any) -> PlaceFound:
    result = RegionIndex(region).locate(PlaceGiven(**given))
    assert isinstance(result, Found), result
    return result.place


def features(path: Path, *shapes: dict[str, Any]) -> Path:
    content = {"type": "FeatureCollection", "features": [{"type": "Feature", **shape} for shape in shapes]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def square(west: float, south: float, size: float = 1.0) -> list[list[list[float]]]:
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def shape(west: float, south: float, **properties: str) -> dict[str, Any]:
    return {"properties": properties, "geometry": {"type": "Polygon", "coordinates": square(west, south)}}


def test_the_example_is_in_order() -> None:
    """But for what nobody can know yet: the make-up workdays of a year to come."""
    assert [problem for problem in check_region(EXAMPLE) if problem.where != "calendar.yaml"] == []


def test_the_example_holds_what_the_story_needs() -> None:
    """Grids with units and roles, segments with sides and owners, departments with officers, and number 12."""
    region = load_region(EXAMPLE)
    assert 8 <= len(region.grids) <= 12
    assert len(region.segments) >= 60
    assert all(s.owner and s.crew and s.executors and s.numbers for s in region.segments)
    assert all(len(grid.ladder) == 5 and grid.head and grid.workers for grid in region.grids)
    assert sum(body.kind == "department" for body in region.organisations) >= 6
    for address in ("湖滨南路12-8号", "12 Hubin South Road", "湖滨南路12号"):
        assert located(region, address=address).segment == "HBN-1"


def test_the_generator_writes_the_example(tmp_path: Path) -> None:
    """So that a change of its layout is made in the script and not lost."""
    street.write(tmp_path / "again")
    for file in ("calendar.yaml", "platforms.yaml"):
        shutil.copy(EXAMPLE / file, tmp_path / "again")  # written by hand, with its comments
    assert content_address(load_region(tmp_path / "again")) == content_address(load_region(EXAMPLE))


def test_a_new_region_has_a_rulebook_that_can_be_activated(tmp_path: Path) -> None:
    """Without a change by anybody: the check finds no error, and there are categories to begin with."""
    region = tile_region(tmp_path / "new", (0, 0, 0.1, 0.1), 10_000, Head(zone="Asia/Shanghai"))
    rulebook = load_rulebook(tmp_path / "new")
    assert [found for found in check(region, rulebook) if found.severity is Severity.ERROR] == []
    assert rulebook.categories


def test_the_rulebook_of_the_example_names_its_departments_and_people() -> None:
    book = Rulebook.model_validate(yaml.safe_load((EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8")))
    region = load_region(EXAMPLE)
    bodies, people = {o.code for o in region.organisations}, {p.id for p in region.persons}
    outputs = [row.then for row in book.routing.rows] + [book.routing.default or {}]
    named = {item.lead for item in book.items if item.lead} | {code for item in book.items for code in item.assists}
    assert named | {str(then["department"]) for then in outputs if "department" in then} <= bodies
    assert {str(then["assign"]) for then in outputs} - people <= {"segment_owner", "grid_head", "department"}
    assert len(book.items) >= 25


def test_every_fault_of_every_file_is_named(folder: Path) -> None:
    """A steward who corrects them one by one would run the check ten times."""
    change(folder / "region.yaml", "Asia/Shanghai", "Asia/Atlantis")
    change(folder / "region.yaml", "fallback_owner: duty-desk", "fallback_owner: nobody\ncolour: red")
    change(folder / "segments.csv", "supervisor-01", "nobody")
    change(folder / "segments.csv", ",G002,", ",G999,")
    change(folder / "addresses.csv", "HBN-1,1,39,odd", "HBN-1,39,1,left")
    change(folder / "people.csv", "patroller;steward", "emperor")
    change(folder / "grids.csv", ",320,", ",many,")
    change(folder / "segments.csv", "river-bank", "riverbank")
    change(folder / "units.geojson", '"grid": "G001",', '"grid": "G001", "land_kind": "moor",')
    assert {
        ("region.yaml", None, "zone"),
        ("region.yaml", None, "colour"),
        ("region.yaml", None, "fallback_owner"),
        ("segments.csv", 2, "owner"),
        ("segments.csv", 3, "grid"),
        ("addresses.csv", 2, "side"),
        ("people.csv", 2, "roles"),
        ("grids.csv", 2, "households"),
        ("segments.csv", 32, "land_kind"),
        ("units.geojson", 1, "land_kind"),
    } <= set(faults(folder))


@pytest.mark.parametrize("listed", ["", "land_kinds: forest\n", "land_kinds: [forest]\n"])
def test_land_has_only_kinds_that_the_region_lists(folder: Path, listed: str) -> None:
    """A region that tells none apart needs no column for them; what is no list is told, too."""
    text = (folder / "region.yaml").read_text(encoding="utf-8")
    begin, end = text.index("land_kinds:"), text.index("segment_limit_m:")
    (folder / "region.yaml").write_text(text[:begin] + listed + text[end:], encoding="utf-8")
    assert ("segments.csv", 32, "land_kind") in faults(folder)
    for name in ("segments.csv", "grids.csv"):
        rows = (folder / name).read_text(encoding="utf-8")
        plain = rows.replace("river-bank", "").replace("collective", "").replace("land_kind,", "", 1)
        dropped = [
            line if n == 0 else ",".join(cells[:at] + cells[at + 1 :])
            for at in [rows.splitlines()[0].split(",").index("land_kind")]
            for n, line in enumerate(plain.splitlines())
            for cells in [line.split(",")]
        ]
        (folder / name).write_text("\n".join(dropped) + "\n", encoding="utf-8")
    if listed:
        assert [(fault[0], (fault[2] or "").split(".")[0]) for fault in faults(folder)] == [
            ("region.yaml", "land_kinds")
        ]
    else:
        assert load_region(folder).land_kinds == ()


def test_faults_are_told_in_both_languages(folder: Path) -> None:
    change(folder / "segments.csv", "supervisor-01", "nobody")
    with pytest.raises(FaultyRegion, match=r"segments.csv, row 2, column owner: there is no person nobody") as caught:
        load_region(folder)
    assert caught.value.faults[0].say(Language.ZH) == "segments.csv, 行 2, 列 owner: 没有人员 nobody"
    problem = check_region(folder)[0]
    assert (problem.severity, problem.where) == (RegionSeverity.ERROR, "segments.csv, 2, owner")


@pytest.mark.parametrize("file", ["region.yaml", "grids.geojson", "people.csv", "organisations.yaml"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert file in {fault[0] for fault in faults(folder)}


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        ("grids.geojson", "{", ("grids.geojson", None, None)),
        ("grids.geojson", "[]", ("grids.geojson", None, None)),
        ("grids.geojson", "[" * 2_000, ("grids.geojson", None, None)),
        ("region.yaml", "code: 2026-13-45", ("region.yaml", None, None)),
        ("region.yaml", "code: [", ("region.yaml", 2, None)),  # where its end was looked for
        ("region.yaml", "- a", ("region.yaml", None, None)),
        ("poles.csv", "code,lon\nP1,1\n", ("poles.csv", 1, "lat")),
        ("poles.csv", "code,lon,lat,colour\nP1,1,2,3\n", ("poles.csv", 1, "colour")),
        ("poles.csv", "code,lon,lat\nP1,1,2,3\n", ("poles.csv", 2, None)),
        ("poles.csv", "code,lon,lat\nP1,,2\n", ("poles.csv", 2, "lon")),
        ("poles.csv", "code,lon,lat\nP1,1,2\nP1,1,2\n", ("poles.csv", 3, "code")),
    ],
)
def test_unreadable_files_are_faults(folder: Path, file: str, content: str, fault: tuple[str, int, str]) -> None:
    (folder / file).write_text(content, encoding="utf-8")
    assert fault in faults(folder)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_table_as_spreadsheets_save_it_is_read(folder: Path, separator: str, encoding: str) -> None:
    """With empty columns at the right, and another separator."""
    rows = (folder / "poles.csv").read_text(encoding="utf-8").splitlines()
    lines = [separator.join([*row.split(","), "", " "]) for row in rows]
    before = load_region(folder).poles
    (folder / "poles.csv").write_text("\r\n".join(lines), encoding=encoding, newline="")
    assert load_region(folder).poles == before


def test_a_spreadsheet_saved_in_china_can_be_read(folder: Path) -> None:
    text = (folder / "people.csv").read_text(encoding="utf-8")
    (folder / "people.csv").write_bytes(text.encode("gb18030"))
    assert content_address(load_region(folder)) == content_address(load_region(EXAMPLE))


def test_another_reference_system_is_refused(folder: Path) -> None:
    change(folder / "grids.geojson", '"features"', '"crs": {"properties": {"name": "EPSG:4547"}}, "features"')
    assert faults(folder) == [("grids.geojson", None, None)]


def test_grids_are_numbered_in_file_order(tmp_path: Path) -> None:
    shapes = [shape(2, 0, name="Last"), shape(0, 0, name="First"), shape(1, 0)]
    region = new_region(tmp_path / "town", features(tmp_path / "f.geojson", *shapes))
    assert [(g.id, g.name.en) for g in region.grids] == [("G001", "Last"), ("G002", "First"), ("G003", "G003")]
    assert (region.code, region.zone, region.gcj, region.importers) == ("town", "UTC", False, ("replay",))
    assert located(region, coordinates=Coordinates(lon=0.5, lat=0.5)).grid == "G002"
    assert region.fallback_owner in {p.id for p in region.persons}
    assert (tmp_path / "town" / "rulebook.yaml").exists()
    assert not [p for p in check_region(tmp_path / "town") if p.severity is RegionSeverity.ERROR]


def test_a_property_names_the_grids(tmp_path: Path) -> None:
    file = features(tmp_path / "f.geojson", shape(0, 0, name="Old Mill / North"), shape(1, 0, name="U2"))
    head = Head(code="X", name="Town", zone="Asia/Shanghai", gcj=True)
    region = new_region(tmp_path / "town", file, "name", head)
    assert [g.id for g in region.grids] == ["Old_Mill_North", "U2"]
    assert (region.code, region.name.en, region.zone, region.gcj) == ("X", "Town", "Asia/Shanghai", True)
    assert region.untyped is None
    assert region.model_copy(update={"positions": Datum.GCJ02}).untyped is Datum.GCJ02
    assert region.model_copy(update={"gcj": False}).untyped is Datum.WGS84


def test_ids_that_cannot_be_used_are_all_named(tmp_path: Path) -> None:
    file = features(tmp_path / "f.geojson", shape(0, 0, k="a"), shape(1, 0, k="a"), shape(2, 0), shape(3, 0, k="U"))
    with pytest.raises(FaultyRegion) as caught:
        new_region(tmp_path / "town", file, "k")
    assert [fault.row for fault in caught.value.faults] == [2, 3, 4]
    assert not (tmp_path / "town").exists()


def test_odd_shapes_of_published_files(tmp_path: Path) -> None:
    """Open rings, a spike for an outer ring whose hole is the area, heights, and several polygons in one."""
    ring = square(0, 0)[0]
    spike = [[9.0, 9.0], [9.0, 9.1], [9.0, 9.0], [9.0, 9.0]]
    file = features(
        tmp_path / "f.geojson",
        {"geometry": {"type": "Polygon", "coordinates": [ring[:-1]]}},
        {"geometry": {"type": "Polygon", "coordinates": [spike, square(1, 0)[0]]}},
        {"geometry": {"type": "MultiPolygon", "coordinates": [square(2, 0), square(4, 0)]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[*p, 12.5] for p in square(3, 0)[0]]]}},
    )
    region = new_region(tmp_path / "town", file)
    found = [located(region, coordinates=Coordinates(lon=x + 0.5, lat=0.5)).grid for x in range(5)]
    assert found == ["G001", "G002", "G003", "G004", "G003"]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[["a", 0], [1, 1]]]},
    ],
)
def test_what_is_no_area_is_a_fault(tmp_path: Path, geometry: dict[str, Any] | None) -> None:
    with pytest.raises(FaultyRegion):
        new_region(tmp_path / "town", features(tmp_path / "f.geojson", {"geometry": geometry}))


def test_a_tile_is_cut_into_square_grids(tmp_path: Path) -> None:
    region = tile_region(tmp_path / "tile", (118.0, 24.4, 118.05, 24.43), 1000)
    assert len(region.grids) == 6 * 4
    assert [g.id for g in region.grids[:2]] == ["G001", "G002"]
    assert located(region, coordinates=Coordinates(lon=118.001, lat=24.401)).grid == "G001"
    assert located(region, coordinates=Coordinates(lon=118.05, lat=24.43)).grid == "G024"
    codes = {p.code for p in check_region(tmp_path / "tile")}
    assert codes == {"grid_without_head", "grid_without_ladder", "positions_open"}


@pytest.mark.parametrize(("box", "cell"), [((1, 0, 0, 1), 100), ((0, 0, 1, 1), 0), ((0, 0, 1, 1), float("nan")),
                                           ((0, 0, 50, 50), 1), ((0, 0, 1, 91), 100)])  # fmt: skip
def test_a_tile_that_cannot_be_cut_is_refused(tmp_path: Path, box: tuple[float, ...], cell: float) -> None:
    with pytest.raises(WrongTile):
        tile_region(tmp_path / "tile", (box[0], box[1], box[2], box[3]), cell)


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderInUse):
        tile_region(folder, (0, 0, 1, 1), 10_000)
    with pytest.raises(WrongZone):
        tile_region(tmp_path / "new", (0, 0, 1, 1), 10_000, Head(zone="Mars/Olympus"))


def test_the_check_sees_holes_and_overlaps(tmp_path: Path) -> None:
    """Three by three squares without the middle one, and one square over its neighbour."""
    ring = [shape(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    new_region(tmp_path / "town", features(tmp_path / "f.geojson", *ring, shape(0.5, 0)))
    problems = {p.code: p for p in check_region(tmp_path / "town")}
    assert problems["hole"].where == "1.50000,1.50000"
    assert problems["overlap"].text.en.startswith("overlaps G009")


def test_the_check_sees_what_people_forget(folder: Path) -> None:
    change(folder / "segments.csv", ",supervisor-01,", ",,")
    change(folder / "grids.csv", "Grid 1,320", "Grid 1,900")
    change(folder / "grids.csv", "head-02", "")
    change(folder / "addresses.csv", "HBN-2,41", "HBN-2,39")
    change(folder / "aliases.csv", "老潮路,潮声路", "老潮路,潮路")
    change(folder / "people.csv", "department_officer,ecology", "inspector,ecology")
    (folder / "rulebook.yaml").unlink()
    (folder / "calendar.yaml").unlink()
    found = {(p.severity.value, p.code, p.where) for p in check_region(folder)}
    assert found == {
        ("error", "rulebook_missing", "rulebook.yaml"),
        ("warning", "segment_without_owner", "HBN-1"),
        ("warning", "grid_size", "G001"),
        ("warning", "grid_without_head", "G002"),
        ("warning", "number_claimed_twice", "HBN-2"),
        ("warning", "alias_of_nothing", "老潮路"),
        ("warning", "department_without_officer", "ecology"),
    }
    assert all(p.remedy.zh and p.remedy.en for p in check_region(folder))


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"power": "coordinaton", "roles": ["street_office"]}, "power", "known: coordination"),
        ({"power": "evaluation", "roles": ["mayor"]}, "roles", "“mayor”"),
        ({"power": "evaluation", "persons": ["nobody"]}, "persons", "“nobody”"),
        ({"power": "evaluation", "roles": ["street_office"], "grids": ["G999"]}, "grids", "“G999”"),
        ({"power": "emergency"}, "roles", "names nobody"),
        ({"power": "emergency", "roles": "street_office"}, "roles", "must be a list"),
        ({"power": "emergency", "roles": ["street_office"], "until": "2027"}, "until", "no such setting"),
    ],
)
def test_a_power_that_does_not_exist_is_named(folder: Path, row: dict[str, Any], column: str, words: str) -> None:
    head = folder / "region.yaml"
    content = yaml.safe_load(head.read_text(encoding="utf-8"))
    head.write_text(yaml.safe_dump(content | {"powers": [row]}), encoding="utf-8")
    with pytest.raises(FaultyRegion) as caught:
        load_region(folder)
    told = next(fault for fault in caught.value.faults if fault.column == f"powers[1].{column}")
    assert words in told.say(Language.EN)
    assert told.text.zh != told.text.en


def test_powers_that_nobody_holds_and_chiefs_on_no_ladder_are_told(folder: Path) -> None:
    head, people = folder / "region.yaml", folder / "people.csv"
    content = yaml.safe_load(head.read_text(encoding="utf-8"))
    head.write_text(yaml.safe_dump(content | {"powers": [{"power": "emergency", "roles": ["importer"]}]}))
    people.write_text(people.read_text(encoding="utf-8") + "lane-chief-9,巷长9,,lane_chief,,,zh-CN\n", encoding="utf-8")
    found = {problem.code: problem.where for problem in check_region(folder)}
    assert found["power_without_holder"] == "emergency"
    assert found["chief_without_ladder"] == "lane-chief-9"


@pytest.mark.parametrize("power", ["property_grading", "appointment"])
def test_a_power_that_no_act_asks_for_is_told_as_that(folder: Path, power: str) -> None:
    head = folder / "region.yaml"
    content = yaml.safe_load(head.read_text(encoding="utf-8"))
    head.write_text(yaml.safe_dump(content | {"powers": [{"power": power, "roles": ["street_office"]}]}))
    (told,) = [problem for problem in check_region(folder) if problem.code.startswith("power_")]
    assert (told.where, told.severity) == (power, "warning")
    assert "no act or page asks for it yet" in told.say(Language.EN)


def test_files_are_found_whatever_their_case_and_named_in_another_kind(folder: Path) -> None:
    (folder / "people.csv").rename(folder / "People.CSV")
    (folder / "segments.csv").rename(folder / "SEGMENTS.csv")
    (folder / "grids.geojson").rename(folder / "Grids.GeoJSON")
    assert content_address(load_region(folder)) == content_address(load_region(EXAMPLE))
    change(folder / "SEGMENTS.csv", "supervisor-01", "nobody")
    assert faults(folder) == [("SEGMENTS.csv", 2, "owner")]
    change(folder / "SEGMENTS.csv", "nobody", "supervisor-01")
    (folder / "addresses.csv").rename(folder / "Addresses.xlsx")
    assert faults(folder) == [("Addresses.xlsx", None, None)]


@pytest.mark.parametrize(
    ("word", "side"),
    [("单", "odd"), ("双号", "even"), ("奇数", "odd"), ("偶", "even"), ("单双", "both"), ("ODD", "odd"), ("", "both")],
)
def test_sides_of_a_road_in_both_languages(folder: Path, word: str, side: str) -> None:
    change(folder / "addresses.csv", "HBN-1,1,39,odd", f"HBN-1,1,39,{word}")
    segment = next(each for each in load_region(folder).segments if each.id == "HBN-1")
    assert segment.numbers[0].side == side


def test_rows_of_messages_are_read_and_their_mistakes_are_named(folder: Path) -> None:
    head = folder / "region.yaml"
    content = yaml.safe_load(head.read_text(encoding="utf-8"))
    rows = [{"roles": ["executor"], "quiet": "20:30-05:30", "budget": 12}, {"quiet": None}]
    head.write_text(yaml.safe_dump(content | {"messages": rows, "night": "23:00-05:00"}), encoding="utf-8")
    region = load_region(folder)
    assert [(each.quiet, each.budget) for each in region.messages] == [("20:30-05:30", 12), (None, 20)]
    assert region.night == "23:00-05:00"
    wrong = [{"roles": ["cook"], "quiet": "05:00-05:00"}]
    head.write_text(yaml.safe_dump(content | {"messages": wrong}), encoding="utf-8")
    with pytest.raises(FaultyRegion) as caught:
        load_region(folder)
    assert {fault.column for fault in caught.value.faults} == {"messages_roles", "messages_quiet"}
