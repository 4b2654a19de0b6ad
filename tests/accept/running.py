"""A whole system of its own, driven only by the command, as a user does."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from urllib.request import Request, urlopen

from aiokafka import AIOKafkaConsumer, TopicPartition

Say = Callable[[str], None]


class CommandFailed(AssertionError):
    """A command of the story failed."""


class Running:
    """`grid36 up` in a home of its own until the end of the `with` block."""

    def __init__(self, home: Path, region: Path, *, workers: int = 1, partitions: int = 8, say: Say = print) -> None:
        self.home, self.region, self.workers, self.say = home, region, workers, say
        self._pages = ""
        own = {"GRID36_HOME": str(home), "GRID36_PARTITIONS": str(partitions)}
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("GRID36_")} | own

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        try:
            self.run("up", "--region", str(self.region), "--workers", str(self.workers), "--detach", limit_s=240)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._call("down", limit_s=90)

    def run(self, *words: str, limit_s: float = 120) -> str:
        """What the command printed. Raises `CommandFailed` with its last words."""
        done = self._call(*words, limit_s=limit_s)
        if done.returncode:
            last = (done.stdout + done.stderr)[-1500:]
            raise CommandFailed(f"grid36 {' '.join(words)} ended with {done.returncode}:\n{last}")
        return done.stdout

    def _call(self, *words: str, limit_s: float) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "grid36", *words]
        return subprocess.run(
            command, check=False, capture_output=True, text=True, env=self._environment, timeout=limit_s
        )

    def replay(self, file: Path, mapping: Path, *more: str, limit_s: float = 900) -> str:
        """The last line of a replay: where the rows went."""
        told = self.run(
            "replay", str(file), "--mapping", str(mapping), "--region", str(self.region), *more, limit_s=limit_s
        )
        return told.strip().splitlines()[-1]

    def answer(self, *words: str, limit_s: float = 120) -> dict[str, Any]:
        """The object that a read command gives as JSON."""
        answer: dict[str, Any] = json.loads(self.run(*words, "--json", limit_s=limit_s))
        return answer

    def page(self, address: str) -> str:
        """The text behind an address of the pages, asked for with the key of this system."""
        if not self._pages:
            self._pages = str(next(iter(self.answer("status")["urls"].values()))).rsplit("/", 1)[0]
        key = (self.home / "key").read_text(encoding="ascii").strip()
        asked = Request(f"{self._pages}{address}", headers={"Authorization": f"Bearer {key}"})  # noqa: S310 - of ours
        with urlopen(asked, timeout=60) as answer:  # noqa: S310 - the same
            text: str = answer.read().decode()
        return text

    def settled_balance(self, tries: int = 60) -> dict[str, Any]:
        """`balance --deep`, asked again while something is in flight."""
        last: CommandFailed | None = None
        for _ in range(tries):
            try:
                return self.answer("balance", "--deep", limit_s=300)
            except CommandFailed as failed:
                last = failed
        raise last or CommandFailed("balance was never asked")

    def events(self) -> list[list[bytes]]:
        """The value of every committed event, by partition."""
        return asyncio.run(read_values(self.answer("status")["kafka"], "events"))


async def read_values(servers: str, topic: str) -> list[list[bytes]]:
    """Every committed value of a topic, by partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    try:
        await consumer.topics()
        consumer.subscribe([topic])  # fetches the number of partitions
        while not consumer.assignment():
            await consumer.getmany(timeout_ms=200)
        parts = sorted(consumer.assignment(), key=lambda part: part.partition)
        await consumer.seek_to_beginning(*parts)
        end = await consumer.end_offsets(parts)
        found: dict[TopicPartition, list[bytes]] = {part: [] for part in parts}
        while any([await consumer.position(part) < end[part] for part in parts]):
            for part, records in (await consumer.getmany(timeout_ms=200)).items():
                found[part] += [record.value for record in records]
        return [found[part] for part in parts]
    finally:
        await consumer.stop()
