import pytest

from streams.partition.assignment import Stalls
from streams.partition.errors import StalledError


def test_behind_without_progress_is_a_stall() -> None:
    stalls = Stalls(limit_s=-1.0)
    stalls.look(("commands", 0), 5, 9)

    with pytest.raises(StalledError, match="applied: 5, end: 9"):
        stalls.look(("commands", 0), 5, 9)


@pytest.mark.parametrize(("applied", "end"), [(6, 9), (5, 5)])
def test_progress_or_nothing_to_do_is_no_stall(applied: int, end: int) -> None:
    stalls = Stalls(limit_s=-1.0)
    stalls.look(("commands", 0), 5, 9)

    stalls.look(("commands", 0), applied, end)


def test_an_outage_of_the_broker_is_forgotten() -> None:
    stalls = Stalls(limit_s=-1.0)
    stalls.look(("commands", 0), 5, 9)
    stalls.forget()

    stalls.look(("commands", 0), 5, 9)
