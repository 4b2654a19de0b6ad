"""The topic `rulebooks`: what this system is, and the content of every region and rulebook it ever used."""

import asyncio
import json
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.errors import ProducerFenced
from pydantic import BaseModel, ValidationError

from schemas.codec import UnreadableError, decode, encode, faults
from schemas.content import content_address, text_address
from schemas.errors import Retry
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Content, Mode, Switched, System
from schemas.topics import RULEBOOKS, SWITCH_PREFIX, SYSTEM_KEY
from streams.kafka.clients import transactional_producer
from streams.kafka.closing import stop_quietly
from streams.kafka.partition_reader import PartitionReader
from streams.kafka.settings import EngineSettings
from streams.partition.batches import pack
from streams.partition.contract import Output
from streams.partition.errors import Refusal

PART_CHARACTERS: Final = 150_000
"""This much text is at most 450 kB of UTF-8, and twice that with every quote escaped."""
WRITE_S: Final = 30.0
TRIES: Final = 10

log = logging.getLogger(__name__)

Records = Mapping[str, bytes]
Outputs = Sequence[Output]
Model = TypeVar("Model", bound=BaseModel)
Found = TypeVar("Found")


class BusyError(Retry):
    """Several processes write to `rulebooks` at the same time. Try again."""


class ContentChangedError(Refusal):
    """Content in `rulebooks` is not what its hash says, or no such content. Store it again from its files."""


class OtherReleaseError(Refusal):
    """Content in `rulebooks` has what this release does not know. Start this process again with the release that
    stored it: grid36 down, then grid36 up"""


def content_records(kind: str, digest: str, model: BaseModel) -> dict[str, bytes]:
    """Keys `{hash}/{part}` and values that hold a region or rulebook."""
    text = json.dumps(model.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    parts = [text[i : i + PART_CHARACTERS] for i in range(0, len(text), PART_CHARACTERS)]
    return {
        f"{digest}/{number}": encode(
            Content.model_validate({"kind": kind, "part": number, "parts": len(parts), "json_text": part})
        )
        for number, part in enumerate(parts)
    }


def region_in(records: Records, digest: str) -> Region | None:
    """The region of this hash, when all its parts are there. Raises as `content_of`."""
    text = text_in(records, digest)
    return None if text is None else content_of(Region, text, digest)


def rulebook_in(records: Records, digest: str) -> Rulebook | None:
    """The rulebook of this hash, when all its parts are there. Raises as `content_of`."""
    text = text_in(records, digest)
    return None if text is None else content_of(Rulebook, text, digest)


def text_in(records: Records, digest: str) -> str | None:
    """The content of this hash as it was stored, when all its parts are there."""
    texts: list[str] = []
    parts = 1
    while len(texts) < parts:
        raw = records.get(f"{digest}/{len(texts)}")
        if raw is None:
            return None
        content = decode(Content, raw)
        texts.append(content.json_text)
        parts = content.parts
    return "".join(texts)


def content_of(model: type[Model], text: str, digest: str) -> Model:
    """A region or rulebook; the hash is that of the text as it was stored: an earlier release knew fewer fields.

    Raises `ContentChangedError`, and `OtherReleaseError`: to drop what a newer one added would decide otherwise.
    """
    try:
        same = text_address(text) == digest
    except (ValueError, RecursionError):  # not even JSON
        same = False
    if not same:
        raise ContentChangedError(content=digest)
    try:
        return model.model_validate_json(text)
    except ValidationError as fault:
        if any(row["type"] == "missing" and len(row["loc"]) == 1 for row in fault.errors(include_input=False)):
            raise ContentChangedError(content=digest) from None  # releases add fields, so no release ever wrote this
        raise OtherReleaseError(content=digest, detail=faults(fault)) from None


def system_in(records: Records) -> System | None:
    """What this system is; None before it is created."""
    raw = records.get(SYSTEM_KEY)
    return None if raw is None else decode(System, raw)


def switches_in(records: Records) -> tuple[Switched, ...]:
    """Every past and planned switch in order of time; of equal times the latest one wins.

    Leaves out what is no switch and switches to missing content: partitions park these.
    """
    readable = (_switch_in(records, key) for key in records if key.startswith(SWITCH_PREFIX))
    return tuple(sorted((each for each in readable if each is not None), key=lambda switch: switch.effective_ms))


def _switch_in(records: Records, key: str) -> Switched | None:
    try:
        switch = decode(Switched, records[key])
    except UnreadableError as error:
        log.warning("%r in rulebooks counts nowhere: %s", key, error)
        return None
    here = all(f"{digest}/0" in records for digest in (switch.region, switch.rulebook))  # its parts come together
    if not here:
        log.warning("%r in rulebooks counts nowhere: its rulebook or region is not there", key)
    return switch if here else None


def digests_at(records: Records, t_ms: int) -> tuple[str, str] | None:
    """Content hashes of the region and the rulebook in force at a time; None before the system is created."""
    system = system_in(records)
    due = [switch for switch in switches_in(records) if switch.effective_ms <= t_ms]
    last = due[-1] if due else system
    return None if last is None or system is None else (last.region, last.rulebook)


async def read_rulebooks(servers: str, *, prefix: str = "") -> dict[str, bytes]:
    """Everything in `rulebooks`, by key; empty when the topic does not exist yet."""
    log = PartitionReader(_settings(servers, prefix))
    found: dict[str, bytes] = {}
    try:
        await log.start()
        if prefix + RULEBOOKS not in await log.consumer.topics():
            return {}
        async for records in log.all(prefix + RULEBOOKS, 0):
            for record in records:
                if record.value is None:
                    found.pop(record.key.decode(errors="replace"), None)
                else:
                    found[record.key.decode(errors="replace")] = record.value
    finally:
        await stop_quietly(log.consumer)
    return found


async def create(servers: str, region: Region, rulebook: Rulebook, partitions: int, *, prefix: str = "") -> System:
    """Create the system with this content; an existing one stays as it was created."""
    digests = content_address(region), content_address(rulebook)
    system = System(partitions=partitions, mode=Mode.NEW, region=digests[0], rulebook=digests[1])

    def first(found: Records) -> tuple[System, Outputs]:
        existing = system_in(found)
        if existing is not None:
            return existing, ()
        return system, stored({**both_records(region, rulebook), SYSTEM_KEY: encode(system)}, prefix)

    return await change(servers, first, prefix)


async def set_mode(servers: str, mode: Mode, *, decide: bool = False, prefix: str = "") -> System | None:
    """Make the system live or a history; None when there is no system."""

    def marked(found: Records) -> tuple[System | None, Outputs]:
        system = system_in(found)
        if system is None or system.mode is mode:
            return system, ()
        system = system.model_copy(update={"mode": mode, "decide": decide})
        return system, stored({SYSTEM_KEY: encode(system)}, prefix)

    return await change(servers, marked, prefix)


async def go_live(servers: str, *, prefix: str = "") -> System | None:
    """Make a new system live; one that is live or a history stays so. None: no system."""

    def marked(found: Records) -> tuple[System | None, Outputs]:
        system = system_in(found)
        if system is None or system.mode is not Mode.NEW:
            return system, ()
        system = system.model_copy(update={"mode": Mode.LIVE})
        return system, stored({SYSTEM_KEY: encode(system)}, prefix)

    return await change(servers, marked, prefix)


async def change(servers: str, decide: Callable[[Records], tuple[Found, Outputs]], prefix: str) -> Found:
    """Read, decide and write without anybody else writing in between; whoever comes second starts again.

    What `decide` returns is written in one transaction. Raises `BusyError`, and what `decide` raises.
    """
    for _ in range(TRIES):
        producer = await _producer(servers, prefix)
        try:
            result, outputs = decide(await read_rulebooks(servers, prefix=prefix))
            if outputs:
                await _write(producer, outputs)
        except ProducerFenced:
            await asyncio.sleep(random.uniform(0.1, 0.5))
        else:
            return result
        finally:
            await stop_quietly(producer)
    raise BusyError


def both_records(region: Region, rulebook: Rulebook) -> dict[str, bytes]:
    """Keys and values that hold a region and a rulebook."""
    return {
        **content_records("region", content_address(region), region),
        **content_records("rulebook", content_address(rulebook), rulebook),
    }


def stored(records: Records, prefix: str) -> Outputs:
    """The outputs that write these records into `rulebooks`."""
    return [Output(prefix + RULEBOOKS, 0, key.encode(), value) for key, value in records.items()]


async def _producer(servers: str, prefix: str) -> AIOKafkaProducer:
    producer = transactional_producer(_settings(servers, prefix), RULEBOOKS, 0)
    async with asyncio.timeout(WRITE_S):
        await producer.start()  # fences other writers; only after that is it safe to read
    return producer


async def _write(producer: AIOKafkaProducer, outputs: Outputs) -> None:
    async with asyncio.timeout(WRITE_S):
        await producer.begin_transaction()
        sends = [
            await producer.send_batch(batch, topic, partition=number)
            for topic, number, batch in pack(producer, outputs)
        ]
        for failed in await asyncio.gather(*sends, return_exceptions=True):
            if isinstance(failed, BaseException):
                raise failed
        await producer.commit_transaction()


def _settings(servers: str, prefix: str) -> EngineSettings:
    return EngineSettings(servers, system_name(prefix), partitions=1)


def system_name(prefix: str) -> str:
    """Prefix of transactional ids, and the group of the workers."""
    return f"{prefix}grid36"
