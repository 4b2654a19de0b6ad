"""All checks, one after the other; a check that fails itself is a finding and stops no other."""

from collections.abc import AsyncIterator, Iterator

from grid36.doctor.databases import check_databases
from grid36.doctor.finding import Finding, bad, warn
from grid36.doctor.kafka import check_kafka
from grid36.doctor.ledger_server import check_ledger_server
from grid36.doctor.machine import check_machine
from grid36.doctor.running import check_doors, check_photos, check_running
from grid36.kafka.login import with_login
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas.errors import Grid36Error


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every finding, as soon as it is known. Nothing is changed anywhere."""
    for finding in _here(settings):
        yield finding
    home = Home(settings.home)
    servers = settings.kafka or (home.living() and home.read().get("kafka"))
    if not isinstance(servers, str):
        yield warn("kafka", "doctor.kafka.not_up")
    else:
        try:
            reached = servers if settings.kafka is None else with_login(servers)
        except Grid36Error as fault:
            yield bad("kafka", "doctor.kafka.login", says=fault)
        else:
            async for finding in check_kafka(settings, reached):
                yield finding
    async for finding in check_doors(settings):
        yield finding


def _here(settings: Settings) -> Iterator[Finding]:
    yield from check_machine(settings)
    yield from check_running(settings)
    yield from check_databases(settings)
    yield from check_ledger_server(settings)
    if settings.home.exists():
        yield check_photos(settings)
