from time import monotonic

import pytest

from connectors.chat.platform import Features
from connectors.chat.runtime import rate_limit
from connectors.chat.runtime.rate_limit import RateLimit


async def test_so_many_a_second_go_to_all_together() -> None:
    limit, began = RateLimit(Features(per_second=50)), monotonic()
    for n in range(11):
        await limit.turn(f"chat-{n}")
    assert 0.18 < monotonic() - began < 0.6


async def test_so_many_a_minute_go_to_one_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more within any minute, also around its end; other chats do not wait."""
    now = 1000.0
    monkeypatch.setattr(rate_limit, "monotonic", lambda: now)
    limit = RateLimit(Features(per_second=1e9, per_chat_per_minute=3))
    for _ in range(3):
        assert limit.wait_s("a") == 0
        await limit.turn("a")
        now += 10
    assert limit.wait_s("a") == pytest.approx(30)
    assert limit.wait_s("b") == 0
    now += 30.1
    assert limit.wait_s("a") == 0
    await limit.turn("a")
    assert limit.wait_s("a") == pytest.approx(9.9)


async def test_less_than_one_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(rate_limit, "monotonic", lambda: now)
    limit = RateLimit(Features(per_second=1e9, per_chat_per_minute=0.5))
    await limit.turn("a")
    assert limit.wait_s("a") == pytest.approx(120)


def test_several_chats_that_have_to_wait_make_all_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """One may be a matter of that chat; what is sent ends it."""
    now = 1000.0
    monkeypatch.setattr(rate_limit, "monotonic", lambda: now)
    limit = RateLimit(Features())
    for chat in ("a", "a", "a", "b"):
        limit.refused(chat, 30)
    assert limit.wait_s("z") == 0
    limit.refused("c", 30)
    assert limit.wait_s("z") == pytest.approx(30)
    now += 31
    limit.went()
    limit.refused("a", None)
    assert limit.wait_s("z") == 0
