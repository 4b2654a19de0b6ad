"""Cases in memory: which stay decoded, and what is known of their size."""

from schemas.case import Case, State
from schemas.codec import decode, encode
from streams.cases.case_cache import EXACT_FROM, CachedCase, RecentlyUsed


def case(number: str, door: str = "page") -> Case:
    return Case(number=number, home="a-b", report=number, state=State.SUBMITTED, door=door)


def test_what_was_not_used_lately_is_kept_as_bytes() -> None:
    recent = RecentlyUsed(most=2)
    kept = [CachedCase.changed(case(f"a-b-1-{i}"), 0) for i in range(3)]
    for each in kept:
        recent.add(each)
    assert [each.is_decoded for each in kept] == [False, True, True]
    assert [each.case for each in kept] == [case(f"a-b-1-{i}") for i in range(3)]


def test_what_was_replaced_makes_no_room_for_others() -> None:
    recent = RecentlyUsed(most=2)
    first, second, third = (CachedCase.changed(case(f"a-b-1-{i}"), 0) for i in range(3))
    recent.add(first)
    recent.add(second)
    recent.drop(second)
    recent.add(third)
    assert first.is_decoded


def test_bytes_are_those_of_the_codec() -> None:
    assert decode(Case, CachedCase.changed(case("n"), 0).raw) == case("n")
    assert CachedCase.written(encode(case("n"))).case == case("n")


def test_a_size_is_exact_where_it_matters() -> None:
    """What a case grew by is added up at first, and counted when the sum becomes large."""
    assert CachedCase.changed(case("n"), EXACT_FROM - 1).size == EXACT_FROM - 1
    large = case("n", door="x" * EXACT_FROM)
    for grown in (CachedCase.changed(case("n"), 2 * EXACT_FROM), CachedCase.changed(large, 2 * EXACT_FROM)):
        assert grown.size == len(grown.raw)
