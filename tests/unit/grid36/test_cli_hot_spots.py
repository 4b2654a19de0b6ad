"""`grid36 hot-spots`: the rows of the page, for terminals and programs."""

import csv
import io
import json
from pathlib import Path

import pytest

from grid36.cli import run
from grid36.settings import Settings
from grid36.system.create import keep
from tests.unit.grid36.system.test_past_names import OLD, known
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of

DAYS = ["--from", "2026-09-01", "--to", "2026-09-30"]
MANY = 9


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One segment with many of a category, and one more anywhere else."""
    log = LogBuilder()
    for n in range(MANY):
        number = log.open(HOMES[0], START + n * HOUR, category="pothole", place={"grid": "G1", "segment": "S1"})
        log.dispatch(number, START + n * HOUR)
    log.open(HOMES[0], START, category="pothole", place={"grid": "G1", "segment": "gone"})
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    settings = Settings()
    settings.ledger_file.parent.mkdir(parents=True, exist_ok=True)
    ledger_of(log, settings.ledger_file)
    keep(settings, known(OLD))


def test_programs_get_the_lines_of_the_file(ledger: None, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["hot-spots", "--json", *DAYS]) == 0
    answer = json.loads(capfdbinary.readouterr().out)
    (row,) = answer["hot_spots"]
    assert (row["segment"], row["category"], row["cases"], row["season"]) == ("S1", "pothole", MANY, "unknown")
    assert (row["year_ago"], row["remedy"], answer["elsewhere"], answer["from"]) == (None, None, 1, "2026-09-01")
    assert run(["hot-spots", "--csv", *DAYS]) == 0
    (line,) = csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode("utf-8-sig")))
    assert line == {name: "" if value is None else str(value) for name, value in row.items()}
    assert run(["hot-spots", "--by", "grid", "--json", *DAYS]) == 0
    answer = json.loads(capfdbinary.readouterr().out)
    assert (answer["hot_spots"], answer["elsewhere"]) == ([], 0), "all roads are in one grid"


def test_whole_grids_are_counted_by_the_length_of_their_roads(
    ledger: None, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """With the case whose segment is gone: it is in the grid all the same."""
    system = known(OLD)
    first, *others = system.region.segments
    apart = (first, *(each.model_copy(update={"grid": "G2"}) for each in others))
    keep(Settings(), system.model_copy(update={"region": system.region.model_copy(update={"segments": apart})}))
    words = ["hot-spots", "--by", "grid", *DAYS]
    assert run([*words, "--json"]) == 0
    answer = json.loads(capfdbinary.readouterr().out)
    (row,) = answer["hot_spots"]
    assert (row["grid"], row["category"], row["cases"]) == ("G1", "pothole", MANY + 1)
    assert (answer["by"], answer["by_area"], answer["elsewhere"]) == ("grid", False, 0)
    assert row["expected"] * row["times_expected"] == pytest.approx(MANY + 1, rel=0.01)
    assert run([*words, "--csv"]) == 0
    (line,) = csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode("utf-8-sig")))
    assert line == {name: "" if value is None else str(value) for name, value in row.items()}
    assert run(["--lang", "en", *words]) == 0
    told = capfdbinary.readouterr().out.decode()
    assert row["grid_name"] in told
    assert "by the length of all its segments" in told


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Hot spots from 2026-09-01 to 2026-09-30", "Test Road S1", "no longer on the map")),
        ("zh-CN", ("2026-09-01至2026-09-30的高发点位", "测试路 S1", "未计入")),
    ],
)
def test_people_get_words(
    ledger: None, capsys: pytest.CaptureFixture[str], language: str, said: tuple[str, ...]
) -> None:
    assert run(["--lang", language, "hot-spots", *DAYS]) == 0
    told = capsys.readouterr().out
    assert all(each in told for each in said)
    assert run(["--lang", language, "hot-spots", "--from", "2026-01-01", "--to", "2026-01-02"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2, "nothing stands out"


def test_days_that_are_none_are_refused(ledger: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "hot-spots", "--from", "2026-13-01"]) == 2
    assert "2026-13-01" in capsys.readouterr().err
