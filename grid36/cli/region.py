"""region new, region check."""

import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from grid36.cli.options import FILE, FOLDER, as_json, say, settings_of
from grid36.cli.terminal.help_texts import Group, option
from grid36.cli.terminal.misuse import Misuse
from grid36.files.region.commands import (
    Head,
    RegionPlan,
    RegionSeverity,
    check_region,
    plan_region,
    plan_tiles,
    week_of,
)
from grid36.files.region.files import first_of
from grid36.files.region.map_files import ReadingWishes
from schemas.datum import Datum
from schemas.names import Language, Name

_REGION = """创建和检查地区：网格、路段、人员、规则。"""


@click.group(cls=Group, zh=_REGION)
def region() -> None:
    """Make and check regions: grids, road segments, people, rulebook."""


_NEW = """在 FOLDER 中创建可用的地区：网格、一名兜底责任人、通用规则。之后可编辑其文件。

\b
grid36 region new my-street --from grids.geojson --zone Asia/Shanghai
grid36 region new my-street --from grids.shp --crs EPSG:4547 --id code
grid36 region new my-street --tile 118.0,24.4,118.05,24.43 --cell 500"""


@region.command(zh=_NEW)
@click.argument("folder", type=click.Path(path_type=Path))
@option(
    "--from",
    "source",
    type=FILE,
    help=Name(
        zh="面要素：GeoJSON；装有附加组件 maps 时也可用 .shp、其 .zip 或 .gpkg。",
        en="Polygons: GeoJSON; with the extra `maps` also .shp, a .zip of it, or .gpkg.",
    ),
)
@option(
    "--id",
    "id_property",
    help=Name(
        zh="作为网格编号的属性；不给则按文件顺序编号。",
        en="Property that names each grid; without it they are numbered in file order.",
    ),
)
@option("--layer", help=Name(zh="GeoPackage 有多个图层时选哪一个。", en="Which layer, of a GeoPackage with several."))
@option(
    "--crs",
    help=Name(
        zh="文件未注明时的坐标参考系，如 EPSG:4547。",
        en="Reference system of the file where it names none, e.g. EPSG:4547.",
    ),
)
@option(
    "--swap-axes/--keep-axes",
    "swap",
    default=None,
    help=Name(zh="是否纬度（或北坐标）在前。", en="Whether latitude or northing comes first."),
)
@option("--skip-empty", is_flag=True, help=Name(zh="略过没有图形的要素。", en="Leave features without a shape out."))
@option("--tile", help=Name(zh="代替 --from：西,南,东,北，以度为单位。", en="Instead of --from: W,S,E,N in degrees."))
@option(
    "--cell",
    type=click.FloatRange(10, 100_000),
    help=Name(zh="与 --tile 合用：格宽，以米为单位。", en="With --tile: size of a cell in metres."),
)
@option(
    "--zone",
    default="UTC",
    show_default=True,
    help=Name(zh="时区，如 Asia/Shanghai。", en="Time zone, e.g. Asia/Shanghai."),
)
@option(
    "--code", help=Name(zh="地区代码，即案件编号的首段。", en="Code of the region, the first part of its case numbers.")
)
@option(
    "--gcj/--no-gcj",
    default=None,
    help=Name(
        zh="此地的地图和手机是否给出 GCJ-02 坐标，如中国大陆。",
        en="Whether maps and phones give GCJ-02 here, as in mainland China.",
    ),
)
@option(
    "--positions",
    type=click.Choice([datum.value for datum in Datum]),
    help=Name(zh="未注明坐标系的位置按哪种坐标系。", en="What positions without a datum mean."),
)
def new(  # one per option, passed by name
    folder: Path,
    source: Path | None,
    id_property: str | None,
    layer: str | None,
    crs: str | None,
    swap: bool | None,
    skip_empty: bool,
    tile: str | None,
    cell: float | None,
    zone: str,
    code: str | None,
    gcj: bool | None,
    positions: str | None,
) -> None:
    """Make a usable region in FOLDER: grids, one fallback owner, the generic rulebook. Then edit its files.

    \b
    grid36 region new my-street --from grids.geojson --zone Asia/Shanghai
    grid36 region new my-street --from grids.shp --crs EPSG:4547 --id code
    grid36 region new my-street --tile 118.0,24.4,118.05,24.43 --cell 500
    """
    if (source is None) == (tile is None):
        raise Misuse(
            Name(
                zh="请给出 --from 文件.geojson，或 --tile 西,南,东,北 和 --cell 米数。",
                en="Give either --from FILE.geojson, or --tile W,S,E,N with --cell METRES.",
            )
        )
    language = Language(settings_of().lang)
    if source is not None:
        plan = plan_region(source, id_property, zone, ReadingWishes(crs, swap, skip_empty=skip_empty, layer=layer))
    else:
        assert tile is not None, "checked above"
        plan = plan_tiles(_corners(tile), cell or 500.0, zone)
    switch = _gcj(plan, gcj, language)
    datum = Datum(positions) if positions else _untyped(switch, language)
    made = plan.write(folder, Head(code=code, zone=zone, gcj=switch, positions=datum))
    for line in first_of([note.say(language) for note in plan.notes], language):
        click.echo(line)
    done = Name(
        zh=f"已在 {folder} 建立 {len(made.grids)} 个网格。下一步：grid36 region check {folder}",
        en=f"Made {folder} with {len(made.grids)} grids. Next: grid36 region check {folder}",
    )
    click.echo(done.to(language))


def _gcj(plan: RegionPlan, said: bool | None, language: Language) -> bool:
    """The switch: as said, else asked where somebody can answer, else by where the region lies, which is told."""
    if said is not None or not plan.in_mainland:
        return bool(said)
    click.echo(_MAINLAND.to(language))
    if sys.stdin.isatty():
        return click.confirm(_IS_GCJ.to(language), default=True)
    click.echo(_WROTE.to(language))
    return True


def _untyped(gcj: bool, language: Language) -> Datum | None:
    """What positions without a datum mean where they may be 500 m off: asked, else as phone maps give them, told."""
    if not gcj:
        return None
    if sys.stdin.isatty():
        known = click.Choice([datum.value for datum in Datum])
        return Datum(click.prompt(_WHICH.to(language), type=known, default=Datum.GCJ02.value))
    click.echo(_WROTE_POSITIONS.to(language))
    return Datum.GCJ02


_MAINLAND = Name(
    zh="此地区位于中国大陆，这里的手机地图给出 GCJ-02 坐标，与 WGS-84 相差约 500 米。",
    en="This region lies in mainland China, where maps on phones give GCJ-02, some 500 m off WGS-84.",
)
_IS_GCJ = Name(zh="按 GCJ-02 换算这类坐标吗?", en="Convert such positions from GCJ-02?")
_WROTE = Name(
    zh="已写入 gcj: true；若来源都给出 WGS-84，请用 --no-gcj。",
    en="Wrote `gcj: true`; use --no-gcj if all sources give WGS-84.",
)

_WHICH = Name(
    zh="没有注明坐标系的位置按哪一种理解?", en="What does a position mean that comes without its coordinate system?"
)
_WROTE_POSITIONS = Name(
    zh="已写入 positions: gcj02，未注明坐标系的位置按 GCJ-02 理解；若来源给出 WGS-84，请用 --positions wgs84。",
    en="Wrote `positions: gcj02`: a position without its coordinate system is taken as GCJ-02; "
    "use --positions wgs84 if your sources give WGS-84.",
)


def _corners(tile: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in tile.split(","))
    except ValueError:
        raise Misuse(
            Name(
                zh="--tile 须为四个数：西,南,东,北，以度为单位。",
                en="--tile takes four numbers: west,south,east,north in degrees.",
            )
        ) from None
    return west, south, east, north


_CHECK = """检查空隙、重叠、无责任人的路段、大小不当的网格、未知人员。有错误时退出码为 1。

先按日历列出一个示例周的班次。"""


@region.command(zh=_CHECK)
@click.argument("folder", type=FOLDER)
@as_json
def check(folder: Path, as_json: bool) -> None:
    """Holes, overlaps, segments without owner, grids out of size, unknown people. Exit code 1 when there are errors.

    First the hours of a sample week, as the calendar says them.
    """
    problems = check_region(folder)
    language = Language(settings_of().lang)
    rows = [{"severity": p.severity.value, "code": p.code, "where": p.where, "text": p.say(language)} for p in problems]
    errors = sum(p.severity is RegionSeverity.ERROR for p in problems)
    week = [] if errors else [line.to(language) for line in week_of(folder)]
    say({"problems": rows, "week": week}, as_json, _show)
    if not as_json:
        warnings = len(problems) - errors
        total = Name(zh=f"{errors} 个错误，{warnings} 个警告", en=f"{errors} errors, {warnings} warnings")
        click.echo(total.to(language))
    raise click.exceptions.Exit(1 if errors else 0)


def _show(answer: dict[str, Any]) -> None:
    """The hours, then twenty problems of each severity; `--json` names all."""
    language = Language(settings_of().lang)
    for line in answer["week"]:
        click.echo(f"{_LABELS['hours'].to(language):<8} {line}")
    for severity, rows in groupby(answer["problems"], key=lambda row: str(row["severity"])):
        for line in first_of([f"{_LABELS[severity].to(language):<8} {row['text']}" for row in rows], language):
            click.echo(line)


_LABELS = {
    "hours": Name(zh="班次", en="hours"),
    "error": Name(zh="错误", en="error"),
    "warning": Name(zh="警告", en="warning"),
}
