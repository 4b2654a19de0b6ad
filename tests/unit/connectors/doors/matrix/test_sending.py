from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.chat.messages import Button, Outgoing
from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.doors.matrix.sending import MatrixSender
from connectors.doors.matrix.store import MatrixStore
from tests.unit.connectors.doors.matrix.scripted import Answers, scripted
from tests.worlds.doors import picture

MESSAGE = Outgoing(
    id="m", chat="!r:h", text="Fixed?", buttons=(Button(label="yes", value="y"), Button(label="no", value="n"))
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[MatrixStore]:
    store = MatrixStore(tmp_path / "door", lambda: 0)
    yield store
    await store.close()


def refusing(what: str, status: int, code: str) -> Answers:
    """A server that takes all but this."""

    def answers(path: str, _: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        return (
            (status, {"errcode": code}) if what in path else (200, {"event_id": f"${path}", "content_uri": "mxc://h/a"})
        )

    return answers


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (403, "M_FORBIDDEN", Unreachable),
        (404, "M_NOT_FOUND", Unreachable),
        (413, "M_TOO_LARGE", Unsendable),
        (400, "M_BAD_JSON", Unsendable),
        (429, "M_LIMIT_EXCEEDED", TryLater),
        (502, "", TryLater),
        (401, "M_UNKNOWN_TOKEN", TryLater),
    ],
)
async def test_what_a_refusal_means_for_a_message(
    status: int, code: str, meaning: type[Exception], store: MatrixStore
) -> None:
    async with scripted(refusing("m.room.message", status, code)) as server:
        with pytest.raises(meaning):
            await MatrixSender(server.client, store).send(MESSAGE, [])


async def test_a_button_that_the_server_does_not_take_is_no_loss(store: MatrixStore) -> None:
    for code in ("M_DUPLICATE_ANNOTATION", "M_FORBIDDEN"):
        async with scripted(refusing("m.reaction", 400, code)) as server:
            assert await MatrixSender(server.client, store).send(MESSAGE, [])


async def test_a_photo_that_is_gone_or_not_taken_does_not_hold_up_the_words(store: MatrixStore, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(picture())
    async with scripted(refusing("upload", 413, "M_TOO_LARGE")) as server:
        await MatrixSender(server.client, store).send(MESSAGE, [file, tmp_path / "gone.jpg"])
        assert sum("m.room.message" in path for path in server.asked) == 1


async def test_what_was_sent_is_not_sent_again_when_the_rest_is_tried_once_more(
    store: MatrixStore, tmp_path: Path
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(picture())
    async with scripted(refusing("button-1", 429, "M_LIMIT_EXCEEDED")) as server:
        with pytest.raises(TryLater):
            await MatrixSender(server.client, store).send(MESSAGE, [file])
    async with scripted(refusing("nothing", 500, "")) as server:
        await MatrixSender(server.client, store).send(MESSAGE, [file])
        (path,) = server.asked
        assert path.endswith("button-1")
    assert (await store.own([await store.event_of(path.rpartition("/")[2]) or ""])) != {}
