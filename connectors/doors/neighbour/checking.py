"""How a neighbour's server stands, for `grid36 door check`: who answers, what it lets us read, and its clock."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from connectors.doors.contract import PlatformSetup
from connectors.doors.neighbour.client import NeighbourClient
from connectors.doors.neighbour.imports import FILE
from connectors.doors.neighbour.options import NeighbourOptions
from connectors.outbox.group_commit import open_to_read

DAY_MS: Final = 86_400_000
FIGURES: Final = (
    "SELECT state, count(*) FROM imports GROUP BY 1 UNION ALL"
    " SELECT CASE why WHEN '' THEN 'posted' ELSE 'posted_in_vain' END, count(*) FROM posted GROUP BY 1"
)


class NeighbourServer:
    """Asked as the door asks it; nothing is changed."""

    def __init__(self, setup: PlatformSetup, options: NeighbourOptions) -> None:
        self._setup, self._options = setup, options

    async def check(self) -> Mapping[str, str]:
        """Raises `NeighbourRefusesError`, and `NeighbourAwayError` where nobody answers as GeoReport v2 says."""
        options = self._options
        async with aiohttp.ClientSession() as session:
            client = NeighbourClient(session, options)
            rows = await client.page(time.time_ns() // 1_000_000 - round(options.since_days * DAY_MS), 1)
            ahead_s = client.clock_ahead_s
            services = await client.services()
            has_updates = await client.has_updates()
        return {
            "server": urlsplit(options.url).hostname or "",
            "services": str(len(services)),
            "unknown_services": ", ".join(sorted(options.categories().keys() - services)) or "-",
            "requests": str(len(rows)),
            "with_words": str(sum(bool(isinstance(row, dict) and row.get("description")) for row in rows)),
            "updates": "yes" if has_updates else "no",
            "clock": "?" if ahead_s is None else f"{ahead_s:+.0f} s",
            **await asyncio.to_thread(_figures, self._setup.folder / FILE),
        }


def _figures(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    with closing(open_to_read(file)) as db:
        return {name: str(count) for name, count in db.execute(FIGURES) if count}
