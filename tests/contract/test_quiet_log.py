"""What retention leaves of a log: markers are no loss, records are, and both are known apart."""

import pytest

from schemas.codec import decode
from schemas.parked import ParkedRecord
from streams.drivers.faust import FaustDriver
from streams.loss import Loss, accept, losses
from streams.partition.assignment import Assignment
from streams.partition.errors import SourceChangedError, SourceCutError, SourceShorterError
from tests.contract.test_drivers import owners, worker
from tests.contract.test_partition import additions, refusal, solo
from tests.processes.kafka_lab import Lab, lab
from tests.processes.waiting import wait_until

pytestmark = pytest.mark.kafka


async def reads_all(toy: Lab, assignment: Assignment) -> None:
    """Wait until what is written down is the end of the log."""
    _, end = await toy.extent("commands")

    async def read() -> bool:
        return bool((await toy.places())[0]["next"] >= end)

    await wait_until(read, "the end of the log written down")
    assert assignment.ready


async def total(toy: Lab) -> int:
    return sum((await toy.totals())[0].values())


async def test_a_log_that_was_emptied_behind_its_last_marker(kafka: str) -> None:
    """A log that was emptied after all of it was applied has lost nothing."""
    async with lab(kafka) as toy:
        async with solo(toy):
            await toy.feed_together(additions(3))
            await toy.settled()
        await toy.cut("commands")
        first, end = await toy.extent("commands")
        assert first == end == 4
        async with solo(toy):
            await toy.feed_together(additions(4))
            await toy.settled()
        assert await total(toy) == 3 + 6


@pytest.mark.parametrize("applied", [0, 3])
async def test_a_log_that_ends_with_aborted_transactions(kafka: str, applied: int) -> None:
    """A log that ended with aborted transactions and was emptied has lost nothing."""
    async with lab(kafka) as toy:
        async with solo(toy) as assignment:
            await toy.feed(additions(applied))
            for _ in range(2):
                await toy.feed_together(additions(2), commit=False)
            if not applied:
                await wait_until(lambda: assignment.shared.counters["transactions"], "the place written down")
            await reads_all(toy, assignment)
        await toy.cut("commands")
        async with solo(toy):
            await toy.feed(additions(2))
            await toy.settled()
        assert len((await toy.events())[0]) == applied + 2


async def test_a_log_that_is_emptied_under_a_running_worker(kafka: str) -> None:
    """A running worker goes on when retention empties its log again and again."""
    async with lab(kafka) as toy, solo(toy) as assignment:
        for _ in range(3):
            await toy.feed_together(additions(3))
            await toy.settled()
            await toy.cut("commands")
            await toy.feed_together(additions(1), commit=False)
            await reads_all(toy, assignment)
            await toy.cut("commands")
        assert await total(toy) == 9
        assert assignment.shared.counters["resets"] == 0


async def test_a_log_that_is_emptied_while_it_changes_hands(kafka: str) -> None:
    """Workers may come and go while retention empties the log."""
    async with lab(kafka, partitions=2) as toy:
        async with worker(toy, FaustDriver()) as first:
            for _ in range(2):
                await toy.feed_together(additions(3))
                await toy.settled()
            await toy.cut("commands")
            async with worker(toy, FaustDriver()) as second:
                await wait_until(lambda: len(owners(first)) == len(owners(second)) == 1, "one partition each")
                await toy.feed_together(additions(3))
                await toy.settled()
                await toy.cut("commands")
        async with worker(toy, FaustDriver()):
            await toy.feed_together(additions(3))
            await toy.settled()
        assert await total(toy) == 4 * 3


async def test_how_far_it_was_read_is_written_down_once(kafka: str) -> None:
    """A quiet log costs one transaction for aborted records and none for markers."""
    async with lab(kafka) as toy, solo(toy) as assignment:
        await toy.feed_together(additions(3))
        await toy.settled()
        await toy.feed_together(additions(3), commit=False)
        await reads_all(toy, assignment)
        await toy.feed(additions(1))
        await toy.settled()
        assert assignment.shared.counters["transactions"] == 3


@pytest.mark.parametrize("left", [0, 2])
async def test_a_real_loss_is_refused_until_it_is_accepted(kafka: str, left: int) -> None:
    """Commands deleted before they were applied stop the worker until a person accepts the loss."""
    toy = Lab(kafka, 1)
    toy.topics |= {"state": f"{toy.name}.cases", "parked": f"{toy.name}.parked"}
    await toy.create_all()
    await toy.create("parked")
    settings, prefix = toy.settings(), f"{toy.name}."
    async with solo(toy):
        await toy.feed_together(additions(3))
        await toy.settled()
    await toy.feed([{"do": "add", "key": "lost", "by": 100}, *({"do": "add", "key": "left", "by": 1},) * left])
    await toy.cut("commands", before=5)
    assert isinstance(await refusal(toy), SourceCutError)

    lost = Loss("commands", 0, 4, 4, 5)
    assert await commands_lost(toy) == [lost]
    assert await accept(settings, lost, prefix) == lost
    assert await accept(settings, lost, prefix) is None
    assert await commands_lost(toy) == []

    async with solo(toy):
        await toy.feed(additions(2))
        await toy.settled()
    assert await total(toy) == 3 + left + 1
    assert (await toy.places())[0]["lost"] == 1
    (record,) = (await toy.read("parked"))[0]
    kept = decode(ParkedRecord, record.value)
    assert (kept.topic, kept.offset, kept.error) == (toy.topics["commands"], 4, "DeletedBeforeApplied")


async def test_a_topic_that_was_made_anew_goes_on_with_what_came_since(kafka: str) -> None:
    """After a person accepts a topic made anew, what is new in it is applied once."""
    toy = Lab(kafka, 1)
    toy.topics |= {"state": f"{toy.name}.cases", "parked": f"{toy.name}.parked"}
    await toy.create_all()
    await toy.create("parked")
    expected = 0
    for first, second in ((10, 4), (3, 8)):
        async with solo(toy):
            await toy.feed([{"do": "add", "key": "a", "by": 1}] * first)
            expected += first
            await toy.settled()
            assert await total(toy) == expected
        applied = (await toy.places())[0]["next"]
        await toy.delete("commands")
        await toy.create("commands", **{"message.timestamp.type": "LogAppendTime"})
        await toy.feed([{"do": "add", "key": "a", "by": 1}] * second)
        assert isinstance(await refusal(toy), SourceShorterError if second < applied else SourceChangedError)
        (lost,) = await commands_lost(toy)
        assert lost == Loss("commands", 0, 0, applied - 1, 0, applied=True)
        assert await accept(toy.settings(), lost, f"{toy.name}.") == lost
        assert await commands_lost(toy) == []
        expected += second
        async with solo(toy):
            await toy.settled()
            assert await total(toy) == expected
    assert "lost" not in (await toy.places())[0]
    assert len((await toy.read("parked"))[0]) == 2


async def commands_lost(toy: Lab) -> list[Loss]:
    return await losses(toy.settings(), f"{toy.name}.", ["commands"])
