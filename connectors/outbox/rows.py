"""To which topics and partitions a message goes, as rows of the outbox."""

from connectors.outbox.store import OutboxRow
from schemas import topics
from schemas.codec import Headers


def report_rows(
    report_id: str, value: bytes, headers: Headers, partitions: int, *, counted: bool
) -> tuple[OutboxRow, ...]:
    """The row of a report (`counted`) or of a supplement to the report `report_id`."""
    partition = topics.partition_of(report_id, partitions)
    return (OutboxRow(topics.REPORTS, report_id, partition, value, headers, counted),)


def command_rows(home: str, value: bytes, headers: Headers, partitions: int) -> tuple[OutboxRow, ...]:
    """The row of a command for `home`, or one per partition if it concerns them all."""
    where = range(partitions) if home == topics.EVERYWHERE else (topics.partition_of(home, partitions),)
    return tuple(OutboxRow(topics.COMMANDS, home, partition, value, headers) for partition in where)
