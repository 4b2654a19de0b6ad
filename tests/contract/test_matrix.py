"""The Matrix door's platform against a real server, with a real client library as the phone."""

import asyncio
import itertools
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from connectors.chat.messages import (
    Button,
    Edited,
    Incoming,
    JoinedChat,
    LeftChat,
    MediaKind,
    Outgoing,
    Pin,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Withdrawn,
    Wrote,
)
from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.doors.contract import PlatformSetup
from connectors.doors.matrix import open_platform
from connectors.doors.matrix.account import MatrixLoginError
from connectors.doors.matrix.client import MatrixClient
from connectors.doors.matrix.invitations import InvitationQueue
from connectors.doors.matrix.platform import MatrixPlatform
from connectors.doors.matrix.store import Invite, MatrixStore
from connectors.outbox.store import OutboxUnwritableError
from schemas.datum import Datum
from schemas.names import Language
from tests.processes.matrix_server import MatrixServer, MatrixUser
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.matrix_phone import MatrixPhone, phone

C = TypeVar("C")
NAMES = itertools.count()


@pytest.fixture
def server(matrix_server: MatrixServer) -> MatrixServer:
    return matrix_server


async def account(server: MatrixServer, name: str) -> MatrixUser:
    return await server.register(f"{name}{next(NAMES)}")


@pytest.fixture
async def bot(server: MatrixServer) -> MatrixUser:
    return await account(server, "bot")


@pytest.fixture
async def rider(server: MatrixServer) -> AsyncIterator[MatrixPhone]:
    async with phone(server, await account(server, "rider")) as person:
        yield person


def platform_of(server: MatrixServer, folder: Path, **options: str) -> MatrixPlatform:
    return open_platform(PlatformSetup("matrix", folder, {"url": server.url, "wait_s": "5", **options}))


@dataclass
class Inbox:
    """Takes what comes, each id once as the runtime does; `broken` makes it refuse."""

    taken: list[Incoming] = field(default_factory=list)
    broken: bool = False

    async def take(self, incoming: Incoming) -> bool:
        if self.broken:
            raise OutboxUnwritableError(file="inbox", fault="full")
        new = incoming.id not in {each.id for each in self.taken}
        if new:
            self.taken.append(incoming)
        return new

    @property
    def words(self) -> list[str]:
        return [each.content.text for each in self.taken if isinstance(each.content, Wrote)]

    async def next_of(self, kind: type[C], n: int = 0) -> Incoming:
        """The n-th of a kind, once it is there."""

        def found() -> list[Incoming]:
            return [each for each in self.taken if isinstance(each.content, kind)][n:]

        return (await wait_until(found, kind.__name__))[0]


@asynccontextmanager
async def receiving(platform: MatrixPlatform, inbox: Inbox | None = None) -> AsyncIterator[Inbox]:
    """The platform at work; what it raises comes out here."""
    inbox = inbox or Inbox()
    running = asyncio.create_task(platform.receive(inbox.take))
    try:
        yield inbox
        if running.done():
            running.result()
    finally:
        running.cancel()
        await asyncio.wait([running])


@pytest.fixture
def platform(server: MatrixServer, bot: MatrixUser, tmp_path: Path) -> MatrixPlatform:
    return platform_of(server, tmp_path, token=bot.token)


async def chat(rider: MatrixPhone, bot: MatrixUser, inbox: Inbox) -> str:
    """A chat of the two that both are in."""
    room = await rider.invite(bot.id)
    await wait_until(lambda: any(each.chat == room for each in inbox.taken), "the bot in the chat")
    return room


async def test_an_invitation_is_accepted_and_what_was_written_meanwhile_is_read(
    platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """People invite the bot and write at once, whether it is awake or not."""
    room = await rider.invite(bot.id)
    first = await rider.write(room, "井盖坏了")
    async with receiving(platform) as inbox:
        wrote = await inbox.next_of(Wrote)
        assert (wrote.id, wrote.sender, wrote.chat, wrote.group) == (first, rider.user.id, room, False)
        assert wrote.content == Wrote(text="井盖坏了")
        second = await rider.write(room, "在路口")
        assert (await inbox.next_of(Wrote, 1)).id == second
    assert [type(each.content) for each in inbox.taken] == [JoinedChat, Wrote, Wrote]
    assert inbox.taken[0].sender == rider.user.id


async def test_everything_that_people_send_is_understood(
    platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """Pictures, voices, films, files, positions, stickers, quotes, edits, and what is taken back."""
    photo = picture()
    async with receiving(platform) as inbox:
        room = await chat(rider, bot, inbox)
        await rider.send_file(room, photo, "image/jpeg", "m.image")
        await rider.send_file(room, photo, "image/jpeg", "m.file", filename="file", body="井盖")
        await rider.send_file(room, b"OggS", "audio/ogg", "m.audio")
        await rider.send_file(room, b"film", "video/mp4", "m.video")
        await rider.send_file(room, b"%PDF", "application/pdf", "m.file")
        await rider.share(room, "geo:24.461,118.082;u=12")
        await rider.send(room, {"body": "cat", "url": "mxc://city.test/cat", "info": {}}, "m.sticker")
        await rider.send(room, {"msgtype": "org.example.dance", "body": "?"})
        await rider.send(room, {"msgtype": "m.notice", "body": "from another bot"})
        wrote = await rider.write(room, "路灯不亮")
        await rider.edit(room, wrote, "路灯忽明忽暗")
        await rider.answer(room, wrote, "还有一盏")
        await rider.redact(room, wrote)
        await inbox.next_of(Withdrawn)
        taken = [each.content for each in inbox.taken if not isinstance(each.content, JoinedChat)]
        files = [each for each in taken if isinstance(each, SentMedia)]
        kinds = [MediaKind.PHOTO, MediaKind.PHOTO, MediaKind.VOICE, MediaKind.VIDEO, MediaKind.FILE, MediaKind.STICKER]
        assert [each.media.kind for each in files] == kinds
        assert [each.text for each in files] == ["", "井盖", "", "", "", ""]
        assert files[0].media.bytes == len(photo)
        assert [each for each in taken if isinstance(each, SharedPosition)] == [
            SharedPosition(lon=118.082, lat=24.461, datum=Datum.WGS84)
        ]
        assert taken[-5:] == [
            Unreadable(name="org.example.dance"),
            Wrote(text="路灯不亮"),
            Edited(of=wrote, text="路灯忽明忽暗"),
            Wrote(text="还有一盏"),
            Withdrawn(of=wrote),
        ]
        assert (await inbox.next_of(Wrote, 1)).quotes == wrote
        async with platform.fetch(files[0].media) as pieces:
            assert b"".join([piece async for piece in pieces]) == photo
        with pytest.raises(Unsendable):
            async with platform.fetch(files[-1].media):
                pass


def message(room: str, id: str = "m1", **more: Any) -> Outgoing:
    return Outgoing(**{"id": id, "chat": room, "text": "修好了吗？", **more})


async def test_buttons_are_reactions(platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone) -> None:
    """A tap on 2️⃣ is the second button; other reactions, and those to other messages, are nothing."""
    buttons = (Button(label="修好了", value="fixed"), Button(label="没有", value="not-fixed"))
    async with receiving(platform) as inbox:
        room = await chat(rider, bot, inbox)
        mine = await rider.write(room, "1")
        sending = asyncio.create_task(platform.send(message(room, buttons=buttons), []))
        begun = await wait_until(lambda: platform.begun(message(room)), "the words")
        sent = await sending
        assert begun == sent
        heard = await rider.hears(bot.id, "修好了吗")
        assert heard["event_id"] == sent
        assert heard["content"]["body"] == "修好了吗？\n\n1️⃣ 修好了\n2️⃣ 没有\n\n点下面的数字，或直接回复数字。"
        await wait_until(lambda: rider.keys(sent) == ["1️⃣", "2️⃣"], "the reactions")
        for to, key in ((sent, "👍"), (sent, "3️⃣"), (mine, "1️⃣"), (sent, "2⃣")):
            await rider.react(room, to, key)
        pressed = await inbox.next_of(Pressed)
        assert (pressed.content, pressed.quotes) == (Pressed(value="not-fixed"), sent)


async def test_a_tap_is_understood_after_a_restart(
    server: MatrixServer, bot: MatrixUser, rider: MatrixPhone, tmp_path: Path
) -> None:
    """What was offered under which message lies in the door's folder."""
    async with receiving(platform_of(server, tmp_path, token=bot.token)) as inbox:
        room = await chat(rider, bot, inbox)
    sent = await platform_of(server, tmp_path, token=bot.token).send(
        message(room, buttons=(Button(label="是", value="yes"),)), []
    )
    await rider.react(room, sent, "1️⃣")
    async with receiving(platform_of(server, tmp_path, token=bot.token)) as inbox:
        assert (await inbox.next_of(Pressed)).content == Pressed(value="yes")


async def test_a_message_with_everything_arrives_once(
    platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone, tmp_path: Path
) -> None:
    """Words, photos, a pin and a quote; sent three times, it is there once."""
    file = tmp_path / "after.jpg"
    file.write_bytes(picture())
    async with receiving(platform) as inbox:
        room = await chat(rider, bot, inbox)
        mine = await rider.write(room, "井盖坏了")
        pin = Pin(lon=118.082, lat=24.461, label="东街口")
        full = message(room, pin=pin, answers=mine, photos=("a" * 64,), link="https://city.test/c/1")
        assert len({await platform.send(full, [file]) for _ in range(3)}) == 1
        await platform.send(message(room, "m2", text="完"), [])
        await rider.hears(bot.id, "完")
        words, photo, point, _ = [each["content"] for each in rider.messages(bot.id)]
        assert words["m.relates_to"] == {"m.in_reply_to": {"event_id": mine}}
        assert words["body"] == "修好了吗？\n\nhttps://city.test/c/1"
        assert (photo["msgtype"], photo["info"]["size"]) == ("m.image", file.stat().st_size)
        assert await rider.download(photo["url"]) == file.read_bytes()
        assert (point["body"], point["geo_uri"]) == ("东街口", "geo:24.461000,118.082000")


async def test_the_server_takes_a_message_once_when_we_forgot_that_it_was_sent(
    server: MatrixServer, bot: MatrixUser, rider: MatrixPhone, tmp_path: Path
) -> None:
    """Killed between sending and writing that down: the second try is the same transaction."""
    async with receiving(platform_of(server, tmp_path / "a", token=bot.token)) as inbox:
        room = await chat(rider, bot, inbox)
    first = await platform_of(server, tmp_path / "b", token=bot.token).send(message(room), [])
    again = await platform_of(server, tmp_path / "c", token=bot.token).send(message(room), [])
    assert first == again


async def test_in_a_group_the_bot_is_named_or_answered(
    server: MatrixServer, platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """By a mention, by its name in the words, or by an answer to what it said; other words are not for it."""
    async with phone(server, await account(server, "cleaner")) as cleaner, receiving(platform) as inbox:
        room = await rider.invite(bot.id, cleaner.user.id, group=True)
        await cleaner.join(room)
        await inbox.next_of(JoinedChat)
        said = await platform.send(message(room), [])
        local = bot.id.removeprefix("@").partition(":")[0]
        await rider.write(room, "谁去吃饭？")
        await rider.write(room, "井盖坏了", **{"m.mentions": {"user_ids": [bot.id]}})
        await cleaner.write(room, f"{local}: 垃圾满了")
        await cleaner.answer(room, said, "没有")
        await inbox.next_of(Wrote, 3)
        wrote = [each for each in inbox.taken if isinstance(each.content, Wrote)]
        assert inbox.words == ["谁去吃饭？", "井盖坏了", "垃圾满了", "没有"]
        assert [each.addressed for each in wrote] == [False, True, True, True]
        assert all(each.group for each in wrote)


async def test_what_was_said_before_the_bot_was_there_is_not_read(
    server: MatrixServer, platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """Not in rooms that it was in before its first start, and not before it was invited to others."""
    early = await rider.invite(bot.id)
    await server.call("POST", f"/_matrix/client/v3/join/{early}", {}, token=bot.token)
    await rider.write(early, "很久以前")
    late = await rider.invite()
    for n in range(60):
        await rider.write(late, f"以前 {n}")
    async with receiving(platform) as inbox:
        await asyncio.sleep(0.5)
        await rider.write(early, "现在")
        await inbox.next_of(Wrote)
        await server.call(
            "POST", f"/_matrix/client/v3/rooms/{late}/invite", {"user_id": bot.id}, token=rider.user.token
        )
        await rider.write(late, "请看")
        await wait_until(lambda: "请看" in inbox.words, "what was said since")
    assert inbox.words == ["现在", "请看"]


async def test_nothing_is_missed_while_the_bot_was_away(
    server: MatrixServer, bot: MatrixUser, rider: MatrixPhone, tmp_path: Path
) -> None:
    """More than one answer of the server holds, in an old chat and in a new one, in order and once."""
    async with receiving(platform_of(server, tmp_path, token=bot.token)) as inbox:
        old = await chat(rider, bot, inbox)
    new = await rider.invite(bot.id)
    for n in range(25):
        await rider.write(old, f"old {n}")
        await rider.write(new, f"new {n}")
    async with receiving(platform_of(server, tmp_path, token=bot.token, events="4"), inbox):
        await wait_until(lambda: len(inbox.words) >= 50, "all messages")
        await rider.write(old, "last")
        await wait_until(lambda: "last" in inbox.words, "the last message")
    for which in ("old", "new"):
        assert [each for each in inbox.words if each.startswith(which)] == [f"{which} {n}" for n in range(25)]
    assert len(inbox.words) == 51


async def test_what_could_not_be_stored_comes_again(
    platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """The position moves on only when everything was taken."""
    async with receiving(platform) as inbox:
        room = await chat(rider, bot, inbox)
        inbox.broken = True
        await rider.write(room, "井盖坏了")
        await rider.write(room, "路灯不亮")
        await asyncio.sleep(1)
        assert inbox.words == []
        inbox.broken = False
        await wait_until(lambda: inbox.words == ["井盖坏了", "路灯不亮"], "both")


async def test_an_encrypted_room_is_refused_with_a_sentence_once(
    server: MatrixServer, bot: MatrixUser, rider: MatrixPhone, tmp_path: Path
) -> None:
    """In both languages; also after a restart it is not said again."""
    async with receiving(platform_of(server, tmp_path, token=bot.token)):
        room = await rider.invite(bot.id, encrypted=True)
        heard = await rider.hears(bot.id, "端到端加密")
        assert "end-to-end encrypted" in heard["content"]["body"]
        await rider.send(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, "m.room.encrypted")
    async with receiving(platform_of(server, tmp_path, token=bot.token)) as inbox:
        await rider.send(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "y"}, "m.room.encrypted")
        other = await rider.invite(bot.id)
        await rider.write(other, "明文")
        await inbox.next_of(Wrote)
    assert inbox.words == ["明文"]
    assert len(rider.messages(bot.id, room)) == 1


async def test_who_leaves_or_puts_the_bot_out_cannot_be_reached(
    platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """It is told as such, with what they said last, and sending there says so."""
    async with receiving(platform) as inbox:
        for n in range(2):
            room = await rider.invite(bot.id, group=n == 1)  # in a chat of two equals nobody can put out the other
            await inbox.next_of(JoinedChat, n)
            await rider.write(room, f"last words {n}")
            await (rider.leave(room) if n == 0 else rider.kick(room, bot.id))
            left = await inbox.next_of(LeftChat, n)
            assert (left.sender, left.chat) == (rider.user.id, room)
            assert inbox.words[-1] == f"last words {n}"

            async def gone(room: str = room) -> bool:
                try:
                    await platform.send(message(room, f"after {room} {asyncio.get_running_loop().time()}"), [])
                except Unreachable:
                    return True
                return False

            await wait_until(gone, "the bot outside")


async def test_the_server_asks_for_patience(
    server: MatrixServer, platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """Then nothing is lost and nothing doubled: what was sent of a message is not sent again."""
    async with receiving(platform) as inbox:
        room = await chat(rider, bot, inbox)
        await server.limit(bot.id, 4, 2)
        patience: list[float | None] = []
        buttons = tuple(Button(label=f"{n}", value=f"{n}") for n in range(4))
        for n in range(2):
            while True:
                try:
                    await platform.send(message(room, f"m{n}", text=f"第 {n} 条", buttons=buttons), [])
                except TryLater as later:
                    patience.append(later.after_s)
                    await asyncio.sleep(later.after_s or 0.1)
                else:
                    break
        assert patience
        assert all(after_s is not None and 0 < after_s < 10 for after_s in patience)
        last = await rider.hears(bot.id, "第 1 条")
        await wait_until(lambda: len(rider.keys(last["event_id"])) == 4, "the reactions")
        assert len(rider.messages(bot.id)) == 2


async def test_the_server_is_killed_and_comes_back(
    server: MatrixServer, platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """Meanwhile sending asks to be tried later; afterwards everything goes on."""
    async with receiving(platform) as inbox:
        room = await chat(rider, bot, inbox)
        await rider.write(room, "before")
        await inbox.next_of(Wrote)
        await server.kill()
        with pytest.raises(TryLater):
            await platform.send(message(room), [])
        await server.start()
        await rider.write(room, "after")
        await wait_until(lambda: inbox.words == ["before", "after"], "both")
        await platform.send(message(room, text="好"), [])
        await rider.hears(bot.id, "好")


async def test_a_server_restored_from_a_backup_skips_nothing(tmp_path: Path) -> None:
    """What people wrote before the bot came back is read, in an old chat and in a new one, in order and once."""
    home = tmp_path / "server"
    home.mkdir()
    server = MatrixServer(home)
    await server.start()
    try:
        bot = await account(server, "bot")
        async with phone(server, await account(server, "rider")) as rider:
            async with receiving(platform_of(server, tmp_path / "door", token=bot.token)) as inbox:
                room = await chat(rider, bot, inbox)
                await rider.write(room, "in the backup")
                await inbox.next_of(Wrote)
                await server.kill()
                await asyncio.to_thread(shutil.copytree, home, tmp_path / "backup")
                await server.start()
                for n in range(3):
                    await rider.write(room, f"lost with the server {n}")
                await inbox.next_of(Wrote, 3)
            await server.kill()
            await asyncio.to_thread(shutil.rmtree, home)
            await asyncio.to_thread((tmp_path / "backup").rename, home)
            await server.start()
            new = await rider.invite(bot.id)
            for n in range(8):
                await rider.write(room, f"since then {n}")
                await rider.write(new, f"here too {n}")
            async with receiving(platform_of(server, tmp_path / "door", token=bot.token, events="3"), inbox):
                await wait_until(lambda: len(inbox.words) >= 20, "all messages")
                await rider.write(room, "last")
                await wait_until(lambda: "last" in inbox.words, "the last message")
        assert inbox.words[:4] == ["in the backup", *(f"lost with the server {n}" for n in range(3))]
        for which in ("since then", "here too"):
            assert [each for each in inbox.words if each.startswith(which)] == [f"{which} {n}" for n in range(8)]
        assert len(inbox.words) == 21
    finally:
        await server.kill()


async def test_a_password_is_used_once(server: MatrixServer, bot: MatrixUser, tmp_path: Path) -> None:
    """The token stays in the door's folder, readable for its owner alone; one that was revoked is replaced."""
    local = bot.id.removeprefix("@").partition(":")[0]
    options = {"user": local, "password": bot.password}
    first = await platform_of(server, tmp_path, **options).check()
    assert (first["user"], first["server"]) == (bot.id, server.url)
    assert (tmp_path / "matrix.sqlite").stat().st_mode & 0o077 == 0
    assert await platform_of(server, tmp_path, user=local, password="forgotten").check() == first
    with pytest.raises(MatrixLoginError):
        await platform_of(server, tmp_path / "elsewhere", user=local, password="wrong").check()
    path = "/_matrix/client/v3/logout/all"
    await server.call("POST", path, {}, token=bot.token)
    assert await platform_of(server, tmp_path, **options).check() == first


async def test_the_command_says_who_the_bot_is_or_what_is_wrong(
    server: MatrixServer, bot: MatrixUser, tmp_path: Path
) -> None:
    """As the page on Matrix promises: exit code 0, 2 for what is to be corrected, 3 for a server that is away."""
    code, said = await door_check(tmp_path, URL=server.url, TOKEN=bot.token)
    assert (code, bot.id in said, server.url in said) == (0, True, True)
    for settings, wrong in (({"TOKEN": "x"}, "GRID36_DOOR_MATRIX_TOKEN"), ({}, "GRID36_DOOR_MATRIX_USER")):
        code, said = await door_check(tmp_path, URL=server.url, **settings)
        assert (code, wrong in said) == (2, True)
    code, said = await door_check(tmp_path, URL="http://127.0.0.1:1", TOKEN="x")
    assert (code, "GRID36_DOOR_MATRIX_URL" in said) == (3, True)


async def door_check(home: Path, **settings: str) -> tuple[int | None, str]:
    """The exit code of `grid36 door check matrix`, and all that it said."""
    variables = {f"GRID36_DOOR_MATRIX_{name}": value for name, value in settings.items()}
    environment = {**os.environ, "GRID36_HOME": str(home), "GRID36_LANG": "en", **variables}
    command = [sys.executable, "-m", "grid36", "door", "check", "matrix"]
    pipe, joined = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    running = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=joined, env=environment)
    said, _ = await running.communicate()
    return running.returncode, said.decode()


async def test_a_token_that_the_server_does_not_know_ends_the_door(server: MatrixServer, tmp_path: Path) -> None:
    """No waiting mends that; the error says which settings to look at, in both languages."""
    platform = platform_of(server, tmp_path, token="syt_unknown")
    with pytest.raises(MatrixLoginError) as refused:
        await platform.receive(Inbox().take)
    assert "GRID36_DOOR_MATRIX_TOKEN" in refused.value.say(Language.ZH)
    assert "syt_unknown" not in str(refused.value)
    with pytest.raises(TryLater):
        await platform.send(message("!room:city.test"), [])


async def test_a_token_that_is_revoked_ends_the_door(
    server: MatrixServer, platform: MatrixPlatform, bot: MatrixUser, rider: MatrixPhone
) -> None:
    """The same when that happens while it runs."""
    running = asyncio.create_task(platform.receive(Inbox().take))
    await asyncio.sleep(1)
    await server.call("POST", "/_matrix/client/v3/logout", {}, token=bot.token)
    with pytest.raises(MatrixLoginError):
        await asyncio.wait_for(running, 30)


async def test_an_invitation_that_leads_nowhere_is_declined(
    server: MatrixServer, bot: MatrixUser, tmp_path: Path
) -> None:
    """It is not tried for ever; while the server is away, it is tried later."""
    client, store = MatrixClient(server.url), MatrixStore(tmp_path, lambda: 0)
    client.token = bot.token
    await store.advance(bot.id, "s", {}, ["!nowhere:city.test"])
    queue = InvitationQueue(client, store)
    await server.kill()
    await _for_a_moment(queue)
    assert (await store.since(bot.id), await store.invites()) == ("s", [])
    await server.start()
    store_later = MatrixStore(tmp_path, lambda: 3_600_000)
    assert await store_later.invites() == [Invite("!nowhere:city.test", 1)]
    await _for_a_moment(InvitationQueue(client, store_later))
    assert await MatrixStore(tmp_path, lambda: 10**15).invites() == []


async def _for_a_moment(queue: InvitationQueue) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(queue.run(), 1.5)


async def test_an_answer_that_is_too_large_comes_in_pages(
    server: MatrixServer, bot: MatrixUser, rider: MatrixPhone, tmp_path: Path
) -> None:
    """Long messages of a busy time are more than we read at once."""
    options = {"token": bot.token, "answer_bytes": "150000", "events": "16"}
    async with receiving(platform_of(server, tmp_path, **options)) as inbox:
        room = await chat(rider, bot, inbox)
    texts = [f"{n} {'x' * 30_000}" for n in range(12)]
    for text in texts:
        await rider.write(room, text)
    async with receiving(platform_of(server, tmp_path, **options), inbox):
        await wait_until(lambda: len(inbox.words) >= len(texts), "all messages")
    assert inbox.words == texts
