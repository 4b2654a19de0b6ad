"""An invented city of any size: square grids, and a road along every grid line and through every grid."""

from typing import Any

from schemas.region import Region

WEST, SOUTH = 118.0, 24.0
CELL = 0.004  # degrees, about 400 m


def city(columns: int, rows: int, *, roads_per_grid: int = 5, **changes: Any) -> Region:
    """`columns` × `rows` grids named `G<column>-<row>`, each with `roads_per_grid` parallel segments.

    Road `r` of a row runs through all its columns; a column has even house numbers 2–40 of its own
    hundred. The southernmost road of a row runs exactly on the grids' edge.
    """
    grids = [_grid(c, r) for c in range(columns) for r in range(rows)]
    segments = [
        _segment(c, r, k, roads_per_grid) for c in range(columns) for r in range(rows) for k in range(roads_per_grid)
    ]
    plain = {
        "code": "city",
        "name": {"zh": "试验城", "en": "Test City"},
        "zone": "Asia/Shanghai",
        "gcj": True,
        "box": {
            "west": WEST - 0.01,
            "south": SOUTH - 0.01,
            "east": WEST + columns * CELL + 0.01,
            "north": SOUTH + rows * CELL + 0.01,
        },
        "grids": grids,
        "segments": segments,
        "fallback_owner": "desk",
        "fallback_department": "office",
    }
    return Region.model_validate(plain | changes)


def square(west: float, south: float, side: float) -> list[list[tuple[float, float]]]:
    """One polygon as in GeoJSON."""
    east, north = west + side, south + side
    return [[(west, south), (east, south), (east, north), (west, north), (west, south)]]


def _grid(column: int, row: int) -> dict[str, Any]:
    return {
        "id": f"G{column:03}-{row:03}",
        "name": {"zh": f"第{column}-{row}格", "en": f"Grid {column}-{row}"},
        "polygons": [square(WEST + column * CELL, SOUTH + row * CELL, CELL)],
    }


def _segment(column: int, row: int, k: int, roads: int) -> dict[str, Any]:
    lat = SOUTH + (row + k / roads) * CELL
    west = WEST + column * CELL
    return {
        "id": f"S{column:03}-{row:03}-{k}",
        "road": {"zh": f"云{row:03}排{k}路", "en": f"Cloud {row}-{k} Road"},
        "grid": f"G{column:03}-{row:03}",
        "line": [(west, lat), (west + CELL * 0.3, lat), (west + CELL * 0.7, lat), (west + CELL, lat)],
        "numbers": [{"first": column * 100 + 2, "last": column * 100 + 40, "side": "even"}],
    }
