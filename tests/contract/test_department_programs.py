"""The programs that the documentation gives departments in five languages, each on a real Kafka."""

from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from grid36.kafka.topics import ensure_department
from schemas.topics import department_topic
from streams.kafka.clients import consumer, producer
from streams.partition.contract import Output
from tests.processes.department_programs import PROGRAMS, Program, programs_of_the_pages, started
from tests.processes.kafka_lab import lag
from tests.processes.waiting import wait_until
from tests.worlds.department_orders import Orders, line_of, written_orders

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def written() -> Orders:
    """What the system writes for a department."""
    return written_orders()


def test_every_program_of_the_pages_is_run() -> None:
    """No page shows a program that the tests do not run."""
    assert programs_of_the_pages().keys() == {program.file for program in PROGRAMS}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.file)
async def test_a_program_of_any_language_reads_its_orders(
    program: Program, kafka: str, prefix: str, written: Orders, tmp_path: Path
) -> None:
    """A department's program in any language does each order once, ends when told to, and goes on where it was."""
    if program.missing:
        pytest.skip(program.missing)
    code = prefix.strip(".")
    topic = department_topic(code)
    file = tmp_path / program.file
    file.write_text(programs_of_the_pages()[program.file], encoding="utf-8")
    command = program.build(tmp_path, file)
    await ensure_department(kafka, code, 1)
    async with producer(kafka, transactional_id=code) as writer:
        *before, last = written.first
        for order in before:
            await write(writer, topic, order)
        await write(writer, topic, written.failed, abort=True)
        await write(writer, topic, written.first[0])  # it comes again
        await write(writer, topic, last)
        async with started(command, tmp_path, kafka, code) as running:
            assert await running.lines(line_of(last)) == [line_of(order) for order in written.first]
            await wait_until(partial(has_left, kafka, topic, program.lag), "all is confirmed")
            assert await running.end() == (program.status, "")
        await forget(kafka, topic)
        await write(writer, topic, written.later)
        async with started(command, tmp_path, kafka, code) as running:
            assert await running.lines(line_of(written.later)) == [line_of(written.later)]
            assert await running.end() == (program.status, "")
    assert await has_left(kafka, topic, program.lag)


async def write(writer: AIOKafkaProducer, topic: str, order: Output, *, abort: bool = False) -> None:
    """One transaction with this order, or one that fails."""
    await writer.begin_transaction()
    await writer.send_and_wait(topic, order.value, order.key, 0, headers=list(order.headers))
    await (writer.abort_transaction() if abort else writer.commit_transaction())


async def has_left(servers: str, group: str, most: int) -> bool:
    """Whether the group has no more than this to read."""
    left = await lag(servers, group)
    return left is not None and left <= most


async def forget(servers: str, topic: str) -> None:
    """The group is at the start of its topic, as it is when Kafka has forgotten it."""
    async with consumer(servers, group_id=topic) as member:
        place = TopicPartition(topic, 0)
        member.assign([place])
        await member.commit({place: 0})
