"""A whole day, played on the real gateway and the real rules: what the plan means is what comes of it."""

from pathlib import Path

from grid36.demo_day.plan import Absent, Announced, Reported
from grid36.demo_day.player import DayPlayer
from grid36.demo_day.running import play_day
from grid36.demo_day.writing import write_day
from grid36.files.region.load import load_region
from grid36.gateway.client import GatewayClient
from grid36.machine.ports import free_port
from grid36.settings import Settings, data_folder
from tests.worlds.drawn_photos import street_photo
from tests.worlds.small_town import small_town
from tests.worlds.town_day import live_a_day

REGION = load_region(data_folder("regions") / "example")


async def test_everything_that_people_do_on_the_day_is_allowed(tmp_path: Path) -> None:
    async with small_town(tmp_path) as town:
        plan = write_day(town.gateway.region, 36, busy="supervisor-03")
        day = await live_a_day(town, plan)
        done = day.player.outcomes
        assert (day.player.wrong, done["reported", "refused"]) == (0, 1), done
        reported = [told for told in (moment.what for moment in plan.reports) if isinstance(told, Reported)]
        cases = {told.case: town.street.cases[day.player.numbers[told.case]] for told in reported}
        assert [told.case for told in reported if cases[told.case].category != told.category] == []
        assert done["reported", "merged"] == sum(bool(told.again) for told in reported) > 1
        assert done["reported", "needs_information"] == done["supplied", "dispatched"] == 2
        assert done["reported", "closed"] == done["absent", "done"] == 1
        away = next(moment.what for moment in plan.moments if isinstance(moment.what, Absent))
        assert {case.assignee for case in cases.values() if case.accountable == away.person} == {away.cover}
        assert all(case.accountable == away.person or case.assignee != away.person for case in cases.values())
        still_open = [name for name, case in cases.items() if case.state in {"dispatched", "acknowledged", "resolved"}]
        assert 3 <= len(still_open) <= len(cases) // 4


async def test_lines_name_their_case(tmp_path: Path) -> None:
    async with small_town(tmp_path) as town:
        plan = write_day(town.gateway.region, 7, normal=0)
        told = (await live_a_day(town, plan)).told
        assert all(number in town.street.cases for _, line, number in told if line.case)
        assert [line.key for _, line, _ in told][:2] == ["begins", "away"]
        assert {"storm", "storm_over", "whistle", "rated"} <= {line.key for _, line, _ in told}


async def test_it_goes_on_while_nobody_answers(tmp_path: Path) -> None:
    plan = write_day(REGION, 7, normal=0)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(street_photo(clean=True))
    told: list[str] = []
    async with GatewayClient(Settings(home=tmp_path, http_port=free_port())) as away:
        player = DayPlayer(away, REGION, plan, lambda *_: photo, lambda _, line, number: told.append(line.key + number))
        await play_day(player, plan, speed=1e6)
    sent = [moment for moment in plan.moments if not isinstance(moment.what, Announced)]
    assert player.wrong == len(sent)
    assert len(told) == len(plan.moments) - len(sent)
