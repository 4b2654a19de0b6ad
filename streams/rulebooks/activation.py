"""Switches to another rulebook or region: stores the content first, then the switch, for all partitions at once."""

from collections.abc import Mapping

from schemas.codec import encode
from schemas.command import Activate
from schemas.content import content_address
from schemas.errors import Retry, Stop, WrongInput
from schemas.models import LogModel
from schemas.region import Region
from schemas.report import Activation
from schemas.rulebook import Rulebook
from schemas.system import Mode, Switched
from schemas.topics import COMMANDS, EVERYWHERE, REPORTS, SWITCH_PREFIX
from streams.partition.contract import Output
from streams.rulebooks.schedule import MOST_SWITCHES
from streams.rulebooks.topic import Outputs, Records, both_records, change, digests_at, stored, switches_in, system_in

MOST_PLANNED = MOST_SWITCHES - 2
"""How many switches may be planned at once; a partition also stores the one in force and the last `in_flight`."""


class NotCreatedError(Stop):
    """There is no system on this Kafka yet. Start it first: grid36 up"""


class PastSystemError(WrongInput):
    """This system is a replayed history, in which no change can take effect. Replay the history into a new system with
    the other rulebook: GRID36_HOME=/another/folder grid36 up --region ..."""


class TooManyPlannedError(WrongInput):
    """Too many rulebooks wait for their time. Let one of them take effect first, or replace one at its own time."""


class OvertakenError(Retry):
    """Somebody else switched in the meantime, so that this would undo it. Look at it again: grid36 rules versions"""


class SwitchIdReusedError(WrongInput):
    """Another switch was made under this id. Leave the id out, or give a new one."""


async def activate(
    servers: str,
    region: Region,
    rulebook: Rulebook,
    *,
    by: str,
    effective_ms: int,
    id: str,
    at_ms: int,
    in_flight: bool = False,
    note: str = "",
    proposed_by: str = "",
    prefix: str = "",
    instead_of: tuple[str, str] | None = None,
) -> Switched:
    """Store the content, then send every partition a switch at `effective_ms` (UTC); once for an `id`.

    Two transactions: while the large one is written no partition waits for it, and whoever is killed in between has
    stored content that nobody uses. Returns the switch first made under this id. `instead_of`: the hashes of
    the region and rulebook that would be in force then without it. Raises `NotCreatedError`, `PastSystemError`,
    `TooManyPlannedError`, `SwitchIdReusedError`, `OvertakenError` when it is not instead of those, `BusyError` when
    others write all the time.
    """
    switch = Switched(
        id=id,
        rulebook=content_address(rulebook),
        region=content_address(region),
        by=by,
        at_ms=at_ms,
        effective_ms=effective_ms,
        in_flight=in_flight,
        note=note,
        proposed_by=proposed_by,
    )
    content = both_records(region, rulebook)

    def contents(found: Records) -> tuple[None, Outputs]:
        return None, stored({key: value for key, value in content.items() if key not in found}, prefix)

    await change(servers, contents, prefix)
    return await change(servers, lambda found: switched(switch, found, prefix, instead_of), prefix)


def switched(
    switch: Switched, found: Records, prefix: str, instead_of: tuple[str, str] | None
) -> tuple[Switched, Outputs]:
    """The switch, and the records that announce it; none when it was announced already. Raises as `activate` does."""
    system, switches = system_in(found), switches_in(found)
    if system is None:
        raise NotCreatedError
    if system.mode is Mode.HISTORY:
        raise PastSystemError
    for each in switches:
        if each.id == switch.id:
            if (each.rulebook, each.region) != (switch.rulebook, switch.region):
                raise SwitchIdReusedError(id=switch.id)
            return each, ()
    if instead_of is not None and digests_at(found, switch.effective_ms) != instead_of:
        raise OvertakenError
    ahead = {each.effective_ms for each in switches if each.effective_ms > switch.at_ms} - {switch.effective_ms}
    if len(ahead) >= MOST_PLANNED:
        raise TooManyPlannedError(most=MOST_PLANNED)
    return switch, [
        *stored({SWITCH_PREFIX + switch.id: encode(switch)}, prefix),
        *_told(switch, system.partitions, prefix),
    ]


def _told(switch: Switched, partitions: int, prefix: str) -> Outputs:
    fields = switch.model_dump(include={"id", "rulebook", "region", "effective_ms"})
    command = Activate(**fields, home=EVERYWHERE, by=switch.by, in_flight=switch.in_flight)
    topics: Mapping[str, LogModel] = {REPORTS: Activation(**fields), COMMANDS: command}
    return [
        Output(prefix + topic, partition, EVERYWHERE.encode(), encode(record))
        for topic, record in topics.items()
        for partition in range(partitions)
    ]
