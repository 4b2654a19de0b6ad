"""Asks a GeoReport server for its requests, page by page, and posts updates to it."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from pydantic_core import from_json

from connectors.doors.neighbour.errors import NeighbourAwayError, NeighbourRefusesError
from connectors.doors.neighbour.options import NeighbourOptions
from connectors.standard_webhooks.client_error import trouble_of
from connectors.standard_webhooks.http_trouble import trouble_words

PAGE: Final = 100
MOST_BYTES: Final = 16_000_000
REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})

AGAIN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
SHOWN: Final = 200


class NeighbourClient:
    """One server."""

    def __init__(self, session: aiohttp.ClientSession, options: NeighbourOptions) -> None:
        self._session, self._options = session, options
        self.clock_ahead_s: float | None = None
        """How far the server's clock is ahead of ours, by its last answer, where it says so."""

    async def page(self, since_ms: int, page: int) -> list[Any]:
        """What changed since then, ms UTC; the rows as they are sent.

        Raises `NeighbourAwayError` and `NeighbourRefusesError`; neither says our key.
        """
        since = datetime.fromtimestamp(since_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"updated_after": since, "page": str(page), "page_size": str(PAGE)}
        status, body = await self._sent("GET", "requests", query)
        if status in REFUSED:
            raise NeighbourRefusesError(status=status)
        rows = _json(body)
        if status != HTTPStatus.OK or not isinstance(rows, list):
            raise NeighbourAwayError(status=status)
        return rows

    async def post_update(self, fields: Mapping[str, str]) -> str:
        """Post an update in mySociety's form: why it is refused, empty if it is not. Raises `NeighbourAwayError`."""
        status, body = await self._sent("POST", "servicerequestupdates", fields)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return ""
        if status in AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NeighbourAwayError(status=status)
        key = self._options.key.get_secret_value() if self._options.key is not None else ""
        said = body.decode(errors="replace")
        return f"{status}: {(said.replace(key, '…') if key else said)[:SHOWN]}"

    async def services(self) -> set[str]:
        """The codes of its services. Raises `NeighbourAwayError`."""
        status, body = await self._sent("GET", "services", {})
        rows = _json(body)
        if status != HTTPStatus.OK or not isinstance(rows, list):
            raise NeighbourAwayError(status=status)
        return {str(row.get("service_code")) for row in rows if isinstance(row, dict)}

    async def has_updates(self) -> bool:
        """Whether it knows updates. Raises `NeighbourAwayError`."""
        status, _ = await self._sent("GET", "servicerequestupdates", {})
        return status not in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}

    async def _sent(self, method: str, what: str, given: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body. Raises `NeighbourAwayError`."""
        options, fields = self._options, dict(given)
        if options.jurisdiction:
            fields["jurisdiction_id"] = options.jurisdiction
        if options.key is not None:
            fields["api_key"] = options.key.get_secret_value()
        address, limit = f"{options.url.rstrip('/')}/{what}.json", aiohttp.ClientTimeout(total=options.answer_s)
        where: dict[str, Any] = {"params": fields} if method == "GET" else {"data": fields}
        try:
            async with self._session.request(method, address, timeout=limit, allow_redirects=False, **where) as answer:
                self._look_at(answer.headers.get("Date", ""))
                status, body = answer.status, await answer.content.read(MOST_BYTES)
                while len(body) < MOST_BYTES and (more := await answer.content.read(MOST_BYTES - len(body))):
                    body += more
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            raise NeighbourAwayError(says=trouble_words(trouble_of(fault))) from None
        return status, body

    def _look_at(self, date: str) -> None:
        try:
            self.clock_ahead_s = parsedate_to_datetime(date).timestamp() - time.time()
        except (TypeError, ValueError, IndexError, OverflowError):
            self.clock_ahead_s = None


def _json(body: bytes) -> Any:
    try:
        return from_json(body)
    except ValueError:
        return None
