"""Reads all of the topic `parked`."""

from connectors.intake.parked_records import ParkedItem, ParkedRecords
from grid36.cli.options import servers_of
from grid36.kafka.topics import wait_for_kafka
from grid36.settings import Settings
from schemas.errors import WrongInput
from schemas.topics import PARKED
from streams.kafka.topic_reader import TopicReader

LIMIT_S = 15.0


class UnknownRecordError(WrongInput):
    """No parked record has this id. `grid36 parked list --settled` shows all of them."""


async def all_parked(settings: Settings) -> ParkedRecords:
    """Every parked record that Kafka still has."""
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    found = ParkedRecords(most=None)
    async with TopicReader(servers, settings.topic_prefix + PARKED, compacted=True) as reader:
        async for records in reader.to_end():
            for record in records:
                found.take(record.partition, record.offset, record.value)
    return found


async def parked_item(settings: Settings, id: str) -> ParkedItem:
    """One of them. Raises `UnknownRecordError`."""
    item = (await all_parked(settings)).get(id)
    if item is None:
        raise UnknownRecordError(record=id)
    return item
