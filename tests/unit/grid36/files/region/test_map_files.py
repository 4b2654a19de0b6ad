"""Map files as people have them: what is read, what is asked, and what one sentence says about the rest."""

import json
import shutil
import sys
from itertools import permutations
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from grid36.cli.region import region
from grid36.files.region.commands import FaultyMap, Head, check_region, new_region, plan_region, plan_tiles
from grid36.files.region.files import RegionFaults
from grid36.files.region.load import load_region
from grid36.files.region.mainland import in_mainland
from grid36.files.region.map_files import ReadingWishes, read_features
from grid36.files.region.map_ogr import MapsMissing
from grid36.files.region.map_shapes import Feature, line_of, polygons_of
from grid36.settings import data_folder
from schemas.datum import Datum
from schemas.errors import WrongInput
from schemas.names import Language

ZURICH = (8.5, 47.3)
XIAMEN = (118.08, 24.46)


def square(west: float, south: float, size: float = 0.01) -> list[list[list[float]]]:
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def polygon(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": square(west, south, size)}


def written(path: Path, *geometries: Any, crs: str | None = None, **properties: Any) -> Path:
    content: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": each} for each in geometries],
    }
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def refused(path: Path, zone: str = "UTC", **wish: Any) -> list[str]:
    with pytest.raises(FaultyMap) as caught:
        plan_region(path, None, zone, ReadingWishes(**wish))
    return [fault.say(Language.EN) for fault in caught.value.faults]


def corner(path: Path, zone: str = "UTC", **wish: Any) -> tuple[float, float]:
    lon, lat = plan_region(path, None, zone, ReadingWishes(**wish)).shapes[0].polygons[0][0][0]
    return round(lon, 6), round(lat, 6)


def test_metres_are_one_sentence_about_the_file_that_the_user_has(tmp_path: Path) -> None:
    """However many numbers are wrong; and nothing is left, so that the second call works."""
    file = written(tmp_path / "metres.geojson", *(polygon(2683256 + n * 1000, 1248117, 1000) for n in range(30)))
    with pytest.raises(FaultyMap) as caught:
        new_region(tmp_path / "town", file)
    (fault,) = caught.value.faults
    assert fault.file == "metres.geojson"
    assert "metres" in fault.text.en
    assert "--crs" in fault.text.en
    assert "米" in fault.text.zh
    assert [each.name for each in tmp_path.iterdir()] == ["metres.geojson"]
    assert len(new_region(tmp_path / "town", written(tmp_path / "plain.geojson", polygon(*ZURICH))).grids) == 1


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:2056", "EPSG:3857", "EPSG:27700"])
def test_a_projection_that_is_named_is_converted(tmp_path: Path, crs: str) -> None:
    """By the file, as older GeoJSON does, or by the option."""
    places = {"EPSG:4547": (114.3, 30.5), "EPSG:2056": ZURICH, "EPSG:3857": XIAMEN, "EPSG:27700": (-1.5, 53.8)}
    x, y = Transformer.from_crs(4490 if crs == "EPSG:4547" else 4326, crs, always_xy=True).transform(*places[crs])
    of_file = written(tmp_path / "a.geojson", polygon(x, y, 500), crs=crs.replace("EPSG:", "urn:ogc:def:crs:EPSG::"))
    bare = written(tmp_path / "b.geojson", polygon(x, y, 500))
    for found in (corner(of_file), corner(bare, crs=crs)):
        assert found == pytest.approx(places[crs], abs=2e-5)


@pytest.mark.parametrize("crs", [
    "urn:ogc:def:crs:OGC:1.3:CRS84", "CRS84", "OGC:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4490", "EPSG:4490",
    "EPSG:4258", "EPSG:4979", "EPSG:4269",
])  # fmt: skip
def test_common_datums_in_degrees_are_taken(tmp_path: Path, crs: str) -> None:
    place = (-87.65, 41.85) if crs == "EPSG:4269" else ZURICH if crs == "EPSG:4258" else XIAMEN
    assert corner(written(tmp_path / "f.geojson", polygon(*place), crs=crs)) == pytest.approx(place, abs=3e-5)


@pytest.mark.parametrize(("crs", "says"), [
    ("EPSG:2363", "no exact way from 'Xian 1980"),
    ("EPSG:999999", "there is no reference system"),
    ("EPSG:27700", "lie outside the area"),
])  # fmt: skip
def test_a_reference_system_that_cannot_be_meant_or_used_is_one_sentence(tmp_path: Path, crs: str, says: str) -> None:
    (told,) = refused(written(tmp_path / "f.geojson", polygon(38_480_000, 3_300_000, 500), crs=crs))
    assert says in told


@pytest.mark.parametrize(("place", "zone"), [
    (XIAMEN, "UTC"),
    (XIAMEN, "Asia/Shanghai"),
    (ZURICH, "UTC"),
    ((-87.65, 41.85), "UTC"),
    ((106.8, -6.2), "UTC"),
    ((75.9, 39.4), "Asia/Urumqi"),
    ((75.9, 39.4), "UTC"),
    ((13.4, 52.5), "Europe/Berlin"),
])  # fmt: skip
def test_swapped_axes_are_asked_about(tmp_path: Path, place: tuple[float, float], zone: str) -> None:
    right = written(tmp_path / "right.geojson", polygon(*place))
    swapped = written(tmp_path / "swapped.geojson", polygon(*place[::-1]))
    assert corner(right, zone) == place
    (told,) = refused(swapped, zone)
    assert "--swap-axes" in told
    assert corner(swapped, zone, swap=True) == place


def test_northing_before_easting_is_asked_about(tmp_path: Path) -> None:
    swapped = written(tmp_path / "f.geojson", polygon(3_375_000, 529_000, 500), crs="EPSG:4547")
    (told,) = refused(swapped)
    assert "northing first" in told
    assert corner(swapped, swap=True) == pytest.approx((114.30, 30.49), abs=0.02)


def test_a_place_far_from_any_town_can_be_confirmed(tmp_path: Path) -> None:
    """The place lies in the interior of Somalia, and its numbers the other way round at Zurich."""
    file = written(tmp_path / "f.geojson", polygon(47.3, 8.5))
    assert "--keep-axes" in refused(file)[0]
    assert corner(file, swap=False) == (47.3, 8.5)


@pytest.mark.parametrize("geometry", [
    {"type": "GeometryCollection", "geometries": [polygon(*ZURICH)]},
    {"type": "GeometryCollection", "geometries": [polygon(*ZURICH), {"type": "Point", "coordinates": list(ZURICH)}]},
    {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": [polygon(*ZURICH)]}]},
    {"type": "MultiPolygon", "coordinates": [square(*ZURICH), square(8.6, 47.3)]},
    {"type": "Polygon", "coordinates": [[[*point, 412.5] for point in square(*ZURICH)[0]]]},
])  # fmt: skip
def test_polygons_in_any_packing_are_taken(tmp_path: Path, geometry: dict[str, Any]) -> None:
    assert corner(written(tmp_path / "f.geojson", geometry)) == ZURICH


@pytest.mark.parametrize("empty", [None, {}, {"type": "MultiPolygon", "coordinates": []},
                                   {"type": "GeometryCollection", "geometries": []},
                                   {"type": "Polygon", "coordinates": [[]]}])  # fmt: skip
def test_empty_shapes_are_named_and_can_be_left_out(tmp_path: Path, empty: Any) -> None:
    file = written(tmp_path / "f.geojson", polygon(*ZURICH), empty, polygon(8.6, 47.3))
    (told,) = refused(file)
    assert told.startswith("f.geojson, feature 2: ")
    assert "--skip-empty" in told
    plan = plan_region(file, wish=ReadingWishes(skip_empty=True))
    assert [shape.id for shape in plan.shapes] == ["G001", "G003"]
    assert [note.row for note in plan.notes] == [2]


def test_shapes_without_an_area_can_be_left_out_too(tmp_path: Path) -> None:
    spike = {"type": "Polygon", "coordinates": [[[8.5, 47.3], [8.6, 47.3], [8.5, 47.3]]]}
    file = written(tmp_path / "f.geojson", polygon(*ZURICH), spike)
    assert "none of its rings has an area" in refused(file)[0]
    plan = plan_region(file, wish=ReadingWishes(skip_empty=True))
    assert ([shape.id for shape in plan.shapes], [note.row for note in plan.notes]) == (["G001"], [2])


def test_metres_are_told_as_such_where_the_file_says_degrees(tmp_path: Path) -> None:
    """And the option says better than the file what they are."""
    file = written(tmp_path / "f.geojson", polygon(2683256, 1248117, 1000), crs="urn:ogc:def:crs:OGC:1.3:CRS84")
    assert "metres" in refused(file)[0]
    assert corner(file, crs="EPSG:2056") == pytest.approx((8.541, 47.379), abs=0.001)


def test_one_fault_for_each_feature_and_twenty_lines_at_most(tmp_path: Path) -> None:
    """A street of many broken shapes among more good ones."""
    good = [polygon(8.5 + n * 0.01, 47.3) for n in range(60)]
    wrong = [{"type": "Point", "coordinates": [8, 47]}] * 25 + [polygon(999, 47.3)]
    file = written(tmp_path / "f.geojson", *good, *wrong)
    with pytest.raises(FaultyMap) as caught:
        new_region(tmp_path / "town", file)
    assert [fault.row for fault in caught.value.faults] == list(range(61, 87))
    lines = str(caught.value).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  … and 6 more"


@pytest.mark.parametrize("given", [1.0, "1.0", 1, "1"], ids=repr)
def test_ids_written_as_decimals_are_whole(tmp_path: Path, given: Any) -> None:
    file = written(tmp_path / "f.geojson", polygon(*ZURICH), id=given, code=given)
    assert [shape.id for shape in plan_region(file, "id").shapes] == ["1"]
    if given != "1.0":
        assert [shape.id for shape in plan_region(file, "code").shapes] == ["1"]


def test_ids_that_only_look_like_decimals_stay(tmp_path: Path) -> None:
    features = [{"type": "Feature", "id": each, "geometry": polygon(*ZURICH)} for each in ("1.0", "1.1")]
    file = tmp_path / "f.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert [feature.id for feature in read_features(file, RegionFaults())] == ["1.0", "1.1"]


def test_a_single_feature_a_bare_geometry_and_one_feature_a_line_are_read(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": polygon(*ZURICH)}
    file = tmp_path / "f.geojson"
    for text in (json.dumps(feature), json.dumps(feature["geometry"]), "\n".join([json.dumps(feature)] * 2)):
        file.write_text(text, encoding="utf-8")
        assert corner(file) == ZURICH


def line(geometry: dict[str, Any]) -> tuple[Any, list[str]]:
    faults = RegionFaults()
    found = line_of(Feature("f.geojson", 1, "S1", {}, geometry), faults)
    return found, [fault.text.en for fault in faults.found]


PATH = [[8.5, 47.3], [8.51, 47.31], [8.52, 47.3], [8.53, 47.32]]


@given(order=st.sampled_from(list(permutations(range(3)))), turned=st.lists(st.booleans(), min_size=3, max_size=3))
@settings(max_examples=48)
def test_parts_that_touch_are_one_line(order: tuple[int, ...], turned: list[bool]) -> None:
    """In whatever order and direction they stand; the direction is that of the first part."""
    parts = [[PATH[n], PATH[n + 1]] for n in range(3)]
    drawn = [parts[n][::-1] if turned[n] else parts[n] for n in order]
    expected = [tuple(point) for point in PATH]
    found, faults = line({"type": "MultiLineString", "coordinates": drawn})
    assert faults == []
    assert found == (expected[::-1] if turned[order[0]] else expected)


@pytest.mark.parametrize("parts", [
    [[[0, 0], [1, 0]], [[2, 0], [3, 0]]],  # a gap
    [[[0, 0], [1, 0]], [[1, 0], [2, 0]], [[1, 0], [1, 1]]],  # a fork
])  # fmt: skip
def test_parts_that_form_no_line_are_one_fault(parts: list[Any]) -> None:
    found, faults = line({"type": "MultiLineString", "coordinates": parts})
    assert found is None
    assert len(faults) == 1
    assert "do not form one" in faults[0]


def test_a_faulty_shape_is_no_second_fault_elsewhere(tmp_path: Path) -> None:
    """A segment whose line is broken is not missing, nor is a grid or a person with a wrong cell."""
    folder = Path(shutil.copytree(data_folder("regions") / "example", tmp_path / "r"))
    for name in ("segments", "grids"):
        content = json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))
        content["features"][0]["geometry"] = None
        (folder / f"{name}.geojson").write_text(json.dumps(content), encoding="utf-8")
    people = (folder / "people.csv").read_text(encoding="utf-8")
    (folder / "people.csv").write_text(people.replace("segment_supervisor", "emperor", 1), encoding="utf-8")
    assert sorted(problem.where for problem in check_region(folder)) == [
        "grids.geojson, 1", next(p.where for p in check_region(folder) if "people" in p.where), "segments.geojson, 1",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("said", [None, "cpg", "byte"])
def test_a_shapefile_with_chinese_names(tmp_path: Path, encoding: str, said: str | None) -> None:
    """Also where neither a .cpg nor the table's head says in what encoding it is, as in China."""
    file = shapefile(tmp_path, encoding)
    if said == "cpg":
        file.with_suffix(".cpg").write_text("936" if encoding == "gbk" else "UTF-8")
    elif said == "byte" and encoding == "gbk":
        table = bytearray(file.with_suffix(".dbf").read_bytes())
        table[29] = 0x4D
        file.with_suffix(".dbf").write_bytes(table)
    plan = plan_region(file, "code")
    assert [shape.id for shape in plan.shapes] == ["橘子网格"]
    assert corner(file) == pytest.approx((114.3, 30.5), abs=1e-5)
    packed = tmp_path / "packed.zip"
    with ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("map.*"):
            archive.write(part, f"网格/{part.name}")
    assert [shape.id for shape in plan_region(packed, "code").shapes] == ["橘子网格"]


def shapefile(folder: Path, encoding: str) -> Path:
    """One square in metres of CGCS2000, with its reference system beside it and no word about the encoding."""
    pyogrio = pytest.importorskip("pyogrio", reason="the extra maps is not installed")
    x, y = Transformer.from_crs(4490, 4547, always_xy=True).transform(114.3, 30.5)
    shapes = shapely.to_wkb(np.asarray([shapely.Polygon(square(x, y, 500)[0])]))
    names = [np.asarray(["橘子网格"], dtype=object)]
    file = folder / "map.shp"
    pyogrio.raw.write(file, shapes, names, ["code"], geometry_type="Polygon", crs="EPSG:4547", encoding=encoding)
    file.with_suffix(".cpg").unlink(missing_ok=True)
    table = bytearray(file.with_suffix(".dbf").read_bytes())
    table[29] = 0
    file.with_suffix(".dbf").write_bytes(table)
    return file


def test_a_geopackage_with_several_layers_is_asked_about(tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio", reason="the extra maps is not installed")
    file = tmp_path / "map.gpkg"
    for n, layer in enumerate(("格", "街")):
        shape = shapely.to_wkb(np.asarray([shapely.Polygon(square(8.5 + n, 47.3)[0])]))
        pyogrio.raw.write(file, shape, [np.asarray([layer], dtype=object)], ["name"], geometry_type="Polygon",
                          crs="EPSG:4326", layer=layer, append=n > 0)  # fmt: skip
    (told,) = refused(file)
    assert "--layer: 格, 街" in told
    assert corner(file, layer="街") == (9.5, 47.3)


@pytest.mark.parametrize("name", ["map.shp", "map.gpkg", "map.zip", "map.dbf", "map.kml"])
def test_a_file_that_is_no_map_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no map at all")
    (told,) = refused(tmp_path / name)
    assert told.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        ('{"type": "Topology", "objects": {}, "arcs": []}', "这是 TopoJSON", "this is TopoJSON"),
        ('{"geometryType": "esriGeometryPolygon", "features": []}', "这是 Esri JSON", "this is Esri JSON"),
        ('{"version": 0.6, "elements": []}', "这是 OSM JSON", "this is OSM JSON"),
        ('<?xml version="1.0"?><kml></kml>', "这是 KML", "this is KML"),
        ("<html></html>", "这是 XML 或网页", "this is XML or a web page"),
        ("", "文件是空的", "the file is empty"),
        ('{"type": [', "第 1 行第 11 个字符起不是有效的 JSON", "not JSON (line 1, character 11: Expecting value)"),
    ],
)
def test_another_format_is_named_in_one_language(tmp_path: Path, content: str, zh: str, en: str) -> None:
    (tmp_path / "f.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(FaultyMap) as caught:
        plan_region(tmp_path / "f.geojson")
    (fault,) = caught.value.faults
    assert fault.text.zh == f"{zh}；请在地图软件中另存为 GeoJSON"
    assert fault.text.en == f"{en}; save it as GeoJSON in a map program"


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("f.shp", "缺少 f.shx，须与它放在一起", "f.shx is missing; it belongs beside it"),
        ("f.gpkg", "不是可读的 GeoPackage；请在地图软件中另存为 GeoJSON",
         "is no readable GeoPackage file; save it as GeoJSON in a map program"),
    ],
)  # fmt: skip
def test_a_broken_map_is_told_in_one_language(tmp_path: Path, name: str, zh: str, en: str) -> None:
    (tmp_path / name).write_bytes(b"nothing of a map")
    with pytest.raises(FaultyMap) as caught:
        plan_region(tmp_path / name)
    assert [(fault.text.zh, fault.text.en) for fault in caught.value.faults] == [(zh, en)]


def test_utf_16_and_a_linked_reference_system_are_read(tmp_path: Path) -> None:
    file = written(tmp_path / "f.geojson", polygon(*ZURICH))
    content = json.loads(file.read_text(encoding="utf-8"))
    content["crs"] = {"type": "link", "properties": {"href": "http://spatialreference.org/ref/epsg/4326/"}}
    file.write_bytes(json.dumps(content).encode("utf-16"))
    assert corner(file) == ZURICH


@pytest.mark.parametrize("given", [["a"], {"a": 1}, True])
def test_an_id_that_is_no_text_or_number_is_none(tmp_path: Path, given: Any) -> None:
    file = written(tmp_path / "f.geojson", polygon(*ZURICH), id=given, code=given)
    for name in ("id", "code"):
        with pytest.raises(FaultyMap, match="no usable id"):
            plan_region(file, name)


def test_lines_are_no_areas() -> None:
    faults = RegionFaults()
    assert polygons_of(Feature("f", 1, None, {}, {"type": "LineString", "coordinates": PATH}), faults) is None
    assert [fault.text.en for fault in faults.found] == ["must be a polygon, not LineString"]


@pytest.mark.parametrize(("zone", "place", "inside"), [
    ("UTC", XIAMEN, True), ("Asia/Shanghai", XIAMEN, True), ("PRC", (116.4, 39.9), True), ("UTC", (87.6, 43.8), True),
    ("UTC", (102.7, 25.0), True), ("UTC", (91.1, 29.65), True), ("UTC", (114.06, 22.54), True),
    ("UTC", (126.6, 45.8), True), ("UTC", (110.3, 20.0), True), ("Asia/Shanghai", (97.85, 24.0), True),
    ("UTC", (114.17, 22.32), False), ("Asia/Hong_Kong", (114.17, 22.32), False), ("UTC", (113.55, 22.19), False),
    ("UTC", (121.5, 25.05), False), ("UTC", (126.98, 37.57), False), ("UTC", (105.85, 21.03), False),
    ("UTC", (106.9, 47.9), False), ("Asia/Seoul", XIAMEN, False), ("UTC", ZURICH, False),
])  # fmt: skip
def test_where_phones_give_another_datum(zone: str, place: tuple[float, float], inside: bool) -> None:
    assert in_mainland(zone, [place]) is inside


def test_a_region_in_mainland_china_gets_the_switch_and_a_warning_without_it(tmp_path: Path) -> None:
    box = (*XIAMEN, XIAMEN[0] + 0.02, XIAMEN[1] + 0.02)
    plan = plan_tiles(box, 1000)
    assert plan.in_mainland
    assert plan.write(tmp_path / "silent", Head()).gcj
    assert not plan.write(tmp_path / "said", Head(gcj=False)).gcj
    codes = [{problem.code for problem in check_region(tmp_path / each)} for each in ("silent", "said")]
    assert ["gcj_off" in each for each in codes] == [False, True]
    assert ["positions_open" in each for each in codes] == [True, False]
    plan.write(tmp_path / "typed", Head(positions=Datum.WGS84))
    assert "positions_open" not in {problem.code for problem in check_region(tmp_path / "typed")}


def test_without_the_library_for_maps_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where Grid36 was installed without its extra: GeoJSON is read, a shapefile is not, and nothing is left."""
    monkeypatch.setitem(sys.modules, "pyogrio", None)
    (tmp_path / "grids.shp").write_bytes(b"")
    with pytest.raises(MapsMissing) as caught:
        new_region(tmp_path / "r", tmp_path / "grids.shp")
    assert caught.value.say(Language.EN) == (
        "This kind of file needs the extra `maps` of Grid36. Install Grid36 with it, or save the file as GeoJSON. "
        "(file: grids.shp)"
    )
    assert caught.value.say(Language.ZH).startswith("读取这种文件需要 Grid36 的可选组件 maps。")
    assert not (tmp_path / "r").exists()
    assert new_region(tmp_path / "r", written(tmp_path / "f.geojson", polygon(*ZURICH))).grids


@pytest.mark.parametrize(("lang", "says", "never"), [("zh-CN", "坐标是米", "are metres"), ("en", "are metres", "坐标")])
def test_the_command_says_it_in_one_language(tmp_path: Path, lang: str, says: str, never: str) -> None:
    file = written(tmp_path / "metres.geojson", polygon(2683256, 1248117, 1000))
    answer = CliRunner(env={"GRID36_LANG": lang}).invoke(region, ["new", str(tmp_path / "r"), "--from", str(file)])
    assert isinstance(answer.exception, WrongInput)
    assert says in answer.exception.say(Language(lang))
    assert never not in answer.exception.say(Language(lang))
    made = ["new", str(tmp_path / "r"), "--tile", "118.08,24.46,118.1,24.48", "--cell", "1000"]
    answer = CliRunner(env={"GRID36_LANG": lang}).invoke(region, made)
    assert "gcj: true" in answer.output
    assert "positions: gcj02" in answer.output
    assert load_region(tmp_path / "r").untyped is Datum.GCJ02
    made[1] = str(tmp_path / "said")
    answer = CliRunner(env={"GRID36_LANG": lang}).invoke(region, [*made, "--gcj", "--positions", "wgs84"])
    assert "positions:" not in answer.output
    assert load_region(tmp_path / "said").untyped is Datum.WGS84
    made[1] = str(tmp_path / "off")
    answer = CliRunner(env={"GRID36_LANG": lang}).invoke(region, [*made, "--no-gcj"])
    assert load_region(tmp_path / "off").positions is None
    assert ("网格" in answer.output) is (lang == "zh-CN")


def test_a_check_shows_twenty_of_many(tmp_path: Path) -> None:
    ring = [polygon(8.5 + n * 0.02, 47.3, 0.011) for n in range(30)]
    over = [polygon(8.5 + n * 0.02 + 0.01, 47.3, 0.005) for n in range(30)]
    new_region(tmp_path / "r", written(tmp_path / "f.geojson", *ring, *over))
    answer = CliRunner(env={"GRID36_LANG": "en"}).invoke(region, ["check", str(tmp_path / "r")])
    lines = answer.output.splitlines()
    assert len(lines) == 22
    assert "more" in lines[-2]
