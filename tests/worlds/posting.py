"""One call of a platform to a hook of ours."""

from typing import Any

import aiohttp


async def status_of(address: str | None, **request: Any) -> int:
    """The status of our answer; 0 for none, or where we have no address."""
    if address is None:
        return 0
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.post(address, **request) as answer,
        ):
            await answer.read()
            return answer.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0
