"""Shapefile and GeoPackage through pyogrio, which is the extra `maps`; tables in GBK are read as such."""

import codecs
import json
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import shapely

from grid36.files.region.files import RegionFaults
from schemas.errors import WrongInput
from schemas.names import Name

MOST_UNPACKED: Final = 500_000_000  # bytes of the files of one shapefile
_SHAPEFILE: Final = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
_LANGUAGE_AT: Final = 29  # byte of a table's head that names its code page
_ENCODING_BY_BYTE: Final = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
_UNSAID: Final = {0x00, 0x57}  # nothing, and "whatever Windows had"
_BROKEN_SHARE: Final = 0.1


class MapsMissing(WrongInput):
    """This kind of file needs the extra `maps` of Grid36. Install Grid36 with it, or save the file as GeoJSON."""


def read_ogr(path: Path, layer: str | None, faults: RegionFaults) -> tuple[Sequence[Any], str | None] | None:
    """(features as in GeoJSON, reference system) of a file; None with a fault. Raises `MapsMissing`."""
    try:
        import pyogrio
    except ImportError:
        raise MapsMissing(file=path.name) from None
    try:
        with _unpacked(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about rings that turn the other way, and times without a zone
            name = _layer(pyogrio.list_layers(file), layer)
            encoding = _encoding(file) if file.suffix.lower() == ".shp" else None
            meta, _, shapes, columns = pyogrio.raw.read(file, layer=name, encoding=encoding, force_2d=True)
    except _LayerInDoubt as doubt:
        text = Name.of("files.map.several_layers", doubt=doubt)
        faults.add(path.name, text)
        return None
    except _WrongArchive as wrong:
        faults.add(path.name, wrong.said)
        return None
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, BadZipFile, ValueError):
        faults.add(path.name, _unreadable(path))
        return None
    names = [str(field) for field in meta["fields"]]
    rows = zip(*columns, strict=True) if columns else ([] for _ in shapes)
    features = [
        {"properties": dict(zip(names, map(_plain, row), strict=True)), "geometry": _geometry(shape)}
        for shape, row in zip(shapes, rows, strict=True)
    ]
    return features, meta["crs"]


class _WrongArchive(Exception):
    """An archive that is not of one shapefile; `said` is why, in both languages."""

    def __init__(self, said: Name) -> None:
        super().__init__(said.en)
        self.said = said


def _unreadable(path: Path) -> Name:
    """What to say of a file that cannot be read, in both languages."""
    if path.suffix.lower() == ".shp" and _beside(path, ".shx") is None:
        index = path.with_suffix(".shx").name
        return Name.of("files.map.index_missing", index=index)
    kinds = {".shp": "Shapefile", ".gpkg": "GeoPackage", ".zip": "ZIP"}
    kind = kinds[path.suffix.lower()]
    return Name.of("files.map.unreadable", kind=kind)


class _LayerInDoubt(Exception):
    """There is not exactly one that could be meant."""


def _layer(layers: Any, wanted: str | None) -> str:
    """The layer of that name, or the only one with areas or lines."""
    every = [(str(name), str(kind)) for name, kind in layers]
    drawn = [name for name, kind in every if "Polygon" in kind or "Line" in kind or kind in {"Unknown", "Collection"}]
    meant = [name for name, _ in every if name == wanted] if wanted is not None else drawn
    if len(meant) != 1:
        raise _LayerInDoubt(", ".join(name for name, _ in every))
    return meant[0]


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The file itself, or the shapefile in a .zip, unpacked for as long as it is read."""
    if path.suffix.lower() != ".zip":
        yield path
        return
    with ZipFile(path) as packed, TemporaryDirectory(prefix="grid36-map-") as folder:
        parts = [part for part in packed.infolist() if Path(part.filename).suffix.lower() in _SHAPEFILE]
        shapes = [part for part in parts if part.filename.lower().endswith(".shp") and "__MACOSX" not in part.filename]
        if len(shapes) != 1:
            raise _WrongArchive(Name.of("files.map.several_shapefiles", n=len(shapes)))
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            most = MOST_UNPACKED // 1_000_000
            raise _WrongArchive(Name.of("files.map.too_large", most=most))
        stem = shapes[0].filename[: -len(".shp")].lower()
        for part in parts:
            kind = Path(part.filename).suffix.lower()
            if part.filename[: -len(kind)].lower() == stem:
                (Path(folder) / f"map{kind}").write_bytes(packed.read(part))
        yield Path(folder) / "map.shp"


def _encoding(shape: Path) -> str | None:
    """Of a shapefile's table: as the .cpg or the table's head says, else UTF-8 where it is that, else GB 18030.

    None where the head names a code page that the library knows.
    """
    said = _beside(shape, ".cpg")
    if said and (name := _codec(said.decode("ascii", errors="replace"))):
        return name
    table = _beside(shape, ".dbf") or b""
    if len(table) <= _LANGUAGE_AT:
        return None
    byte = table[_LANGUAGE_AT]
    if byte in _ENCODING_BY_BYTE:
        return _ENCODING_BY_BYTE[byte]
    if byte not in _UNSAID:
        return None
    records = table[int.from_bytes(table[8:10], "little") :]
    # a cell can end within a letter, so a few broken ones do not speak against UTF-8
    text = records.decode("utf-8", errors="replace")
    foreign, broken = sum(letter > "\x7f" for letter in text), text.count("\ufffd")
    return "utf-8" if broken <= foreign * _BROKEN_SHARE else "gb18030"


def _beside(shape: Path, kind: str) -> bytes | None:
    for name in (shape.with_suffix(kind), shape.with_suffix(kind.upper())):
        if name.is_file():
            return name.read_bytes()
    return None


def _codec(said: str) -> str | None:
    """`UTF-8`, `GBK`, `936`, `ANSI 936` or `CP936` as a name that Python and GDAL know."""
    text = said.strip().lower()
    if re.search(r"936|gbk|gb2312|gb18030|euc-cn", text):
        return "gb18030"
    try:
        return codecs.lookup(text).name
    except LookupError:
        return None


def _geometry(shape: Any) -> Any:
    return None if shape is None else json.loads(shapely.to_geojson(shapely.from_wkb(shape)))


def _plain(value: Any) -> Any:
    """A cell as JSON has it; what is no number stays a text."""
    if value is None or value != value:  # noqa: PLR0124 - only "not a number" differs from itself
        return None
    return value.item() if hasattr(value, "item") else value
