"""Chances equal those of exact fractions."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ledger.queries.recurrence.chance import at_least, false_discovery


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 99))
def test_a_tail_is_the_sum_of_its_terms(cases: int, of: int, hundredths: int) -> None:
    share = Fraction(hundredths, 100)
    exact = sum((comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(max(cases, 0), of + 1)), Fraction(0))
    assert at_least(cases, of, float(share)) == pytest.approx(float(exact), rel=1e-9, abs=1e-12)


def test_what_is_very_unlikely_keeps_its_size_in_large_cities() -> None:
    """1,000 of 1,000,000 where 100 are expected; a chance below every number is 0."""
    assert at_least(1_000, 1_000_000, 1e-4) < 1e-300
    assert at_least(150, 1_000_000, 1e-4) == pytest.approx(1.9e-6, rel=0.2)
    assert at_least(10**6, 10**6, 1e-4) == 0
    assert (at_least(0, 10, 0.5), at_least(1, 10, 0.0), at_least(11, 10, 0.5), at_least(5, 10, 1.0)) == (1, 0, 0, 1)


def test_many_questions_make_each_find_less_sure() -> None:
    """The example of Benjamini and Hochberg: 15 hypotheses, the four smallest are finds at 5 %."""
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
               0.7590, 1.0]  # fmt: skip
    assert [part <= 0.05 for part in false_discovery(chances, 15)].count(True) == 4
    assert false_discovery(chances[::-1], 15) == false_discovery(chances, 15)[::-1]
    assert false_discovery([0.01, 0.02], 1_000) == [1.0, 1.0], "never more than all"


@given(st.lists(st.floats(0, 1), max_size=20), st.integers(20, 100))
def test_a_smaller_chance_is_never_less_of_a_find(chances: list[float], asked: int) -> None:
    found = false_discovery(chances, asked)
    assert [found[n] for n in sorted(range(len(chances)), key=chances.__getitem__)] == sorted(found)
    assert all(part >= chance for part, chance in zip(found, chances, strict=True))
