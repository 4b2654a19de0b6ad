"""Messages in several parts, and how much one person may be sent."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.platform import TryLater, Unsendable
from connectors.chat.weixin.member_limits import MemberLimits
from connectors.chat.weixin.parts import Part, PartProgress, pieces


def part(sent: list[str], name: str, faults: list[Exception] | None = None) -> Part:
    async def send() -> str:
        if faults:
            raise faults.pop()
        sent.append(name)
        return name

    return send


async def test_a_second_try_sends_only_what_is_missing() -> None:
    sent: list[str] = []
    progress, parts = PartProgress(), [part(sent, "a"), part(sent, "b", [TryLater("busy")])]
    with pytest.raises(TryLater):
        await progress.send("m", parts)
    assert (await progress.send("m", parts), sent) == ("a", ["a", "b"])


async def test_words_go_even_if_a_photo_never_can() -> None:
    sent: list[str] = []
    parts = [part(sent, "a"), part(sent, "b", [Unsendable("no")]), part(sent, "c")]
    assert (await PartProgress().send("m", parts), sent) == ("a", ["a", "c"])


async def test_words_that_cannot_be_sent_are_the_senders_matter() -> None:
    with pytest.raises(Unsendable):
        await PartProgress().send("m", [part([], "a", [Unsendable("no")]), part([], "b")])


@given(st.text(), st.integers(4, 50))
def test_pieces_fit_and_together_are_the_text(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert all(len(each.encode()) <= limit for each in found)
    assert "".join(found) == text.encode("utf-8", "replace").decode()


def limits(clock: Callable[[], float]) -> MemberLimits:
    return MemberLimits(per_minute=2, per_hour=3, clock=clock)


def test_what_the_platform_would_drop_waits() -> None:
    now = 0.0
    members = limits(lambda: now)
    members.count("a")
    now = 10.0
    members.count("a")
    members.count("b")
    with pytest.raises(TryLater) as minute:
        members.count("a")
    now = 60.0
    members.count("a")
    now = 120.0
    with pytest.raises(TryLater) as hour:
        members.count("a")
    now = 3600.0
    members.count("a")
    assert (minute.value.after_s, hour.value.after_s) == (50.0, 3480.0)
