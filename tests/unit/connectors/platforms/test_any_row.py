"""Whatever a row says, it becomes a message that the log takes, or is refused by one of its columns."""

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.refusal import Refused
from connectors.platforms.plan import KnownIds, plan
from connectors.platforms.their_row import read_row
from schemas.names import Language
from tests.worlds.small_town import example_street

PLATFORMS = example_street().region.platforms
LONG = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: text * 150)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])), LONG, st.lists(st.integers(), max_size=2),
    st.sampled_from(["报修", "投诉", "待办", "已撤单", "24.46", "118.1", "1900-01-01", "2199-12-31 23:59", "是", "H1"]),
)  # fmt: skip


@given(st.data())
def test_a_row_is_planned_or_refused(data: st.DataObject) -> None:
    platform = data.draw(st.sampled_from(PLATFORMS))
    columns = sorted(platform.columns.used)
    cells: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(columns), VALUES))
    cells.setdefault(platform.columns.id, "H1")
    try:
        planned = plan(platform, read_row(platform, cells, ZoneInfo("Asia/Shanghai")), KnownIds({}, {}), 0)
    except Refused as refusal:
        where = refusal.answer(Language.ZH)["where"]
        assert where in columns or set(where.split(", ")) <= set(columns)
    else:
        assert planned.became in ("new", "ended")
