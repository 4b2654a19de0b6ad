"""Asks the provider over HTTP: small answers, soon, from the address that was asked and no other."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic_core import from_json

from connectors.accounts.oidc.provider import ProviderAway, may_be_asked

PATIENCE: Final = ClientTimeout(total=10, connect=4)
MOST_BYTES: Final = 256 * 1024


async def ask(
    address: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """GET, or POST a form: the status and the JSON object that came. Raises `ProviderAway`."""
    if not may_be_asked(address):
        raise ProviderAway(f"{address} is not https")
    try:
        async with (
            ClientSession(timeout=PATIENCE, headers={"Accept": "application/json"}) as http,
            http.request(
                "GET" if form is None else "POST", address, data=form, headers=headers, allow_redirects=False
            ) as answer,
        ):
            body = bytearray()
            async for chunk in answer.content.iter_chunked(16 * 1024):
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ProviderAway(f"{address} answers more than {MOST_BYTES} bytes")
            status = answer.status
    except (ClientError, TimeoutError, OSError, ValueError) as fault:
        raise ProviderAway(f"{address}: {type(fault).__name__}") from None
    try:
        found = from_json(bytes(body))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderAway(f"{address} answers {status} and no JSON object")
    return status, found
