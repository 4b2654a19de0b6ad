"""What a running system decides by at this moment: the last activation that is in force, or what it began with."""

from connectors.ledger.read import Ledger
from grid36.create import region_of, rulebook_of
from grid36.settings import Settings
from schemas.codec import decode
from schemas.event import Event, EventType
from schemas.region import Region
from schemas.rulebook import Rulebook
from streams.rulebooks import Records, read_rulebooks, region_in, rulebook_in, system_in


async def active(settings: Settings, servers: str, t_ms: int) -> tuple[Region, Rulebook]:
    """Region and rulebook in force at `t_ms`, as `rulebooks` keeps them and the ledger tells."""
    records = await read_rulebooks(servers, prefix=settings.topic_prefix)
    region, rulebook = _digests(settings, records, t_ms)
    return (
        region_in(records, region) or region_of(settings),
        rulebook_in(records, rulebook) or rulebook_of(settings),
    )


def _digests(settings: Settings, records: Records, t_ms: int) -> tuple[str, str]:
    """Content hashes of region and rulebook."""
    query = "SELECT event FROM timeline WHERE number IS NULL AND instr(event, ?) ORDER BY seq"
    ledger = Ledger(settings.ledger_file)
    told = [decode(Event, raw) for (raw,) in ledger.rows(query, EventType.RULEBOOK_ACTIVATED.value.encode())]
    switches = [event.facts for event in told if event.type is EventType.RULEBOOK_ACTIVATED]
    due = [facts for facts in switches if facts["effective_ms"] <= t_ms]
    if due:
        latest = sorted(due, key=lambda facts: int(facts["effective_ms"]))[-1]  # of equal ones the last that was told
        return str(latest["region"]), str(latest["rulebook"])
    system = system_in(records)
    return (system.region, system.rulebook) if system else ("", "")
