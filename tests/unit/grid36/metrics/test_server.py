"""Who may ask for /metrics, and what is said when something cannot be told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from grid36.machine.ports import free_port
from grid36.metrics.families import Families, gauge
from grid36.metrics.server import MetricsKeyError, metrics
from grid36.settings import Settings

KEY = "a-key-of-more-than-16"


async def one() -> Families:
    return [gauge("grid36_answer", "A figure.", 42)]


async def broken() -> Families:
    raise RuntimeError


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[ClientSession]:
    async with ClientSession(f"http://127.0.0.1:{settings.metrics_port}") as session:
        yield session


async def test_who_is_on_this_machine_may_ask_and_a_page_of_another_name_may_not(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, metrics_port=free_port())
    async with metrics(settings, "worker", one), asking(settings) as session:
        answer = await session.get("/metrics")
        told = {each.name: each for each in text_string_to_metric_families(await answer.text())}
        assert told["grid36_answer"].samples[0].value == 42
        assert told["grid36_build_info"].samples[0].labels["process"] == "worker"
        assert told["process_resident_memory_bytes"].samples[0].value > 1e6
        assert (await session.get("/metrics", headers={"Host": "127.0.0.1.city.example"})).status == 403
        assert (await session.get("/")).status == 404


async def test_with_a_key_only_who_shows_it_may_ask_and_a_new_one_counts_at_once(tmp_path: Path) -> None:
    file = tmp_path / "metrics.key"
    file.write_text(f"{KEY}\n")
    settings = Settings(home=tmp_path, metrics_port=free_port(), metrics_bind="0.0.0.0", metrics_key=file)
    async with metrics(settings, "worker", one), asking(settings) as session:

        async def status(shown: str) -> int:
            return (await session.get("/metrics", headers={"Authorization": shown, "Host": "pod.example"})).status

        assert [await status(shown) for shown in ("", KEY, "Bearer x", f"Bearer {KEY}")] == [401, 401, 401, 200]
        file.write_text(KEY[::-1])
        assert [await status(f"Bearer {key}") for key in (KEY, KEY[::-1])] == [401, 200]
        file.unlink()
        assert await status(f"Bearer {KEY}") == 503


@pytest.mark.parametrize("content", [None, "", "too short"])
async def test_a_key_that_is_none_starts_nothing(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "metrics.key"
    if content is not None:
        file.write_text(content)
    with pytest.raises(MetricsKeyError):
        async with metrics(Settings(home=tmp_path, metrics_port=free_port(), metrics_key=file), "worker", one):
            raise AssertionError


async def test_a_port_that_is_taken_keeps_nobody_from_working(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, metrics_port=free_port())
    async with metrics(settings, "worker", one), metrics(settings, "ledger", one), asking(settings) as session:
        assert 'process="worker"' in await (await session.get("/metrics")).text()


async def test_what_cannot_be_collected_still_says_that_the_process_lives(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, metrics_port=free_port())
    async with metrics(settings, "ledger", broken), asking(settings) as session:
        text = await (await session.get("/metrics")).text()
    assert "grid36_build_info" in text
    assert "grid36_answer" not in text
