"""Creates a system from files; afterwards its own log defines it."""

import asyncio

from connectors.clock import now_ms
from grid36.kafka.topics import create_topics, wait_for_kafka
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.past_names import past_names
from grid36.system.region_files import Files, files_apart, files_of
from schemas.codec import UnreadableError, decode, encode
from schemas.content import content_address
from schemas.errors import ServiceAway, WrongInput
from schemas.models import LogModel
from schemas.names import Name
from schemas.past_names import PastNames
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Mode, System
from streams.rulebooks.topic import Records, create, digests_at, read_rulebooks, region_in, rulebook_in, system_in


class KnownSystem(LogModel):
    """A system (and what it was created with, by hash), with the region and rulebook in force."""

    system: System
    region: Region
    rulebook: Rulebook
    past_names: PastNames = {}
    """Names of entries that its lists and regions no longer have."""


class OtherRegionError(WrongInput):
    """This system works for another region. Leave out --region, or give the other region a home of its own:
    GRID36_HOME=/another/folder grid36 up --region ..."""


class HalfCreatedError(ServiceAway):
    """Another process is creating this system at this moment. Try again."""


def region_of(settings: Settings) -> Region:
    """The region of this home's system or, before it is created, that of its folder."""
    known = kept(settings)
    return known.region if known else files_of(settings).region


def rulebook_of(settings: Settings) -> Rulebook:
    """The same for the rulebook."""
    known = kept(settings)
    return known.rulebook if known else files_of(settings).rulebook


def check_region_given(settings: Settings) -> Name | None:
    """Check that a region given now is usable and belongs to this home; a warning when its content differs.

    Raises the errors of its files, `OtherRegionError`.
    """
    known = kept(settings)
    if known is not None and settings.region is None:
        return None
    files = files_of(settings)
    return None if known is None else compare(known, files)


def compare(known: KnownSystem, files: Files) -> Name | None:
    """A warning when the files differ from the system. Raises `OtherRegionError`."""
    if files.region.code != known.region.code:
        raise OtherRegionError(works_for=known.region.code, given=files.region.code)
    same = (files.region, files.rulebook) == (known.region, known.rulebook)
    return None if same else Name.of("system.create.region_changed")


def kept(settings: Settings) -> KnownSystem | None:
    """The system stored under this home, or None."""
    try:
        return decode(KnownSystem, Home(settings.home).created.read_bytes())
    except (OSError, UnreadableError):
        return None


def keep(settings: Settings, known: KnownSystem) -> None:
    """Store it for commands, and for a gateway that starts while Kafka is away."""
    settings.home.mkdir(parents=True, exist_ok=True)
    new = settings.home / "created.new"
    new.write_bytes(encode(known))
    new.replace(Home(settings.home).created)


async def read_known(settings: Settings, servers: str) -> KnownSystem | None:
    """The present system according to the log; None before it is created."""
    return await asyncio.to_thread(whole_in, await read_rulebooks(servers, prefix=settings.topic_prefix), now_ms())


def whole_in(records: Records, t_ms: int) -> KnownSystem | None:
    """As `known_in`, with past names."""
    known = known_in(records, t_ms)
    if known is None:
        return None
    return known.model_copy(update={"past_names": past_names(records, t_ms, known.region, known.rulebook)})


def known_in(records: Records, t_ms: int) -> KnownSystem | None:
    """The system at a time, according to these records of `rulebooks`."""
    system, digests = system_in(records), digests_at(records, t_ms)
    if system is None or digests is None:
        return None
    region, rulebook = region_in(records, digests[0]), rulebook_in(records, digests[1])
    if region is None or rulebook is None:
        return None  # incomplete only while it is being created
    return KnownSystem(system=system, region=region, rulebook=rulebook)


async def known_system(settings: Settings, servers: str, limit_s: float = 60.0) -> KnownSystem:
    """The system, created from the files of its region if there is none yet.

    While Kafka is away: the system as last known here. Raises `ServiceAway` after `limit_s` when it is unknown.
    """
    last = kept(settings)
    try:
        await wait_for_kafka(servers, limit_s if last is None else 2.0)
        known = await read_known(settings, servers)
        if known is None:
            known = await _created(settings, servers)
        else:
            await have_topics(settings, servers, known.system, known.region)
    except ServiceAway:
        if last is None:
            raise
        return last
    keep(settings, known)
    return known


async def _created(settings: Settings, servers: str) -> KnownSystem:
    files = await files_apart(settings)
    new = KnownSystem(
        system=System(
            partitions=settings.partitions,
            region=content_address(files.region),
            rulebook=content_address(files.rulebook),
        ),
        region=files.region,
        rulebook=files.rulebook,
    )
    await have_topics(settings, servers, new.system, new.region, new=True)
    system = await create(servers, files.region, files.rulebook, settings.partitions, prefix=settings.topic_prefix)
    if (system.region, system.rulebook) == (new.system.region, new.system.rulebook):
        return new.model_copy(update={"system": system})
    known = await read_known(settings, servers)  # another process was first, with another region
    if known is None:
        raise HalfCreatedError(servers=servers)
    return known


async def have_topics(settings: Settings, servers: str, system: System, region: Region, *, new: bool = False) -> None:
    """Create missing topics, including those of the region's departments.

    Topics whose loss must not be hidden are created only for a `new` system; `grid36 status` reports missing ones.
    """
    await create_topics(
        servers,
        system.partitions,
        sorted({organisation.code for organisation in region.organisations} | {region.fallback_department}),
        history=system.mode is Mode.HISTORY,
        prefix=settings.topic_prefix,
        replication=settings.replication,
        new=new,
    )
