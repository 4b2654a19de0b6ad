"""The Open311 server keeps what its OpenAPI document promises."""

import asyncio
import sys
from pathlib import Path

import pytest

from connectors.doors.open311.description import description
from tests.worlds.open311_town import CITY_KEY, KEYS, open311_town

LEFT_OUT = "positive_data_acceptance"
"""The region and the rulebook know more than a schema: which services there are, what is in the region, which ids."""
CONFIG = f'[auth.openapi.api_key]\napi_key = "{CITY_KEY}"\n'


@pytest.mark.slow
async def test_a_client_made_from_the_description_finds_nothing_else(tmp_path: Path) -> None:
    """Valid and invalid requests in XML and JSON get only answers that the document describes."""
    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    async with open311_town(tmp_path / "town", keys=KEYS, trusted="city") as town:
        document = f"{town.address}/openapi.json"
        options = ["--exclude-checks", LEFT_OUT, "--phases", "coverage", "--generation-deterministic", "--no-color"]
        asking = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli", "run", document, *options,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
        )  # fmt: skip
        said, _ = await asking.communicate()
    assert asking.returncode == 0, said.decode()
    count = sum(len(each) for each in description("0")["paths"].values())
    assert f"Tested: {count}" in said.decode()
