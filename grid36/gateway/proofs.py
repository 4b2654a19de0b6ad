"""What keeps the proof for partners up to date beside a gateway."""

from functools import partial
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.proofs.closing import Closing
from connectors.proofs.keeper import ProofKeeper
from connectors.proofs.statements import Statements
from grid36.kafka.topics import ensure_proofs
from grid36.settings import Settings
from grid36.system.proofs import proofs_of
from schemas.system import Mode


def proof_keeper(settings: Settings, servers: str, gateway: Gateway) -> ProofKeeper:
    """Runs beside the doors."""
    zone, prefix = ZoneInfo(gateway.region.zone), settings.topic_prefix
    proofs = proofs_of(settings, gateway.region, gateway.ledger)
    ensure = partial(ensure_proofs, servers, prefix=prefix, replication=settings.replication)
    return ProofKeeper(
        proofs,
        gateway.ledger,
        Closing(servers, gateway.system.partitions, prefix=prefix),
        Statements(proofs, zone, servers, ensure, prefix=prefix),
        gateway.clock,
        zone,
        ticks=lambda: gateway.system.mode is Mode.LIVE,
    )
