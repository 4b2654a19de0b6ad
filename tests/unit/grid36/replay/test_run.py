from pathlib import Path

import pytest

from grid36.replay.file.mapping_file import read_mapping
from grid36.replay.file.reasons import WrongFile
from grid36.replay.file.source import SourceFile
from grid36.replay.pace import Pace
from grid36.replay.plan import make_plan
from grid36.replay.run import DecideIsForHistory, Options, WrongUntil, replay_file
from grid36.settings import Settings
from tests.generators.city_cases import city_region, make_city


async def test_wrong_flags_are_refused_before_anything_is_touched(tmp_path: Path) -> None:
    city = make_city(tmp_path, rows=10)
    for options, error in (
        (Options(through_reports=True, decide=True), DecideIsForHistory),
        *((Options(until=each), WrongUntil) for each in ("soon", "9999-12-31", "2026-W48-1", "20261130")),
    ):
        with pytest.raises(error):
            await replay_file(
                city.csv, city.mapping, city_region(), Settings(home=tmp_path), "127.0.0.1:1", options, lambda *_: None
            )


async def test_a_file_of_which_no_row_can_come_in_is_not_sent(tmp_path: Path) -> None:
    """An empty system would hold a history of nothing for good."""
    city = make_city(tmp_path, rows=20)
    city.mapping.write_text(city.mapping.read_text().replace("%m/%d/%Y", "%d.%m.%Y"))
    region, settings = city_region(), Settings(home=tmp_path)
    with pytest.raises(WrongFile, match="None of the 20 rows"):
        await replay_file(city.csv, city.mapping, region, settings, "127.0.0.1:1", Options(), lambda *_: None)


def test_a_paced_replay_holds_back_what_is_not_due(tmp_path: Path) -> None:
    """At the speed of life nothing but the first fact is due at once; at full speed everything is."""
    city = make_city(tmp_path, rows=50)
    with SourceFile(city.csv, read_mapping(city.mapping)) as source:
        plan = make_plan(source)
        first = len(plan.parked)
        assert Pace(None).due(plan, 0, len(plan)) == len(plan)
        assert Pace(1.0).due(plan, 0, len(plan)) == first + 1
        assert Pace(1e12).due(plan, 0, len(plan)) > first + 1
