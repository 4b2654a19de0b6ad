"""The Open311 door keeps what GeoReport v2 promises to a client that others wrote."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import requests
from georeport import GeoReport

from tests.processes.waiting import wait_until
from tests.worlds.open311_town import APP_KEY, KEYS, open311_town

FILED = {"service_code": "street-light", "description": "路灯不亮 <dark>", "lat": "24.4610", "long": "118.0820"}


@pytest.mark.parametrize("ending", ["xml", "json"])
async def test_a_client_of_others_reads_what_it_filed(tmp_path: Path, ending: str) -> None:
    """It finds the services, files a request with the key of its program, and reads it in XML and in JSON."""
    async with open311_town(tmp_path, keys=KEYS, list="everybody") as town:
        client = GeoReport(town.address, jurisdiction=town.town.gateway.region.code, output_format=ending)
        services = await asyncio.to_thread(client.get_service_list)
        assert {each["service_code"] for each in services} >= {"street-light", "manhole-missing"}
        definition = await asyncio.to_thread(client.get_service_definition, "street-light")
        assert definition["service_code"] == "street-light"

        address, sent = f"{town.address}/requests.{ending}", FILED | {"api_key": APP_KEY}
        answer = await asyncio.to_thread(requests.post, address, sent, timeout=30)
        assert answer.status_code == 201
        id = _id_in(answer, ending)
        await wait_until(lambda: town.town.gateway.ledger.case_of_report(id), "its case")
        found = await asyncio.to_thread(client.get_service_request, id)
        assert (found["service_request_id"], found["status"]) == (id, "open")
        listed = await asyncio.to_thread(client.get_service_requests, status="open", service_code="street-light")
        assert (listed if isinstance(listed, list) else [listed]) == [found]
        with pytest.raises(requests.HTTPError, match="404"):
            await asyncio.to_thread(client.get_service_definition, "odd")


def _id_in(answer: Any, ending: str) -> str:
    if ending == "json":
        return str(answer.json()[0]["service_request_id"])
    return str(answer.text.partition("<service_request_id>")[2].partition("<")[0])
