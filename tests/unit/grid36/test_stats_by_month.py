"""`grid36 stats --by department --by month`: the table of the page of statistics, for terminals and programs."""

import json
import sys
from pathlib import Path

import duckdb
import pytest

from connectors.intake.messages import message
from grid36.cli import run
from grid36.settings import Settings
from grid36.system.create import keep
from schemas.names import Language
from tests.unit.grid36.system.test_past_names import OLD, known
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of

DAYS = ["--from", "2026-09-01", "--to", "2026-10-31"]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three problems of September, one of October, and a question."""
    log = LogBuilder()
    for n, month in enumerate((0, 0, 0, 30)):
        t_ms = START + month * 24 * HOUR
        number = log.open(HOMES[n % 2], t_ms, category="pothole")
        log.dispatch(number, t_ms)
        log.resolve(number, t_ms + (n + 1) * HOUR)
    log.open(category="pothole", kind="question")
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    settings = Settings()
    settings.ledger_file.parent.mkdir(parents=True, exist_ok=True)
    ledger_of(log, settings.ledger_file)
    keep(settings, known(OLD))


def test_programs_get_every_value_with_its_number_of_cases(ledger: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stats", "--by", "category", "--by", "month", "--metric", "p50_s", "--json", *DAYS]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in answer["columns"]] == ["2026-09", "2026-10", "whole", "before", "year_ago"]
    assert answer["columns"][3] == {"name": "before", "from": "2026-07-01", "to": "2026-08-31"}
    pothole, whole = answer["rows"]
    assert [(each["value"], each["n"]) for each in pothole["values"]] == [
        (7200.0, 3), (14400.0, 1), (9000.0, 4), (None, 0), (None, 0),
    ]  # fmt: skip
    assert (pothole["key"], whole["key"], whole["values"]) == ("pothole", None, pothole["values"])


def test_people_get_words(ledger: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "stats", "--by", "month", "--by", "department", *DAYS]) == 0
    first, *_, line, whole = capsys.readouterr().out.splitlines()
    assert first.startswith("Time to resolution, mean")
    assert line.split()[:4] == ["2", "h", "0", "min"]
    assert whole.endswith("  All")
    assert (
        run(["--lang", "en", "stats", "--by", "month", "--by", "grid", "--metric", "opened", "--kind", "question"]) == 0
    )
    capsys.readouterr()
    assert run(["--lang", "en", "stats", "--by", "month", "--by", "department", "--metric", "report_in_rate"]) == 0
    assert "On site in time ÷ report-ins due" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "month", "--by", "raised"], "two of which one is month"),
        (["--by", "month", "--by", "grid", "--by", "segment"], "two of which one is month"),
        (["--by", "community"], "go with --by month or --since-version only"),
        (["--metric", "p50_s"], "go with --by month or --since-version only"),
        (["--by", "grid", "--by", "month", "--from", "2026-11-01T08:30"], '"from_day" is no day'),
        (["--by", "grid", "--by", "month", "--kind", "all"], "of one kind"),
        (["--since-version", "newest", "--kind", "all"], "of one kind"),
        (["--since-version", "newest", "--by", "month"], "has days of its own"),
        (["--since-version", "newest", "--from", "2026-09-01"], "has days of its own"),
        (["--since-version", "newest", "--days", "0"], "1 to 366"),
        (["--since-version", "newest", "--duties"], "do not go with"),
        (["--days", "3"], "--since-version only"),
        (["--by", "grid", "--parquet", "t.parquet"], "--parquet goes with"),
        (["--by", "grid", "--by", "month", "--parquet", "t.parquet", "--report-ins"], "do not go with"),
        (["--by", "grid", "--by", "month", "--parquet", "none/t.parquet"], "none/t.parquet"),
        (["--by", "person", "--by", "month"], "'person' is not one of"),
    ],
)
def test_what_does_not_go_together_is_refused(
    ledger: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    """Nothing is printed, and no file is left."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run(["--lang", "en", "stats", *words]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
    assert list(Path().iterdir()) == []


MONTHS = ["stats", "--by", "category", "--by", "month", "--metric", "on_time_rate", *DAYS]


def test_the_months_as_parquet(ledger: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The values of `--json`, read by an engine that shares no code with the writer."""
    assert run([*MONTHS, "--json"]) == 0
    wanted = json.loads(capsys.readouterr().out)
    file = tmp_path / "months.parquet"
    file.write_text("an older one", encoding="utf-8")
    assert run(["--lang", "en", *MONTHS, "--parquet", str(file)]) == 0
    assert capsys.readouterr().out == f"Written: {file}\n"
    with duckdb.connect() as engine:
        found = engine.execute(
            "SELECT code, period, first_day, on_time_rate, on_time_rate_n FROM read_parquet(?)", [str(file)]
        ).fetchall()
    assert [(code, str(day), value, n) for code, _, day, value, n in found] == [
        (row["key"], column["from"], each["value"], each["n"])
        for row in wanted["rows"]
        for column, each in zip(wanted["columns"], row["values"], strict=True)
    ]
    assert [period for _, period, *_ in found[:5]] == ["month", "month", "whole", "before", "year_ago"]


def test_without_the_extra_it_says_which_as_the_page_does(
    ledger: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["--lang", "en", *MONTHS, "--parquet", str(tmp_path / "months.parquet")]) == 2
    assert message("no_parquet", Language.EN, extra="grid36[parquet]") in capsys.readouterr().err
    assert list(tmp_path.glob("*months*")) == []


def test_versions_are_those_of_the_log(ledger: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "stats", "--since-version", "newest"]) == 3
    assert "Start it: grid36 up" in capsys.readouterr().err
