"""The page of what could not be processed: who sees it, what it shows, and what it sends, once."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from connectors.accounts.reads import ReadFilter
from connectors.pages.form.visitor import SESSION
from schemas.codec import decode, encode
from schemas.parked import ParkedOutcome, ParkedRecord, SettleOutcome
from schemas.settling import Settle, SettleReport
from schemas.system import Mode
from tests.worlds.outside import HOST, OUTSIDE, signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER

ORIGIN = f"https://{HOST}"
VALUE = '{"type":"report","id":"r-1","text":"路面有油污<script>"}'.encode()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path, demo=False) as running:
        running.gateway.public_host, running.gateway.public_url = HOST, ORIGIN
        running.gateway.set_aside.records.take(3, 17, parked())
        yield running


def parked() -> bytes:
    return encode(
        ParkedRecord(
            topic="reports", partition=3, offset=9, t_ms=1_795_044_000_000, id="r-1", reason="The place has no datum.",
            error="UnknownDatumError", size=len(VALUE), value_b64=b64encode(VALUE).decode(),
        )
    )  # fmt: skip


async def browser_of(town: Town, person: str, language: str = "en") -> ClientSession:
    cookie = f"{SESSION}={await signed_in(town, person)}; lang={language}"
    return ClientSession(town.url, headers=OUTSIDE | {"Cookie": cookie})


async def test_it_is_for_who_answers_for_the_whole_region_and_each_look_is_written_down(town: Town) -> None:
    async with await browser_of(town, OWNER) as owner:
        assert (await owner.get("/parked", allow_redirects=False)).status in (303, 403, 404)
        assert (await owner.post("/parked/3-17", data={"settle": "drop", "why": "x"})).status in (403, 404)
    async with await browser_of(town, BOSS) as boss:
        assert 'href="/parked"' in await (await boss.get("/supervisor")).text()
        assert (await boss.get("/parked")).status == 200
    looks = await town.gateway.accounts.reads.find(ReadFilter(), 10)
    assert ("GET /parked", BOSS) in [(look.what, look.reader) for look in looks]


@pytest.mark.parametrize(
    ("language", "title", "retry"),
    [("en", "Could not be processed", "Try again"), ("zh-CN", "无法处理的记录", "重新处理")],
)
async def test_a_record_is_shown_wholly_in_both_languages(town: Town, language: str, title: str, retry: str) -> None:
    async with await browser_of(town, BOSS, language) as boss:
        text = await (await boss.get("/parked")).text()
    assert f"<h1>{title}</h1>" in text
    for said in ("The place has no datum.", "reports/3@9", "UnknownDatumError", "3-17", retry):
        assert said in text
    assert "路面有油污&lt;script&gt;" in text
    assert "<script>" not in text.replace('<script type="module"', "")


async def test_a_word_is_stored_once_and_acts_once(town: Town) -> None:
    async with await browser_of(town, BOSS) as boss:
        for _ in range(2):
            answer = await boss.post("/parked/3-17", data={"settle": "retry"}, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/parked?sent=3-17")
        other = await boss.post("/parked/3-17", data={"settle": "drop", "why": "a test"}, allow_redirects=False)
        assert other.status == 409
        assert "a moment ago" in await other.text()
        assert "on its way" in await (await boss.get("/parked?sent=3-17")).text()
        rows = await town.gateway.outbox.pending()
        (word,) = [decode(SettleReport, each.row.value) for each in rows if each.row.topic == "reports"]
        assert (word.settle, word.by, word.value, word.parked) == (Settle.RETRY, BOSS, VALUE, "3-17")
        failed = ParkedOutcome(outcome=SettleOutcome.FAILED, of="3-17", by=BOSS, t_ms=1, reason="Still no datum.")
        town.gateway.set_aside.records.take(3, 18, encode(failed))
        text = await (await boss.get("/parked")).text()
        assert "Failed again" in text
        assert "Still no datum." in text
        answer = await boss.post("/parked/3-17", data={"settle": "drop", "why": "a test"}, allow_redirects=False)
        assert answer.status == 303
        dropped = failed.model_copy(update={"outcome": SettleOutcome.DROPPED, "why": "a test", "reason": ""})
        town.gateway.set_aside.records.take(3, 19, encode(dropped))
        text = await (await boss.get("/parked")).text()
        assert re.search(r"Dropped</span>.*a test", text)
        assert "/parked/3-17" not in text
        assert 'href="/parked"' not in await (await boss.get("/supervisor")).text()
        assert (await boss.post("/parked/3-17", data={"settle": "retry"})).status == 409


@pytest.mark.parametrize(("record", "settle"), [("9-9", "retry"), ("3-17", "eat"), ("3-17", "")])
async def test_what_is_not_there_is_not_found(town: Town, record: str, settle: str) -> None:
    async with await browser_of(town, BOSS) as boss:
        assert (await boss.post(f"/parked/{record}", data={"settle": settle})).status == 404


async def test_a_history_takes_no_words(town: Town) -> None:
    town.gateway.system = town.gateway.system.model_copy(update={"mode": Mode.HISTORY})
    async with await browser_of(town, BOSS) as boss:
        assert (await boss.post("/parked/3-17", data={"settle": "retry"})).status == 409
    assert await town.gateway.outbox.pending() == []
