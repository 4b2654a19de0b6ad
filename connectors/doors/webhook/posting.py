"""Posts one message to the receiver, and says what became of it."""

import time
from typing import Final, NamedTuple

import aiohttp

from connectors.doors.webhook.deliveries import DueDelivery
from connectors.doors.webhook.options import WebhookOptions
from connectors.standard_webhooks.client_error import trouble_of
from connectors.standard_webhooks.http_trouble import STATUS
from connectors.standard_webhooks.retry_after import patience_s
from connectors.standard_webhooks.signatures import signature

GONE: Final = 410
DOWN: Final = frozenset({401, 403, 404, 408, 429})
"""About the receiver, not about one message; and all from 500 on."""


class PostOutcome(NamedTuple):
    """What became of a message: delivered, or `why` not."""

    why: str = ""
    gone: bool = False
    after_s: float = 0.0
    """How much patience the receiver asks for."""
    is_down: bool = False
    """Whether other messages would fare no better."""


async def post(session: aiohttp.ClientSession, delivery: DueDelivery, options: WebhookOptions) -> PostOutcome:
    """Signed at this moment, by all keys. The log and the file never have the address, as it may carry a token."""
    assert options.url is not None
    now_s = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(now_s),
        "webhook-signature": signature(options.url_keys, delivery.id, now_s, delivery.body),
    }
    limit = aiohttp.ClientTimeout(total=options.answer_s)
    try:
        async with session.post(
            options.url, data=delivery.body, headers=headers, timeout=limit, proxy=options.proxy, allow_redirects=False
        ) as answer:
            status, after = answer.status, answer.headers.get("Retry-After", "")
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        return PostOutcome(trouble_of(error), is_down=True)
    if 200 <= status < 300:
        return PostOutcome()
    is_down = status in DOWN or status >= 500
    return PostOutcome(f"{STATUS}{status}", status == GONE, patience_s(after, now_s), is_down)
