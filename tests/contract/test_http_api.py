"""The HTTP API keeps what its OpenAPI document promises."""

import asyncio
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from connectors.doors.http.context import GATEWAY
from connectors.doors.http.openapi import OPERATIONS
from connectors.doors.http.proofs.api import add_proofs
from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from tests.worlds.doors import doors, opened

KEY = "the-key-of-this-system"
LEFT_OUT = "positive_data_acceptance"
"""The region and the rulebook know more than a schema: who exists, what is in the region, which acts fit a case."""


@pytest.mark.slow
async def test_a_client_made_from_the_description_finds_nothing_else(tmp_path: Path) -> None:
    """Valid and invalid requests of all kinds get only answers that the OpenAPI document describes."""

    def prove(app: web.Application) -> None:
        add_proofs(app, Proofs(ProofBook(tmp_path / "proofs.sqlite", ZoneInfo("Asia/Shanghai")), app[GATEWAY].ledger))

    async with doors(tmp_path, pages=[prove]) as gateway:
        gateway.ledger.take(opened())
        gateway.gateway.demo, gateway.gateway.key = False, KEY
        document = str(gateway.client.make_url("/api/openapi.json"))
        options = ["--exclude-path", "/api/changes", "--exclude-checks", LEFT_OUT]  # a stream never ends
        options += ["--max-examples", "3", "--generation-deterministic", "--no-color"]
        options += ["--header", f"Authorization: Bearer {KEY}"]
        asking = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli", "run", document, *options,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
        )  # fmt: skip
        said, _ = await asking.communicate()
    assert asking.returncode == 0, said.decode()
    assert f"Tested: {len(OPERATIONS) - 2}" in said.decode()  # all but the stream and the description itself
