"""What gateway, ledger and Kafka are asked for: figures that follow what happens."""

from pathlib import Path

from pydantic_core import from_json

from connectors.ledger.write.store import Store
from connectors.outbox.store import Message, OutboxRow
from connectors.subscriptions.store import SubscriptionStore
from grid36.metrics.families import Families
from grid36.metrics.gateway import GatewayFigures
from grid36.metrics.kafka import KafkaFigures
from grid36.metrics.ledger import LedgerFigures
from grid36.metrics.worker import WorkerFigures
from schemas.codec import encode
from schemas.event import EventType
from streams.kafka.event_log import Logged, Position
from tests.worlds.doors import T0, event, opened
from tests.worlds.small_town import small_town

MINUTE_MS = 60_000


def values(families: Families) -> dict[str, float]:
    """By name, with labels where there are some."""
    return {
        sample.name + (str(dict(sample.labels)) if sample.labels else ""): sample.value
        for family in families for sample in family.samples
    }  # fmt: skip


async def test_the_gateway_tells_what_waits_for_how_long_and_which_door_is_closed(tmp_path: Path) -> None:
    async with small_town(tmp_path) as town:
        gateway = town.gateway
        gateway.subscriptions = SubscriptionStore(tmp_path / "subscriptions.sqlite")
        figures = GatewayFigures(gateway, ["http", "telegram"])
        told = values(await figures.collect())
        assert (told["grid36_outbox_rows"], told["grid36_outbox_age_seconds"], told["grid36_live_streams"]) == (0, 0, 0)
        assert told["grid36_subscriptions{'state': 'stopped'}"] == told["grid36_webhooks_waiting"] == 0
        row = OutboxRow("elsewhere", "r", 0, b"{}", report=True)
        await gateway.outbox.put(Message("door", "r", "d", town.clock() - 90_000, (row,)))
        gateway.closed_doors["telegram"] = RuntimeError()  # type: ignore[assignment]
        told = values(await figures.collect())
        assert (told["grid36_outbox_rows"], told["grid36_outbox_reports"]) == (1, 1)
        assert told["grid36_outbox_age_seconds"] == 90
        assert told["grid36_door_open{'door': 'http'}"] == 1
        assert told["grid36_door_open{'door': 'telegram'}"] == 0


async def test_the_ledger_tells_what_is_overdue_and_how_long_dispatching_took(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    now = {"state": "dispatched", "dispatched_ms": T0 + 4000, "due_ms": T0 + MINUTE_MS, "assignee": "p1"}
    first = opened()
    events = [first, event(1, EventType.DISPATCHED, str(first.case), now=now)]
    events.append(event(2, EventType.HANDED_ON, str(first.case), now={"executor": "p2"}))
    store, figures = Store.create(file, "e1"), LedgerFigures(file, clock=lambda: T0 + 2 * MINUTE_MS)
    raws = [encode(each) for each in events]
    logged = [Logged(0, n, from_json(raw), raw, ()) for n, raw in enumerate(raws)]
    rows = store.folded(logged)
    store.write(rows, {0: Position(3, 3, "")})
    figures.took(logged, rows)
    told = values(await figures.collect())
    store.close()
    assert told["grid36_cases_overdue"] == told["grid36_cases{'state': 'dispatched'}"] == 1
    assert told["grid36_ledger_events_total{'partition': '0'}"] == 3
    assert told["grid36_time_to_dispatch_seconds_count"] == 1
    assert told["grid36_time_to_dispatch_seconds_sum"] == 4
    assert told["grid36_ledger_newest_event_timestamp_seconds"] == (T0 + 2) / 1000


async def test_without_a_ledger_or_partitions_nothing_is_made_up(tmp_path: Path) -> None:
    told = values(await LedgerFigures(tmp_path / "none.sqlite").collect())
    assert [name for name in told if not name.startswith("grid36_time_to_dispatch")] == []
    assert await WorkerFigures("").collect() == []


async def test_a_kafka_that_is_away_is_said_and_not_asked_at_once_again() -> None:
    now_s = [0.0]
    figures = KafkaFigures("127.0.0.1:1", "", clock=lambda: now_s[0])
    first = await figures.collect()
    assert values(first) == {"grid36_kafka_reachable": 0}
    now_s[0] = 29.0
    assert await figures.collect() is first
    now_s[0] = 31.0
    assert await figures.collect() is not first
