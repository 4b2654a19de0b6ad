"""The laws of a day's account: what order and repetition do not change, and what every difference does."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.proof import Entry, ProofVerdict, account_of, differences, read_lines, write_lines

ENTRIES = st.lists(
    st.builds(Entry, st.text("ab1-/#供", min_size=1, max_size=4), st.sampled_from(["", "G1-1", "G1-2"])), max_size=12
)


@given(ENTRIES, st.randoms())
def test_neither_order_nor_repetition_changes_an_account(entries: list[Entry], random: object) -> None:
    again = [*entries, *entries[: len(entries) // 2]]
    random.shuffle(again)  # type: ignore[attr-defined]  # hypothesis gives a `random.Random`
    assert account_of(again) == account_of(entries)


@given(ENTRIES, ENTRIES)
def test_accounts_are_equal_exactly_where_the_same_records_are(ours: list[Entry], theirs: list[Entry]) -> None:
    assert (account_of(ours) == account_of(theirs)) is (set(ours) == set(theirs))
    found = differences(set(ours), set(theirs))
    assert (found.verdict is ProofVerdict.EQUAL) is (set(ours) == set(theirs))


@given(ENTRIES, ENTRIES)
def test_what_is_missing_there_is_missing_here_seen_from_there(ours: list[Entry], theirs: list[Entry]) -> None:
    here, there = differences(ours, set(theirs)), differences(theirs, set(ours))
    assert (here.missing_there, here.missing_here) == (there.missing_here, there.missing_there)
    assert set(ours) - set(here.missing_there) | set(here.missing_here) == set(theirs)


@given(ENTRIES, ENTRIES)
def test_red_is_only_what_is_lost_or_doubled(ours: list[Entry], theirs: list[Entry]) -> None:
    """What was overtaken here, or is known here from another day, is told and is no loss."""
    excused = differences(set(ours), set(theirs), overtaken=set(ours), known=set(theirs))
    assert excused.verdict in {ProofVerdict.EQUAL, ProofVerdict.OVERTAKEN}
    assert (excused.verdict is ProofVerdict.EQUAL) is (set(ours) == set(theirs))
    doubled = differences(ours, [*ours, *ours])
    assert doubled.verdict is (ProofVerdict.DIFFERS if ours else ProofVerdict.EQUAL)


@given(ENTRIES)
def test_a_list_that_was_written_and_read_has_the_same_account(entries: list[Entry]) -> None:
    assert account_of(read_lines(write_lines(entries))) == account_of(entries)
    assert account_of(entries).digest == hashlib.sha256(write_lines(entries).encode()).hexdigest()


@pytest.mark.parametrize("text", ["a\tG-1\nb\tG-2", "b,G-2\r\na,G-1\r\n", "\ufeffa\tG-1\n\n b \t G-2 "])
def test_tabs_and_commas_of_any_system_are_read(text: str) -> None:
    assert sorted(read_lines(text)) == [Entry("a", "G-1"), Entry("b", "G-2")]


@pytest.mark.parametrize(("text", "line"), [("a\tG-1\nnonsense", 2), (",G-1", 1)])
def test_the_first_line_that_is_none_is_named(text: str, line: int) -> None:
    with pytest.raises(ValueError, match=f"^{line}$"):
        read_lines(text)


def test_nothing_has_the_digest_of_nothing() -> None:
    assert account_of([]).digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
