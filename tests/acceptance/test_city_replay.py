"""A city's weeks on a generated file: as history with other numbers of workers and partitions, and live."""

from dataclasses import replace
from pathlib import Path

import pytest

from grid36.files.region.commands import Head, load_region, new_region
from tests.accept.checks import check_balance, check_same_but_position, check_times
from tests.accept.expect import Areas, Expected, expected_of
from tests.accept.file_figures import groups_of
from tests.accept.page import check_page
from tests.accept.rehearsal import check_rehearsal, write_rules
from tests.generators.city_cases import CityFile, make_city
from tests.processes.system import System

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def city(folder: Path) -> CityFile:
    return make_city(folder / "file", rows=400)


@pytest.fixture(scope="module")
def region(folder: Path, city: CityFile) -> Path:
    new_region(folder / "region", city.areas, None, Head(code="kites", zone="America/New_York"))
    return folder / "region"


@pytest.fixture(scope="module")
def expected(city: CityFile) -> Expected:
    """What the generator wrote down beforehand."""
    balance = city.balance()
    return Expected(**balance, seconds=city.seconds(), elsewhere=city.seconds("waiting"))


def replayed(system: System, city: CityFile, expected: Expected, *more: str) -> None:
    system.replay(city.csv, city.mapping, *more)
    check_balance(system.settled_balance(), expected)
    check_times(system.answer("stats", "--by", "category"), expected)
    if not expected.waiting:  # a past: what has no place was closed as well, and its times stand apart
        apart = system.answer("stats", "--by", "category", "--kind", "without_place")
        check_times(apart, replace(expected, seconds=expected.elsewhere))


def test_generator_and_independent_reading_agree(city: CityFile, region: Path, expected: Expected) -> None:
    """Two readings of the file that share no code agree: drawn instants, and the clocks of its rows."""
    read = expected_of(city.csv, Areas(city.areas, load_region(region).outside_limit_m))
    assert {name: getattr(read, name) for name in city.balance()} == city.balance()
    for one, other in ((read.seconds, expected.seconds), (read.elsewhere, expected.elsewhere)):
        assert {k: sorted(v) for k, v in one.items()} == {k: sorted(v) for k, v in other.items()}


def test_a_history_is_the_same_every_time(
    folder: Path, kafka: str, city: CityFile, region: Path, expected: Expected
) -> None:
    """A replay by 2 workers on 5 partitions differs from that by one on 2 in positions only; its page is as the file.

    `make accept` has more.
    """
    found = []
    for name, workers, partitions in (("one", 1, 2), ("many", 2, 5)):
        with System(folder / name, kafka=kafka, region=region, workers=workers, partitions=partitions) as system:
            replayed(system, city, expected.as_history)
            found.append(system.events())
            if name == "one":  # the second has the same events
                holds = Areas(city.areas, load_region(region).outside_limit_m).holds
                seen = check_page(system.page, groups_of(city.csv, holds), "2015-10-01", "2015-11-30")
                assert "numbers opened" in seen
    one, many = found
    assert check_same_but_position(one, many) > 8


def test_our_rules_decide_the_past_and_a_draft_is_rehearsed_on_it(folder: Path, kafka: str, city: CityFile) -> None:
    """A draft rehearsed on the past moves exactly the cases that the events themselves say its row changes."""
    place = folder / "decided-region"
    new_region(place, city.areas, None, Head(code="kites", zone="America/New_York"))
    rehearsal = write_rules(place, folder / "draft", city.csv)
    with System(folder / "decided", kafka=kafka, region=place) as system:
        system.replay(city.csv, city.mapping, "--decide")
        assert system.settled_balance()["balanced"]
        assert check_rehearsal(system, rehearsal) > 10


def test_through_reports_the_figures_are_the_same(
    folder: Path, kafka: str, city: CityFile, region: Path, expected: Expected
) -> None:
    """A past that comes in through `reports`, as live reports do, gives the same figures as a replay."""
    with System(folder / "live", kafka=kafka, region=region, workers=2) as system:
        replayed(system, city, expected, "--through", "reports")
