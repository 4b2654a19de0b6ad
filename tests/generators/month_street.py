"""What the month's plan knows of the example street: its own reading of the region's files, and its own word list."""

import csv
import json
from dataclasses import dataclass
from hashlib import sha256
from math import cos, hypot, radians
from pathlib import Path
from typing import Final

import prcoords

from grid36.settings import data_folder
from schemas.calendar import WorkCalendar
from schemas.datum import Datum
from schemas.place import Coordinates, PlaceGiven
from tests.oracles.minutes import Minutes

HOUR: Final = 3_600_000
MINUTE: Final = 60_000
DAY: Final = 24 * HOUR
REGION: Final = "350203006"
UNPLACED: Final = f"{REGION}-U"
FALLBACK: Final = "duty-desk"
DEGREE_M: Final = 111_195.0
USUAL: Final = 0.4
"""Not the middle: there other roads cross, and a point on two roads is nobody's fault."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A category as the plan needs it: words that mean it, who gets it (owner, head or a person), limits in ms."""

    category: str
    words: str
    who: str
    department: str
    resolve: int
    verify: int = 3 * DAY
    photo: bool = True
    radius_m: float = 0.0
    """0: nothing merges; negative: the whole segment is one place."""
    item: str = ""
    working_days: int = 0
    """The limit in working days instead; `resolve` is then what is never more than that."""

    def due(self, at: int) -> int:
        """When it is due that somebody gets at `at`."""
        return OFFICE.due_days(at - at % MINUTE, self.working_days) if self.working_days else at + self.resolve

    def due_again(self, due: int, resolved_at: int, at: int) -> int:
        """When it is due that goes on at `at`, with what was left when it was resolved; to the minute."""
        if not self.working_days:
            return at + (due - resolved_at)
        left = OFFICE.worked(resolved_at - resolved_at % MINUTE, due)
        at -= at % MINUTE
        while left > 0:
            left -= MINUTE * OFFICE.works(at)
            at += MINUTE
        return at


_SHIFTS: Final = [["08:30-12:00", "14:00-17:30"]] * 5 + [[], []]
OFFICE: Final = Minutes(
    WorkCalendar.model_validate(
        {"zone": "Asia/Shanghai", "first": "2025-10-09", "last": "2025-12-31",
         "hours": {"week": _SHIFTS, "cut_off": "17:00"}}
    )
)  # fmt: skip
"""The street's office hours; between the National Day and New Year nobody has a day off."""

_WORKS, _LIGHTS, _CITY = "officer-municipal-works", "officer-street-lighting", "urban-management"
WHOLE: Final = -1.0
KINDS: Final = {
    kind.category: kind
    for kind in (
        Kind("greasy-pavement", "路面有油污", "owner", "sanitation", 4 * HOUR, DAY, radius_m=WHOLE, item="C02"),
        Kind("dirty-road", "落叶很多，需要清扫", "owner", "sanitation", 8 * HOUR, DAY, radius_m=WHOLE, item="C01"),
        Kind("rubbish", "垃圾桶满溢", "owner", "sanitation", 8 * HOUR, DAY, radius_m=30, item="C03"),
        Kind("vending", "有人在路口摆摊", "owner", _CITY, 4 * HOUR, photo=False, radius_m=50, item="U01"),
        Kind("graffiti", "墙上有小广告", "owner", _CITY, DAY, radius_m=30, item="U03"),
        Kind("shared-bicycle", "共享单车堆满路口", "owner", _CITY, 8 * HOUR, radius_m=50, item="U05"),
        Kind("sign", "店铺招牌松动", "owner", _CITY, 2 * DAY, radius_m=20, item="U04"),
        Kind("pothole", "路面坑洼", _WORKS, "municipal-works", 3 * DAY, radius_m=30, item="M01", working_days=3),
        Kind("manhole", "井盖松动", _WORKS, "municipal-works", DAY, radius_m=15, item="M02"),
        Kind("railing", "护栏歪了", _WORKS, "municipal-works", 3 * DAY, radius_m=30, item="M05", working_days=3),
        Kind("street-light", "路灯不亮", _LIGHTS, "street-lighting", 2 * DAY, radius_m=30, item="M04", working_days=2),
        Kind("tree", "树枝断落", "officer-parks", "parks", 2 * DAY, radius_m=20, item="P01", working_days=2),
        Kind("fire-lane", "消防通道堵了", "head", _CITY, 2 * HOUR, radius_m=30, item="T02"),
        Kind("food-safety", "买到变质食品", "officer-market-supervision", "market-supervision", 5 * DAY, item="S01",
             photo=False, working_days=5),
        Kind("unsafe-building", "这里有危房", "officer-housing", "housing", 5 * DAY, item="S02", working_days=5),
        Kind("felling-permit", "想在林地采伐", "", "", 0, item="P03"),
        Kind("medical", "医院看病太难", "", "", 0, item="S03"),
        Kind("wages", "老板拖欠工资", "", "", 0, item="S04"),
        Kind("service", "请问怎么办理居住证", FALLBACK, "street-office", 3 * DAY, photo=False, item="G01",
             working_days=3),
        Kind("other", "", "head", "street-office", 5 * DAY, photo=False, item="G01"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a segment, in WGS-84 degrees, with the people who answer for it."""

    segment: str
    grid: str
    owner: str
    crew: str
    """One of the segment's cleaners."""
    head: str
    lon: float
    lat: float
    address: str

    @property
    def home(self) -> str:
        """Home of a case here."""
        return f"{REGION}-{self.grid}"

    def given(self, way: str) -> PlaceGiven:
        """The spot as a reporter gives it: `wgs84`, `gcj02`, `bd09`, `address` or `code`."""
        if way == "address":
            return PlaceGiven(address=self.address)
        if way == "code":
            return PlaceGiven(code=self.segment)
        lat, lon = {
            "wgs84": lambda point: point,
            "gcj02": prcoords.wgs_gcj,
            "bd09": prcoords.wgs_bd,
        }[way]((self.lat, self.lon))
        return PlaceGiven(coordinates=Coordinates(lon=lon, lat=lat, datum=Datum(way)))

    def metres_to(self, other: "Spot") -> float:
        """Distance on a plane: the street is small."""
        east = (self.lon - other.lon) * cos(radians(self.lat))
        return hypot(east, self.lat - other.lat) * DEGREE_M


class Street:
    """The example region's files, read with csv and json alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder("regions") / "example"
        lines = json.loads((self.folder / "segments.geojson").read_text(encoding="utf-8"))["features"]
        self._lines = {line["id"]: line["geometry"]["coordinates"] for line in lines}
        self._heads = {row["id"]: row["head"] for row in self._rows("grids.csv")}
        self._segments = {row["id"]: row for row in self._rows("segments.csv")}
        self._numbers = {row["segment"]: row for row in self._rows("addresses.csv")}
        self.names = list(self._segments)

    def spot(self, segment: str, share: float = USUAL) -> Spot:
        """The spot at a share of the segment's length; its address is that of the usual share."""
        row, line = self._segments[segment], self._lines[segment]
        (west, south), (east, north) = line[0], line[-1]
        numbers = self._numbers[segment]
        first, last = int(numbers["first"]), int(numbers["last"])
        middle = first + round(USUAL * (last - first))
        odd = {"odd": 1, "even": 0, "both": middle % 2}[numbers["side"]]
        return Spot(
            segment=segment,
            grid=row["grid"],
            owner=row["owner"],
            crew=row["executors"].split(";")[0],
            head=self._heads[row["grid"]],
            lon=west + share * (east - west),
            lat=south + share * (north - south),
            address=f"{row['road_zh']}{middle + (middle % 2 != odd)}号",
        )

    def owner(self, segment: str) -> str:
        """Who answers for a segment."""
        return self._segments[segment]["owner"]

    def _rows(self, file: str) -> list[dict[str, str]]:
        with (self.folder / file).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))


def photo(name: str) -> str:
    """Digest of an invented picture."""
    return sha256(name.encode()).hexdigest()
