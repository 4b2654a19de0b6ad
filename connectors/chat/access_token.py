"""Keeps an access token for its lifetime; one refresh at a time, and many wait for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

EARLY_S: Final = 300.0
"""Fetched anew so long before its end."""

Fetch = Callable[[bool], Awaitable[tuple[str, float]]]
"""Fetches a token and its lifetime in seconds; True where one that should still be good was refused."""


class AccessToken:
    """The token of one account."""

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._clock = fetch, clock
        self._token = ""
        self._until_s = 0.0
        self._refused = ""
        self._one = asyncio.Lock()

    async def get(self) -> str:
        """A token that is good. Raises what the fetching raises."""
        async with self._one:
            if not self._token or self._clock() >= self._until_s:
                token, lifetime_s = await self._fetch(False)
                if token == self._refused:  # they gave out again what they refuse
                    token, lifetime_s = await self._fetch(True)
                self._token = token
                self._until_s = self._clock() + max(lifetime_s - EARLY_S, lifetime_s / 2)
            return self._token

    def refused(self, token: str) -> None:
        """The platform does not know this one any more, unless a newer one is here already."""
        if token == self._token:
            self._token, self._refused = "", token
