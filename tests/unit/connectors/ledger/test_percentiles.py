import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ledger.percentiles import SHARES, Bucketed, percentile


@pytest.mark.parametrize(("share", "expected"), [(0, 1.0), (0.5, 2.5), (0.9, 3.7), (1, 4.0)])
def test_percentiles_are_linear_between_ranks(share: float, expected: float) -> None:
    assert percentile([1000, 2000, 3000, 4000], share, 1000) == expected


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-50, 200))), st.sampled_from((1, 7, 64)))
def test_those_of_buckets_are_those_of_all_numbers(numbers: list[tuple[str, int]], size: int) -> None:
    """Although no other numbers are read than those of the few buckets that are wanted."""
    bucketed = Bucketed[str]()
    for source, number in numbers:
        bucketed.count(source, {number // size: 1})
    wanted = list(bucketed.wanted())
    assert len({bucket for _, bucket in wanted}) <= 2 * len(SHARES)
    for source, number in numbers:
        if (source, number // size) in wanted:
            bucketed.read(number // size, [number])
    ascending = sorted(number for _, number in numbers)
    assert [bucketed.percentile(share, 3) for share in SHARES] == [percentile(ascending, share, 3) for share in SHARES]
