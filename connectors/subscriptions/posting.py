"""Posts one request to a subscriber, and says what became of it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import aiohttp

from connectors.standard_webhooks.client_error import trouble_of
from connectors.standard_webhooks.http_trouble import STATUS
from connectors.standard_webhooks.retry_after import patience_s
from connectors.standard_webhooks.signatures import signature
from connectors.subscriptions.deliveries import PostVerdict
from connectors.subscriptions.documents import OutgoingMessage

ABOUT_THE_SUBSCRIBER: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Not about one document; and so are redirects, and all from 500 on."""
READ_BYTES: Final = 16_384
"""How much of an answer is read, so that its connection can be used again."""


async def post(
    session: aiohttp.ClientSession,
    url: str,
    message: OutgoingMessage,
    keys: Sequence[bytes],
    *,
    now_ms: int,
    answer_s: float,
) -> PostVerdict:
    """Signed at this moment by all keys. What it says never has the address, as that may carry a token."""
    now_s = now_ms // 1000
    headers = {
        "Content-Type": message.content_type,
        "User-Agent": "grid36",
        "webhook-id": message.id,
        "webhook-timestamp": str(now_s),
        "webhook-signature": signature(keys, message.id, now_s, message.body),
    }
    limit = aiohttp.ClientTimeout(total=answer_s)
    try:
        async with session.post(
            url, data=message.body, headers=headers, timeout=limit, allow_redirects=False
        ) as answer:
            status, after = answer.status, answer.headers.get("Retry-After", "")
            await answer.content.read(READ_BYTES)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        return PostVerdict(trouble_of(error))
    return verdict_of(status, after, now_s)


def verdict_of(status: int, after: str, now_s: float) -> PostVerdict:
    """What an answer means; `after` is its `Retry-After`."""
    if 200 <= status < 300:
        return PostVerdict()
    why, after_s = f"{STATUS}{status}", patience_s(after, now_s)
    if status == HTTPStatus.GONE:
        return PostVerdict(why, gone=True)
    refused = 400 <= status < 500 and status not in ABOUT_THE_SUBSCRIBER
    return PostVerdict(why, refused=refused, after_s=after_s)
