"""How our own server stands, for `grid36 door check`: whether its address leads to it, and what it shows to whom."""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from pydantic_core import from_json

from connectors.doors.contract import PlatformSetup
from connectors.doors.open311.description import BASE
from connectors.doors.open311.errors import Open311AwayError, Open311ElsewhereError
from connectors.doors.open311.options import Open311Options
from connectors.standard_webhooks.client_error import trouble_of
from connectors.standard_webhooks.http_trouble import trouble_words

MOST_BYTES: Final = 1_000_000
ANSWER_S: Final = 20.0


class Open311Server:
    """Asked by its public address, as programs ask it."""

    def __init__(self, setup: PlatformSetup, options: Open311Options) -> None:
        self._address, self._options = f"{setup.address}{BASE}", options

    async def check(self) -> Mapping[str, str]:
        """Raises `Open311AwayError` where nobody answers, and `Open311ElsewhereError` where it is somebody else."""
        options = self._options
        async with aiohttp.ClientSession() as session:
            discovery = await self._asked(session, "discovery")
            services = await self._asked(session, "services")
        if not isinstance(discovery, dict) or "endpoints" not in discovery or not isinstance(services, list):
            raise Open311ElsewhereError(address=self._address)
        told = [each.get("url") for each in discovery["endpoints"] if isinstance(each, dict)]
        if self._address not in told:
            raise Open311ElsewhereError(address=self._address, says=str(told[0])[:200] if told else "")
        return {
            "address": self._address,
            "services": str(len(services)),
            "keys": ", ".join(sorted(options.key_names.values())) or "-",
            "trusted": options.trusted or "-",
            "list": options.list,
            "place": options.place,
        }

    async def _asked(self, session: aiohttp.ClientSession, what: str) -> Any:
        limit = aiohttp.ClientTimeout(total=ANSWER_S)
        address = f"{self._address}/{what}.json"
        try:
            async with session.get(address, timeout=limit, allow_redirects=False) as answer:
                body = await answer.content.read(MOST_BYTES)
                while len(body) < MOST_BYTES and (more := await answer.content.read(MOST_BYTES - len(body))):
                    body += more
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            raise Open311AwayError(address=self._address, says=trouble_words(trouble_of(fault))) from None
        if answer.status >= 500:
            raise Open311AwayError(address=self._address, status=answer.status)
        try:
            return from_json(body)
        except ValueError:
            raise Open311ElsewhereError(address=self._address, status=answer.status) from None
