import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.doors.matrix.room import OwnMessage
from connectors.doors.matrix.store import DAY_MS, Invite, MatrixAccount, MatrixStore, RoomState

ME = "@me:h"


class Clock:
    ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[MatrixStore]:
    store = MatrixStore(tmp_path / "matrix", clock)
    yield store
    await store.close()


async def test_only_its_owner_can_read_it(store: MatrixStore, tmp_path: Path) -> None:
    await store.log_in(MatrixAccount(ME, "D", "secret"))
    files = list((tmp_path / "matrix").iterdir())
    assert files
    assert [file.name for file in files if os.stat(file).st_mode & 0o077] == []


async def test_everything_is_there_after_a_restart(store: MatrixStore, tmp_path: Path, clock: Clock) -> None:
    await store.log_in(MatrixAccount(ME, "D", "old"))
    await store.log_in(MatrixAccount(ME, "D", "new"))
    await store.advance(ME, "s1", {"!a": RoomState(2), "!b": RoomState(3, refused=True)}, ["!c"])
    await store.advance(ME, "s2", {"!b": None})
    await store.sent("p", "$e", OwnMessage("$e", ("yes",)))
    again = MatrixStore(tmp_path / "matrix", clock)
    try:
        assert await again.account() == MatrixAccount(ME, "D", "new")
        assert await again.since(ME) == "s2"
        assert await again.rooms() == {"!a": RoomState(2)}
        assert await again.invites() == [Invite("!c", 0)]
        assert await again.event_of("p") == "$e"
    finally:
        await again.close()


async def test_a_refusal_is_never_forgotten(store: MatrixStore) -> None:
    await store.advance(ME, "s1", {"!a": RoomState(2, refused=True)})
    await store.advance(ME, "s2", {"!a": RoomState(3)})
    assert await store.rooms() == {"!a": RoomState(3, refused=True)}


async def test_another_account_begins_anew(store: MatrixStore) -> None:
    await store.advance(ME, "s1", {"!a": RoomState(2)}, ["!c"])
    assert await store.since("@other:h") is None
    assert (await store.rooms(), await store.invites(), await store.since(ME)) == ({}, [], None)


async def test_an_invitation_waits_until_its_time(store: MatrixStore, clock: Clock) -> None:
    await store.advance(ME, "s1", {}, ["!c"])
    (invite,) = await store.invites()
    await store.put_off(invite, 5)
    assert await store.invites() == []
    clock.ms += 5000
    assert await store.invites() == [Invite("!c", 1)]
    await store.answered(invite)
    assert await store.invites() == []


async def test_the_buttons_of_a_message_belong_to_all_its_events(store: MatrixStore) -> None:
    await store.sent("a", "$1", OwnMessage("$1", ("yes", "no")))
    await store.sent("b", "$2", OwnMessage("$1"))
    await store.sent("a", "$other", OwnMessage("$other"))
    assert await store.event_of("a") == "$1"
    assert await store.own(["$1", "$2", "$3"]) == {
        "$1": OwnMessage("$1", ("yes", "no")),
        "$2": OwnMessage("$1", ("yes", "no")),
    }


async def test_what_was_sent_long_ago_is_forgotten(store: MatrixStore, clock: Clock) -> None:
    await store.sent("a", "$1", OwnMessage("$1"))
    clock.ms += 2 * DAY_MS
    await store.sent("b", "$2", OwnMessage("$2"))
    await store.tidy(1)
    assert set(await store.own(["$1", "$2"])) == {"$2"}


async def test_a_change_is_whole_or_not_at_all(store: MatrixStore) -> None:
    await store.advance(ME, "s1", {"!a": RoomState(2)})
    with pytest.raises(Exception, match="NOT NULL"):
        await store.advance(ME, "s2", {"!a": RoomState(None)})  # type: ignore[arg-type]
    assert (await store.since(ME), await store.rooms()) == ("s1", {"!a": RoomState(2)})
