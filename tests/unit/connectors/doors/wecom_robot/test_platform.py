"""One robot over TLS, against a fake that behaves as the vendor's page says."""

import asyncio
from pathlib import Path

import pytest

from connectors.chat.messages import Button, Incoming, Media, MediaKind, Outgoing, SentMedia, Wrote
from connectors.chat.platform import Platform, TryLater, Unreachable, Unsendable
from connectors.doors.contract import PlatformSetup
from connectors.doors.wecom_robot import open_platform
from connectors.doors.wecom_robot.errors import RobotAwayError, RobotSecretError, RobotTakenError
from tests.processes.waiting import wait_until
from tests.unit.connectors.doors.wecom_robot.conftest import robot, with_options
from tests.worlds.weixin.robots import SECRET, RobotCloud, body_of, event_body

HELLO = Outgoing(id="m-1", chat="zhangsan", text="已收到")


def said(cloud: RobotCloud) -> list[tuple[str, str]]:
    """Commands and words of what we sent."""
    return [
        (frame["cmd"], frame["body"].get("markdown", frame["body"].get("stream", frame["body"].get("text")))["content"])
        for frame in cloud.got
    ]


async def test_check_logs_in_for_a_moment(setup: PlatformSetup, cloud: RobotCloud) -> None:
    assert await open_platform(setup).check() == {"id": "aib-robot-1", "receives": cloud.address}
    assert not setup.folder.exists(), "nothing is changed"


async def test_check_leaves_a_gateway_that_is_connected_alone(setup: PlatformSetup, cloud: RobotCloud) -> None:
    """A second log-in would end its connection."""
    async with robot(setup, cloud):
        facts = await open_platform(setup).check()
        assert (facts["receives"], cloud.logins) == ("the gateway of this machine is connected", 1)


async def test_what_is_wrong_is_named_and_no_secret(setup: PlatformSetup, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RobotSecretError):
        await open_platform(with_options(setup, secret="another")).check()
    with pytest.raises(RobotAwayError) as raised:
        await open_platform(with_options(setup, url="wss://localhost:9")).check()
    assert SECRET not in caplog.text + str(raised.value)


async def test_a_server_that_nobody_vouches_for_is_not_believed(setup: PlatformSetup) -> None:
    options = {name: value for name, value in setup.options.items() if name != "ca"}
    with pytest.raises(RobotAwayError, match="Certificate"):
        await open_platform(PlatformSetup(setup.name, setup.folder, options)).check()


async def test_messages_are_taken_in_order_and_a_full_disk_is_waited_out(
    setup: PlatformSetup, cloud: RobotCloud
) -> None:
    """Nobody would bring them again."""
    async with robot(setup, cloud) as door:
        door.full = 1
        for text in ("a", "b", "c"):
            await cloud.brings(body_of("zhangsan", "text", {"content": text}))
        assert [each.content for each in await door.has(3)] == [Wrote(text=each) for each in "abc"]


async def test_what_was_received_is_stored_when_the_door_ends(setup: PlatformSetup, cloud: RobotCloud) -> None:
    async with robot(setup, cloud) as door:
        door.full = 1
        await cloud.brings(body_of("zhangsan", "text", {"content": "a"}))
        await wait_until(lambda: door.full == 0, "the first try", 5)
    assert [each.content for each in door.taken] == [Wrote(text="a")]


async def test_a_message_is_answered_by_its_frame_and_later_ones_are_pushes(
    setup: PlatformSetup, cloud: RobotCloud
) -> None:
    async with robot(setup, cloud) as door:
        frame = await cloud.brings(body_of("zhangsan", "text", {"content": "x"}, id="in-1"))
        await door.has(1)
        await door.platform.send(HELLO.model_copy(update={"answers": "in-1"}), [])
        await door.platform.send(HELLO.model_copy(update={"id": "m-2", "text": "再见"}), [])
    assert said(cloud) == [("aibot_respond_msg", "已收到"), ("aibot_send_msg", "再见")]
    assert (cloud.got[0]["headers"]["req_id"], cloud.got[1]["body"]["chatid"]) == (frame, "zhangsan")


async def test_a_frame_that_is_over_for_the_platform_becomes_a_push(setup: PlatformSetup, cloud: RobotCloud) -> None:
    async with robot(setup, cloud) as door:
        await cloud.brings(body_of("zhangsan", "text", {"content": "x"}, id="in-1"))
        await door.has(1)
        cloud.open_frames.clear()
        await door.platform.send(HELLO.model_copy(update={"answers": "in-1"}), [])
    assert said(cloud) == [("aibot_send_msg", "已收到")]


async def test_who_opens_the_chat_is_welcomed_by_its_frame(setup: PlatformSetup, cloud: RobotCloud) -> None:
    async with robot(setup, cloud) as door:
        await cloud.brings(event_body("zhangsan", "enter_chat"), "aibot_event_callback")
        (joined,) = await door.has(1)
        await door.platform.send(HELLO.model_copy(update={"answers": joined.id}), [])
    assert said(cloud) == [("aibot_respond_welcome_msg", "已收到")]


async def test_answers_to_one_frame_go_one_by_one(setup: PlatformSetup, cloud: RobotCloud) -> None:
    cloud.slow_s = 0.05
    async with robot(setup, cloud) as door:
        await cloud.brings(body_of("zhangsan", "text", {"content": "x"}, id="in-1"))
        await door.has(1)
        answers = [HELLO.model_copy(update={"id": f"m-{n}", "answers": "in-1"}) for n in range(5)]
        await asyncio.gather(*(door.platform.send(each, []) for each in answers))
    assert ([command for command, _ in said(cloud)], cloud.most_at_once) == (["aibot_respond_msg"] * 5, 1)


async def test_buttons_are_a_card_and_a_press_comes_back(setup: PlatformSetup, cloud: RobotCloud) -> None:
    async with robot(setup, cloud) as door:
        asked = HELLO.model_copy(update={"buttons": (Button(label="是", value="v1"),)})
        await door.platform.send(asked, [])
        card = cloud.got[0]["body"]["template_card"]
        press = {
            "card_type": "button_interaction",
            "event_key": card["button_list"][0]["key"],
            "task_id": card["task_id"],
        }
        await cloud.brings(event_body("zhangsan", "template_card_event", press), "aibot_event_callback")
        (pressed,) = await door.has(1)
    assert pressed.content.model_dump() == {"kind": "pressed", "value": "v1"}


async def test_words_of_people_mention_and_link_nobody(setup: PlatformSetup, cloud: RobotCloud) -> None:
    """A push is Markdown."""
    async with robot(setup, cloud) as door:
        await door.platform.send(HELLO.model_copy(update={"text": "<@all> [官网](https://evil)"}), [])
    assert said(cloud) == [("aibot_send_msg", "＜@all> [官网] (https://evil)")]


async def test_photos_are_uploaded_in_pieces(setup: PlatformSetup, cloud: RobotCloud, tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(bytes(range(256)) * 10)
    async with robot(with_options(setup, chunk_bytes="1000"), cloud) as door:
        await door.platform.send(HELLO, [photo])
    assert cloud.uploaded == {"media-0": photo.read_bytes()}
    assert cloud.got[-1]["body"] == {"chatid": "zhangsan", "msgtype": "image", "image": {"media_id": "media-0"}}


@pytest.mark.parametrize(("code", "error"), [(45009, TryLater), (-1, TryLater), (60111, Unreachable), (7, Unsendable)])
async def test_codes_say_what_follows(
    setup: PlatformSetup, cloud: RobotCloud, code: int, error: type[Exception]
) -> None:
    cloud.plans["aibot_send_msg"].append(code)
    async with robot(setup, cloud) as door:
        with pytest.raises(error):
            await door.platform.send(HELLO, [])


async def test_without_a_connection_messages_wait(setup: PlatformSetup, cloud: RobotCloud) -> None:
    with pytest.raises(TryLater):
        await open_platform(setup).send(HELLO, [])
    async with robot(with_options(setup, answer_s="0.1"), cloud) as door:
        cloud.silent = True
        with pytest.raises(TryLater):
            await door.platform.send(HELLO, [])


async def test_a_connection_that_ends_or_is_silent_is_opened_again(setup: PlatformSetup, cloud: RobotCloud) -> None:
    async with robot(with_options(setup, heartbeat_s="0.05", answer_s="0.2"), cloud) as door:
        await cloud.connections[-1].close()
        await wait_until(lambda: cloud.logins == 2, "a second log-in", 5)
        await wait_until(lambda: cloud.beats > 1, "heartbeats", 5)
        cloud.silent = True
        await asyncio.sleep(0.6)
        cloud.silent = False
        await wait_until(lambda: cloud.logins == 3, "a third log-in", 5)
        await cloud.brings(body_of("zhangsan", "text", {"content": "x"}))
        await door.has(1)


async def test_who_is_replaced_does_not_come_back(setup: PlatformSetup, cloud: RobotCloud, tmp_path: Path) -> None:
    """Two gateways would end each other for ever."""

    async def take(incoming: Incoming) -> bool:
        return bool(incoming.id)

    receiving = asyncio.create_task(open_platform(setup).receive(take))
    await wait_until(lambda: cloud.logins == 1, "a log-in", 5)
    another = PlatformSetup(setup.name, tmp_path / "another machine", setup.options)
    async with robot(another, cloud):
        with pytest.raises(RobotTakenError):
            await asyncio.wait_for(receiving, 5)
        await asyncio.sleep(0.3)
        assert cloud.logins == 2


async def test_two_gateways_of_one_machine_do_not_even_try(setup: PlatformSetup, cloud: RobotCloud) -> None:
    async def take(incoming: Incoming) -> bool:
        return bool(incoming.id)

    async with robot(setup, cloud):
        with pytest.raises(RobotTakenError):
            await open_platform(setup).receive(take)


async def test_frames_that_are_none_are_passed_over(setup: PlatformSetup, cloud: RobotCloud) -> None:
    async with robot(setup, cloud) as door:
        for text in ("", "[]", "{", '{"cmd": 5}', '{"headers": {"req_id": "x"}, "errcode": 0}'):
            await cloud.connections[-1].send_str(text)
        await cloud.brings({"from": {"userid": "a"}, "msgtype": ["x"]})
        await cloud.brings(body_of("zhangsan", "text", {"content": "x"}))
        assert len(await door.has(2)) == 2


def media(file: dict[str, str]) -> Media:
    found = SentMedia(
        media=Media(kind=MediaKind.PHOTO, ref=f'{{"url":"{file["url"]}","key":"{file.get("aeskey", "")}"}}')
    )
    return found.media


@pytest.mark.parametrize("size", [0, 1, 15, 16, 31, 32, 33, 100_000])
async def test_a_file_is_decrypted_with_its_own_key(setup: PlatformSetup, cloud: RobotCloud, size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    async with open_platform(setup).fetch(media(cloud.encrypted("1", content))) as pieces:
        assert b"".join([piece async for piece in pieces]) == content


async def test_files_that_cannot_be_fetched(setup: PlatformSetup, cloud: RobotCloud) -> None:
    good = cloud.encrypted("1", b"x" * 2000)
    cloud.files["cut"] = cloud.files["1"][:-3]
    cloud.files["other"] = b"y" * 64
    wrong = [
        good | {"aeskey": "short"},
        good | {"url": "http://localhost/1"},
        good | {"url": "https://["},
        good | {"url": good["url"].replace("/1", "/none")},
        good | {"url": good["url"].replace("/1", "/cut")},
        good | {"url": good["url"].replace("/1", "/other")},
    ]
    platform = open_platform(with_options(setup, download_bytes="5000"))
    for file in wrong:
        with pytest.raises(Unsendable):
            await _read(platform, media(file))
    with pytest.raises(Unsendable):
        await _read(platform, Media(kind=MediaKind.VOICE, ref=""))
    cloud.statuses.append(503)
    with pytest.raises(TryLater):
        await _read(platform, media(good))
    with pytest.raises(Unsendable, match="more than 5000"):
        await _read(platform, media(cloud.encrypted("2", b"x" * 6000)))


async def _read(platform: Platform, file: Media) -> bytes:
    async with platform.fetch(file) as pieces:
        return b"".join([piece async for piece in pieces])
