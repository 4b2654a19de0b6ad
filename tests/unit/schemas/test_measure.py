"""Figures that can be added up and taken back."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import decode, encode
from schemas.measure import BOUNDS_S, Measure

VALUES = st.lists(st.integers(0, 10**11), max_size=20)


@given(VALUES)
def test_it_counts_and_sums(values: list[int]) -> None:
    measure = Measure()
    for value in values:
        measure = measure.plus(value)
    assert (measure.count, measure.sum_ms) == (len(values), sum(values))
    assert sum(measure.buckets.values()) == len(values)
    assert decode(Measure, encode(measure)) == measure


@given(VALUES, st.integers(0, 10**11))
def test_what_is_taken_back_leaves_nothing(values: list[int], value: int) -> None:
    before = Measure()
    for each in values:
        before = before.plus(each)
    assert before.plus(value).plus(value, -1) == before


@given(st.integers(1, 10**10))
def test_a_value_lies_in_its_bucket(value: int) -> None:
    (bucket,) = Measure().plus(value).buckets
    assert bucket == len(BOUNDS_S) or value / 1000 <= BOUNDS_S[bucket]
    assert bucket == 0 or value / 1000 > BOUNDS_S[bucket - 1]


def test_the_buckets_are_fine_enough() -> None:
    assert all(1 < b / a <= 1.34 for a, b in pairwise(BOUNDS_S))
    assert (BOUNDS_S[0], BOUNDS_S[-1]) == (10, 80_000_000)
