"""What is in force according to the log, whatever the files of this machine say."""

import asyncio

import pytest

from grid36.kafka.topics import create_topics
from grid36.settings import Settings
from grid36.system.in_force import zone_in_force
from grid36.system.region_files import files_of
from streams.rulebooks.topic import create

pytestmark = pytest.mark.kafka


async def test_the_zone_is_that_of_the_system_as_soon_as_it_is_created(kafka: str, prefix: str) -> None:
    """Not that of a region's folder; before that it is waited for, until a signal."""
    settings, stop = Settings(topic_prefix=prefix), asyncio.Event()
    asking = asyncio.create_task(zone_in_force(settings, kafka, stop))
    files = files_of(settings)
    assert files.region.calendar is not None
    there = {"zone": "America/New_York"}
    elsewhere = files.region.model_copy(update=there | {"calendar": files.region.calendar.model_copy(update=there)})
    await create_topics(kafka, 1, prefix=prefix)
    await create(kafka, elsewhere, files.rulebook, 1, prefix=prefix)
    assert await asking == "America/New_York"
    stop.set()
    assert await zone_in_force(settings, kafka, stop) == ""
