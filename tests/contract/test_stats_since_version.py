"""`grid36 stats --since-version`: figures before and since a version of the list, as the log has its versions."""

import asyncio
import json
from pathlib import Path

import duckdb
import pytest

from grid36.cli import run
from grid36.kafka.topics import create_topics
from grid36.settings import Settings
from grid36.system.create import keep
from schemas.codec import encode
from schemas.content import content_address
from schemas.system import Switched
from streams.rulebooks.topic import both_records, change, create, stored
from tests.unit.grid36.system.test_past_names import NEW, OLD, REGION, known
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of

pytestmark = pytest.mark.kafka
DAY = 24 * HOUR
SINCE = START // DAY * DAY + 4 * DAY - 8 * HOUR
"""Midnight in the region, 2026-09-25."""
MOMENT = "2026-09-25T00:00:00"


@pytest.fixture
def home(tmp_path: Path, kafka: str, monkeypatch: pytest.MonkeyPatch, prefix: str) -> Path:
    """Three cases from before the list changed, each of which took a day, and two since then, of an hour."""
    log = LogBuilder()
    for n, (day, hours) in enumerate(((-2, 24), (-1, 24), (-1, 24), (0, 1), (1, 1))):
        t_ms = SINCE + day * DAY + 2 * HOUR
        number = log.open(HOMES[n % 2], t_ms, category="pothole")
        log.dispatch(number, t_ms)
        log.resolve(number, t_ms + hours * HOUR)
    for name, value in {"HOME": str(tmp_path), "KAFKA": kafka, "TOPIC_PREFIX": prefix, "LANG": "en"}.items():
        monkeypatch.setenv(f"GRID36_{name}", value)
    settings = Settings()
    settings.ledger_file.parent.mkdir(parents=True, exist_ok=True)
    ledger_of(log, settings.ledger_file)
    keep(settings, known(OLD))
    return tmp_path


async def created(kafka: str, prefix: str) -> None:
    await create_topics(kafka, 1, [], prefix=prefix)
    await create(kafka, REGION, OLD, 1, prefix=prefix)


async def switched(kafka: str, prefix: str) -> None:
    """From one list to another one."""
    region, rulebook = content_address(REGION), content_address(NEW)
    made = Switched(id="s", rulebook=rulebook, region=region, by="list-steward", at_ms=1, effective_ms=SINCE)
    records = both_records(REGION, NEW) | {"switch/s": encode(made)}
    await change(kafka, lambda _: (None, stored(records, prefix)), prefix)


def test_before_and_since_a_version_for_people_for_programs_and_as_parquet(
    home: Path, kafka: str, prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same figures in each form; a version that there is not is named with those that there are."""
    words = ["stats", "--by", "category", "--since-version"]
    asyncio.run(created(kafka, prefix))
    asyncio.run(switched(kafka, prefix))
    assert run([*words, "newest", "--days", "2"]) == 0
    first, days, *lines = capsys.readouterr().out.splitlines()
    assert first.endswith("of the list, in force from 2026-09-25 00:00")
    assert days == "2 whole days before it, and as many since."
    (opened,) = [line for line in lines if line.endswith("  Reports accepted")]
    assert opened.split()[:3] == ["3", "2", "−1"]
    assert "too few to say" in lines[-1], "of the only category"
    assert run([*words, f"{MOMENT}+08:00", "--days", "2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    before, since = answer["rows"][-2:]
    assert (before["opened"], since["opened"], since["first_day"]) == (3, 2, "2026-09-25")
    assert (before["mean_s"], since["mean_s"]) == (24 * 3600, 3600)
    assert since["cases"]["opened"] == "/supervisor?counted=opened&from=2026-09-25&to=2026-09-26"
    file = home / "since.parquet"
    assert run([*words, MOMENT, "--days", "2", "--parquet", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file)}
    with duckdb.connect() as engine:
        rows = engine.execute("SELECT period, opened, mean_s FROM read_parquet(?) WHERE code IS NULL", [str(file)])
        assert rows.fetchall() == [("before_version", 3, 24 * 3600), ("since_version", 2, 3600)]
    assert run([*words, "2026-09-24", "--parquet", str(home / "none.parquet")]) == 2
    assert f"Use one of: {MOMENT}." in capsys.readouterr().err
    assert list(home.glob("*none*")) == []


def test_where_no_version_took_effect_there_is_nothing_to_compare(
    home: Path, kafka: str, prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so rather than showing an empty table, and fails."""
    asyncio.run(created(kafka, prefix))
    for words in (["newest"], [MOMENT], ["newest", "--json"]):
        assert run(["stats", "--since-version", *words]) == 2
        told = capsys.readouterr()
        assert "nothing to compare" in told.err
        assert told.out == ""
