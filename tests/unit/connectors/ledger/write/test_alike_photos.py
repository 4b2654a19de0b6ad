"""The index finds what comparing each with each finds."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.ledger.write.alike_photos import AlikeIndex
from schemas.likeness import alike

BASES = ("0" * 64, "f" * 64, "0123456789abcdef" * 4)


@st.composite
def hashes(draw: st.DrawFn) -> str:
    """Some bits away from one of a few."""
    value = int(draw(st.sampled_from(BASES)), 16)
    for bit in draw(st.lists(st.integers(0, 255), max_size=10)):
        value ^= 1 << bit
    return f"{value:064x}"


@given(st.lists(hashes(), max_size=12), st.lists(hashes(), max_size=12))
def test_it_finds_all_that_are_alike_and_no_others(known: list[str], fresh: list[str]) -> None:
    index, seen = AlikeIndex(known), set(known)
    for each in fresh:
        expected = set() if each in seen else {other for other in seen if alike(each, other)}
        assert set(index.add(each)) == expected
        seen.add(each)


def test_it_grows() -> None:
    index = AlikeIndex([])
    made = [f"{n * 0x9E3779B97F4A7C15:064x}"[:32] * 2 for n in range(1, 3000)]
    for each in made:
        index.add(each)
    assert index.add(f"{int(made[0], 16) ^ 7:064x}") == [made[0]]
