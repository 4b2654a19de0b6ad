"""Figures that can be added up and taken back."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import decode, encode
from schemas.measure import BOUNDS_S, Measure, Tally

VALUES = st.lists(st.integers(0, 10**11), max_size=20)


def tally(values: list[int]) -> Tally:
    """All of them counted."""
    figure = Tally()
    for value in values:
        figure.add(value)
    return figure


@given(VALUES)
def test_it_counts_and_sums(values: list[int]) -> None:
    measure = tally(values).measure
    assert (measure.count, measure.sum_ms) == (len(values), sum(values))
    assert sum(measure.buckets.values()) == len(values)
    assert decode(Measure, encode(measure)) == measure


@given(VALUES, VALUES)
def test_counting_goes_on_from_what_was_stored(before: list[int], after: list[int]) -> None:
    figure = Tally(tally(before).measure)
    for value in after:
        figure.add(value)
    assert figure.measure == tally(before + after).measure


@given(VALUES, st.integers(0, 10**11))
def test_what_is_taken_back_leaves_nothing(values: list[int], value: int) -> None:
    figure = tally(values)
    before = figure.measure
    figure.add(value)
    figure.add(value, -1)
    assert figure.measure == before


@given(st.integers(1, 10**10))
def test_a_value_lies_in_its_bucket(value: int) -> None:
    (bucket,) = tally([value]).measure.buckets
    assert bucket == len(BOUNDS_S) or value / 1000 <= BOUNDS_S[bucket]
    assert bucket == 0 or value / 1000 > BOUNDS_S[bucket - 1]


def test_the_buckets_are_fine_enough() -> None:
    assert all(1 < b / a <= 1.34 for a, b in pairwise(BOUNDS_S))
    assert (BOUNDS_S[0], BOUNDS_S[-1]) == (10, 80_000_000)
