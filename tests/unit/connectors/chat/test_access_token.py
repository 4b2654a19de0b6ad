"""Access tokens: held for their lifetime, one refresh at a time."""

import asyncio

import pytest

from connectors.chat.access_token import AccessToken
from connectors.chat.http_client import Away
from connectors.chat.weixin.api import token_in
from connectors.chat.weixin.faults import WeixinFault


class Issuer:
    """Gives out tokens, and says how often."""

    def __init__(self) -> None:
        self.asked: list[bool] = []
        self.now_s = 0.0
        self.same = False
        self.fault: Exception | None = None

    async def fetch(self, force: bool) -> tuple[str, float]:
        self.asked.append(force)
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        return ("t1" if self.same and not force else f"t{len(self.asked)}"), 7200.0


async def test_many_share_one_refresh() -> None:
    issuer = Issuer()
    token = AccessToken(issuer.fetch, lambda: issuer.now_s)
    assert await asyncio.gather(*(token.get() for _ in range(50))) == ["t1"] * 50


async def test_it_is_fetched_anew_before_it_ends() -> None:
    issuer = Issuer()
    token = AccessToken(issuer.fetch, lambda: issuer.now_s)
    found = [await token.get()]
    for issuer.now_s in (6000.0, 6899.0, 6900.0):
        found.append(await token.get())
    assert found == ["t1", "t1", "t1", "t2"]


async def test_a_token_that_is_refused_is_replaced_once() -> None:
    issuer = Issuer()
    token = AccessToken(issuer.fetch, lambda: issuer.now_s)
    first = await token.get()
    token.refused(first)
    second = await token.get()
    token.refused(first)  # somebody else was slow to see it
    assert (await token.get(), issuer.asked) == (second, [False, False])


async def test_where_the_same_comes_again_a_new_one_is_forced() -> None:
    issuer = Issuer()
    issuer.same = True
    token = AccessToken(issuer.fetch, lambda: issuer.now_s)
    token.refused(await token.get())
    assert (await token.get(), issuer.asked) == ("t3", [False, False, True])


async def test_a_fetch_that_fails_is_tried_again_by_the_next() -> None:
    issuer = Issuer()
    issuer.fault = WeixinFault(-1, "busy")
    token = AccessToken(issuer.fetch, lambda: issuer.now_s)
    with pytest.raises(WeixinFault):
        await token.get()
    issuer.fault = None
    assert await token.get() == "t2"


@pytest.mark.parametrize(
    "answer", [{}, {"access_token": ""}, {"access_token": 5}, {"access_token": "t", "expires_in": "x"}]
)
def test_an_answer_without_a_token_is_no_answer(answer: dict[str, object]) -> None:
    with pytest.raises(Away):
        token_in(answer)


@pytest.mark.parametrize("lifetime", [0, -1, float("nan"), float("inf"), 10**9])
def test_a_lifetime_that_cannot_be_is_the_usual_one(lifetime: float) -> None:
    assert token_in({"access_token": "t", "expires_in": lifetime}) == ("t", 7200.0)
