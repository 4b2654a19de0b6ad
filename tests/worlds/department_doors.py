"""A gateway of a small region with the department `water` and its officer, and a reader of what it writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from connectors.intake.accept import accept
from connectors.intake.context import Gateway
from connectors.orders.action_reader import GROUP, ActionReader
from connectors.orders.open_acts import OpenActs
from schemas.names import Name
from schemas.people import Organisation, OrganisationKind, Person, Role
from tests.worlds.doors import Doors, doors, region

WATER = Organisation(code="water", name=Name(zh="供水", en="Water"), kind=OrganisationKind.DEPARTMENT)
OFFICER = Person(id="o1", name=Name.same("O1"), roles=(Role.DEPARTMENT_OFFICER,), department="water")


@asynccontextmanager
async def department_doors(home: Path) -> AsyncIterator[Doors]:
    """Nothing that it accepts leaves its outbox."""
    async with doors(home) as running:
        known = region()
        running.gateway.region = known.model_copy(
            update={"organisations": (WATER,), "persons": (*known.persons, OFFICER)}
        )
        yield running


@asynccontextmanager
async def reader_of(
    gateway: Gateway, home: Path, servers: str, prefix: str, group: str = GROUP
) -> AsyncIterator[ActionReader]:
    """Not running yet."""
    acts = OpenActs(home / "actions.sqlite")
    gateway.note_act = acts.add_of_http
    try:
        taking = partial(accept, gateway, ("department",))
        yield ActionReader(gateway, taking, acts, servers, prefix=prefix, group=group)
    finally:
        await acts.close()
