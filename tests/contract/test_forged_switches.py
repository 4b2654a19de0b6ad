"""Switches that somebody forged: each is set aside with its reason, and work goes on by what is in force."""

import json
from pathlib import Path

import pytest

from schemas.codec import encode
from schemas.command import Activate
from schemas.content import content_address, text_address
from schemas.report import Activation
from schemas.system import Content
from schemas.topics import COMMANDS, EVENTS, EVERYWHERE, PARKED, REPORTS, RULEBOOKS
from streams.drivers.aiokafka import PlainDriver
from tests.contract.test_worker import N, World, report
from tests.worlds.commanded_street import region, rulebook

pytestmark = pytest.mark.kafka

REGION, LIST = content_address(region()), content_address(rulebook())
NO_LIST = '{"x":1}'
FORGED = {
    "exchanged": (REGION, LIST),
    "never stored": ("0" * 32, REGION),
    "under another hash": ("a" * 32, REGION),
    "no rulebook": (text_address(NO_LIST), REGION),
    "no content": ("c" * 32, REGION),
}


async def test_forged_switches_stop_nothing(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Forged activations are parked with their reason, and reports go on by the rulebook in force."""
    world = await World(kafka, prefix, tmp_path).made()
    for digest, text in {"a" * 32: "{}", text_address(NO_LIST): NO_LIST}.items():
        content = Content(kind="rulebook", part=0, parts=1, json_text=text)
        await world.put(RULEBOOKS, 0, f"{digest}/0", encode(content))
    await world.put(RULEBOOKS, 0, "c" * 32 + "/0", b"garbage")
    for id, (rulebook_hash, region_hash) in FORGED.items():
        switch = {"id": id.replace(" ", "-"), "rulebook": rulebook_hash, "region": region_hash, "effective_ms": 0}
        for number in range(N):
            await world.put(REPORTS, number, EVERYWHERE, encode(Activation.model_validate(switch)))
            command = Activate.model_validate(switch | {"home": EVERYWHERE, "by": "evil"})
            await world.put(COMMANDS, number, EVERYWHERE, encode(command))
    await world.send(REPORTS, "r1", report("r1"))

    async def opened() -> bool:
        events = [json.loads(value or b"") for _, _, value in await world.committed(EVENTS)]
        aside = [json.loads(value or b"") for _, _, value in await world.committed(PARKED)]
        wanted = {"UnknownContentError": 2 * N * len(FORGED)}
        found = {error: sum(each["error"] == error for each in aside) for error in {each["error"] for each in aside}}
        return found == wanted and any(event["type"] == "opened" for event in events)

    async with world.worker(PlainDriver()):
        await world.until(opened)
