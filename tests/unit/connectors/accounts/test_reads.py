"""The trail of reads: it is complete, found by reader and by case, and ends after its time."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.accounts.reads import Read, ReadFilter, ReadsUnwritableError, ReadTrail, reads_in

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
READS = st.lists(st.builds(Read, st.integers(0, 99), TEXTS, TEXTS, TEXTS, TEXTS), max_size=12)


@given(
    written=READS,
    reader=TEXTS | st.none(),
    about=TEXTS | st.none(),
    span=st.tuples(st.integers(0, 99), st.integers(0, 99)),
)
async def test_what_was_written_is_found(
    tmp_path_factory: pytest.TempPathFactory,
    written: list[Read],
    reader: str | None,
    about: str | None,
    span: tuple[int, int],
) -> None:
    """By any filter, newest first, by the server and by a command."""
    file = tmp_path_factory.mktemp("reads") / "reads.sqlite"
    trail = ReadTrail(file)
    for read in written:
        await trail.add(read)
    wanted = ReadFilter(reader, about, *span)
    expected = [
        read for read in written
        if reader in (None, read.reader) and about in (None, read.about) and span[0] <= read.t_ms < span[1]
    ]  # fmt: skip
    found = await trail.find(wanted, 100)
    await trail.close()
    assert sorted(found) == sorted(expected)
    assert [read.t_ms for read in found] == sorted((read.t_ms for read in found), reverse=True)
    assert reads_in(file, wanted, 100) == found
    assert reads_in(file, wanted, 1) == found[:1]


async def test_old_reads_are_removed(tmp_path: Path) -> None:
    trail = ReadTrail(tmp_path / "reads.sqlite")
    for t_ms in (1, 2, 3):
        await trail.add(Read(t_ms, "p1", "session", "GET /case/{number}", "c"))
    assert await trail.prune(3) == 2
    assert [read.t_ms for read in await trail.find(ReadFilter(), 9)] == [3]
    await trail.close()


def test_a_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "reads.sqlite").mkdir()
    with pytest.raises(ReadsUnwritableError):
        reads_in(tmp_path / "reads.sqlite", ReadFilter(), 1)
