"""A neighbouring city's GeoReport server, as far as our door asks it: pages, changes since a time, a key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

from connectors.clock import now_ms

KEY: Final = "our-key-in-the-next-city"


@dataclass
class NeighbourCity:
    """Its requests, and what it was asked."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    updates: list[dict[str, str]] = field(default_factory=list)
    """What was posted to it."""
    update_status: int = 201
    status: int = 200
    has_pages: bool = True
    address: str = ""
    _t_ms: int = field(default_factory=now_ms)

    def tells(self, id: str, **fields: Any) -> None:
        """Something happened to a request: it is new, or it has other fields."""
        self._t_ms += 60_000
        at = datetime.fromtimestamp(self._t_ms / 1000, UTC).isoformat(timespec="seconds")
        old = next((row for row in self.rows if row["service_request_id"] == id), {"status": "open"})
        self.rows = [row for row in self.rows if row is not old]
        self.rows.insert(0, {**old, "service_request_id": id, "updated_datetime": at, **fields})

    async def answer(self, request: web.Request) -> web.Response:
        """One page of what changed."""
        query = dict(request.query)
        self.asked.append(query)
        if self.status != 200 or query.get("api_key") != KEY:
            return web.json_response([], status=self.status if self.status != 200 else 403)
        since = datetime.fromisoformat(query["updated_after"])
        found = [row for row in self.rows if datetime.fromisoformat(row["updated_datetime"]) >= since]
        size, page = int(query["page_size"]), int(query["page"])
        return web.json_response(found[(page - 1) * size : page * size] if self.has_pages else found)

    async def update(self, request: web.Request) -> web.Response:
        """Take an update."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.updates.append(form)
        if form.pop("api_key", "") != KEY:
            return web.json_response([{"code": "403", "description": "unknown key"}], status=403)
        return web.json_response([{"update_id": str(len(self.updates))}], status=self.update_status)


@asynccontextmanager
async def neighbour_city() -> AsyncIterator[NeighbourCity]:
    """It answers at `address`."""
    city, app = NeighbourCity(), web.Application()
    app.router.add_get("/v2/requests.json", city.answer)
    app.router.add_post("/v2/servicerequestupdates.json", city.update)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        city.address = f"http://{host}:{port}/v2"
        yield city
    finally:
        await runner.cleanup()
