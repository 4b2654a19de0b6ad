"""Browsers that come by the public address, with or without somebody's personal link."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientResponse, ClientSession

from connectors.accounts.session import Way
from tests.worlds.small_town import Town

HOST = "city.example"
OUTSIDE = {
    "Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "Accept-Language": "en",
    "Sec-Fetch-Site": "same-origin",
}  # fmt: skip
DAY_MS = 86_400_000


async def personal_link(town: Town, person: str) -> str:
    """A new personal link, for a day."""
    now = town.clock()
    return await town.gateway.contacts.ask(lambda file: file.new_link(person, now, now + DAY_MS))


@asynccontextmanager
async def asked(browser: ClientSession, path: str, link: str = "", **headers: str) -> AsyncIterator[ClientResponse]:
    """A GET from outside, by whoever has this link ("": a stranger)."""
    cookie = {"Cookie": f"link={link}"} if link else {}
    sent: Mapping[str, str] = OUTSIDE | {"Accept": "text/html"} | cookie | headers
    async with browser.get(path, headers=sent, allow_redirects=False) as answer:
        yield answer


async def signed_in(town: Town, person: str) -> str:
    """The token of a new session of a person."""
    accounts, now = town.gateway.accounts, town.clock()
    return await accounts.ask(lambda rows: rows.begin(person, Way.LINK, now, accounts.limits))


async def sign_in_link(town: Town, person: str) -> str:
    """The token of a new link that signs a person in once."""
    now = town.clock()
    return await town.gateway.accounts.ask(lambda rows: rows.new_link(person, now, now + DAY_MS))
