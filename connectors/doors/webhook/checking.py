"""How the webhook stands, for `grid36 door check`: what is open, what is parked, whether the receiver is gone."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from connectors.doors.contract import PlatformSetup
from connectors.doors.webhook.deliveries import FILE, DeliveryFigures, figures
from connectors.doors.webhook.errors import WebhookOffError
from connectors.doors.webhook.options import WebhookOptions
from connectors.outbox.group_commit import open_to_read


class WebhookCheck:
    """What is known here of the receiver; it is not called."""

    def __init__(self, setup: PlatformSetup, options: WebhookOptions) -> None:
        self._setup, self._options = setup, options

    async def check(self) -> Mapping[str, str]:
        """Raises `WebhookOffError` when the receiver answered 410."""
        found = await asyncio.to_thread(_read, self._setup.folder / FILE, self._options.receiver)
        if found.off_ms is not None:
            since = datetime.fromtimestamp(found.off_ms / 1000, UTC).isoformat(timespec="seconds")
            raise WebhookOffError(since=since, waiting=found.open, parked=found.parked)
        name = self._setup.name
        facts = {
            "receives": f"/doors/{name}/reports, /doors/{name}/supplements",
            "posts_to": urlsplit(self._options.url).hostname if self._options.url else None,
            "open": str(found.open) if self._options.url else None,
            "parked": str(found.parked) if self._options.url else None,
        }
        return {fact: value for fact, value in facts.items() if value is not None}


def _read(file: Path, receiver: str) -> DeliveryFigures:
    if not file.exists():
        return DeliveryFigures(0, 0, None)
    with closing(open_to_read(file)) as db:
        return figures(db, receiver)
