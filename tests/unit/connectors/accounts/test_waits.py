"""How long somebody waits after wrong tries."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.accounts.waits import FORGOTTEN_MS, FREE, LONGEST_MS, MINUTE_MS, AddressTries, Tries, wait_ms


def test_the_wait_grows_to_a_quarter_of_an_hour() -> None:
    assert [wait_ms(n) // MINUTE_MS for n in range(12)] == [0, 0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]
    assert wait_ms(10**9) == LONGEST_MS


def test_an_old_mistake_is_forgotten() -> None:
    tries = Tries()
    for at in range(FREE + 1):
        tries = tries.and_one(at)
    assert tries == Tries(FREE + 1, FREE, FREE + 2 * MINUTE_MS)
    assert tries.and_one(FREE + FORGOTTEN_MS - 1).wrong == FREE + 2
    assert tries.and_one(FREE + FORGOTTEN_MS).wrong == 1


def test_an_address_has_so_many_in_a_time() -> None:
    tries = AddressTries(most=3, span_ms=100)
    for at in (0, 10, 20):
        assert tries.wait_ms("a", at) == 0
        tries.add("a", at)
    assert [tries.wait_ms("a", at) for at in (20, 99, 100)] == [80, 1, 0]
    assert tries.wait_ms("b", 20) == 0
    tries.take_back("a")
    tries.take_back("b")
    assert tries.wait_ms("a", 20) == 0


def test_as_many_addresses_as_come_take_bounded_memory() -> None:
    tries = AddressTries(most=1, addresses=10)
    for n in range(1000):
        tries.add(str(n), 0)
    assert len(tries._tries) == 10
    assert [tries.wait_ms(str(n), 0) > 0 for n in (989, 990, 999)] == [False, True, True]


@given(times=st.lists(st.integers(0, 10**9), min_size=1).map(sorted))
def test_no_more_than_so_many_are_ever_let_through(times: list[int]) -> None:
    """Within any time of the given length, however they are spread."""
    tries, let = AddressTries(most=3, span_ms=1000), []
    for at in times:
        if tries.wait_ms("a", at) == 0:
            tries.add("a", at)
            let.append(at)
    assert all(later - first >= 1000 for first, later in zip(let, let[3:], strict=False))
