"""Asks a GeoReport server for its requests, page by page."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from pydantic_core import from_json

from connectors.doors.neighbour.errors import NeighbourAwayError, NeighbourRefusesError
from connectors.doors.neighbour.options import NeighbourOptions

PAGE: Final = 100
MOST_BYTES: Final = 16_000_000
REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class NeighbourClient:
    """One server."""

    def __init__(self, session: aiohttp.ClientSession, options: NeighbourOptions) -> None:
        self._session, self._options = session, options

    async def page(self, since_ms: int, page: int) -> list[Any]:
        """What changed since then, ms UTC; the rows as they are sent.

        Raises `NeighbourAwayError` and `NeighbourRefusesError`; neither says our key.
        """
        options = self._options
        since = datetime.fromtimestamp(since_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"updated_after": since, "page": str(page), "page_size": str(PAGE)}
        if options.jurisdiction:
            query["jurisdiction_id"] = options.jurisdiction
        if options.key is not None:
            query["api_key"] = options.key.get_secret_value()
        address, limit = f"{options.url.rstrip('/')}/requests.json", aiohttp.ClientTimeout(total=options.answer_s)
        try:
            async with self._session.get(address, params=query, timeout=limit, allow_redirects=False) as answer:
                status, body = answer.status, await answer.content.read(MOST_BYTES)
                while len(body) < MOST_BYTES and (more := await answer.content.read(MOST_BYTES - len(body))):
                    body += more
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            raise NeighbourAwayError(says=type(fault).__name__) from None
        if status in REFUSED:
            raise NeighbourRefusesError(status=status)
        try:
            rows = from_json(body)
        except ValueError:
            rows = None
        if status != HTTPStatus.OK or not isinstance(rows, list):
            raise NeighbourAwayError(status=status)
        return rows
