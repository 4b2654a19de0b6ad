"""Settings of the engine: addresses, names, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Settings of one worker's partitions; times say their unit.

    `servers` is Kafka's bootstrap string, `system` the prefix of transactional ids (and of the driver's group),
    `partitions` the N chosen when the system was created.
    """

    servers: str
    system: str
    partitions: int

    session_timeout_s: float = 6.0
    """How long the group waits for a silent worker; the broker's minimum is a hard limit."""
    transaction_timeout_ms: int = 10_000
    request_timeout_ms: int = 8_000
    start_timeout_s: float = 20.0
    send_timeout_s: float = 15.0
    fenced_pause_s: float = 2.0
    tail_look_s: float = 1.0
    """How often the ends of all sources are looked up, in case the driver is silent."""
    fetch_wait_ms: int = 500
    """How long the broker holds a fetch that finds nothing; one that finds something returns at once."""
    source_fetch_wait_ms: int = 5_000
    """The same, once a partition does nothing but listen to its source; other questions would wait behind the fetch."""
    listen_s: float = 1.0
    """How long a partition waits for records before it checks whether it was rung for some that it does not get."""
    quiet_after_s: float = 60.0
    """A partition counts as quiet when nothing has come for this long."""
    quiet_listen_s: float = 5.0
    """`listen_s` of a quiet partition."""
    quiet_look_s: float = 5.0
    """`tail_look_s` while all partitions of a worker are quiet."""
    commit_s: float = 10.0
    """How often the group's offsets are committed; only Kafka's own tools read them."""
    tick_pause_s: float = 1.0
    stall_s: float = 45.0
    close_s: float = 8.0

    records_per_transaction: int = 1000
    deadlines_per_transaction: int = 500
    bytes_per_transaction: int = 4_000_000
    work_s_per_transaction: float = 0.5
    unhurried: frozenset[str] = frozenset()
    """Sources nobody waits for: records within `gather_s` of the last transaction are processed together."""
    gather_s: float = 0.5
    busy_records_per_s: float = 30.0
    """A worker that has applied so many records in the last second is busy."""
    busy_gather_s: Mapping[str, float] = field(default_factory=dict)
    """By source: what comes within this time of the last transaction is worked on together while the worker is busy."""
    slice_s: float = 0.02
    """Longest stretch of work before other partitions get the loop."""
    partitions_at_work: int = 2
    """How many partitions of a worker apply records at the same time; the others wait for Kafka meanwhile."""
