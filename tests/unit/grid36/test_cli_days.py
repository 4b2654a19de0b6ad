"""Days and moments on the command line: one form each, and words for them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
import pytest

from grid36.cli import run
from grid36.cli.figures import _ms
from grid36.cli.terminal.days import DAY, MOMENT
from grid36.cli.terminal.misuse import Misuse
from tests.worlds.no_days import NO_DAYS

WITH_DAYS = (
    "proof days --day {}", "proof compare water-supply {} list", "platform compare hotline {} list",
    "rules approve X --by X --from {}", "rules explain --at {}", "rules backtest . --to {}", "reads --from {}",
    "rules activate --from {}", "rules check . --on {}",
)  # fmt: skip


@pytest.mark.parametrize("written", NO_DAYS)
def test_what_is_no_day_is_refused(written: str) -> None:
    for kind in (DAY, MOMENT):
        if kind is DAY or "T" not in written:
            with pytest.raises(click.BadParameter, match="2026-11-30"):
                kind.convert(written, None, None)


def test_a_day_and_a_moment_are_read() -> None:
    assert DAY.convert("2026-11-30", None, None) == date(2026, 11, 30)
    assert MOMENT.convert("2026-11-30", None, None) == datetime(2026, 11, 30)  # noqa: DTZ001 - the zone comes next
    for written in ("2026-11-30T08:30", "2026-11-30T08:30:00"):
        assert MOMENT.convert(written, None, None) == datetime(2026, 11, 30, 8, 30)  # noqa: DTZ001
    for wrong in ("2026-11-30T", "2026-11-30T0830", "2026-11-30T08:30Z", "2026-11-30T25:00", "2026-11-30T08"):
        with pytest.raises(click.BadParameter, match="2026-11-30T08:30"):
            MOMENT.convert(wrong, None, None)


@pytest.mark.parametrize("words", WITH_DAYS)
@pytest.mark.parametrize(("language", "says"), [("en", "9999-12-31 is"), ("zh-CN", "9999-12-31 ")])
def test_each_command_says_how_to_write_it(
    words: str, language: str, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRID36_LANG", language)
    assert run(words.format("9999-12-31").split()) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "2026-11-30" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("words", WITH_DAYS)
def test_no_help_shows_codes_of_formats(
    words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says DAY, and what that looks like."""
    monkeypatch.setenv("GRID36_LANG", "en")
    assert run([*words.split()[:2], "--help"] if words.split(maxsplit=1)[0] != "reads" else ["reads", "--help"]) == 0
    said = capsys.readouterr().out
    assert "%" not in said
    assert "DAY" in said
    assert "2026-11-" in said


@pytest.mark.parametrize("written", ["20261130", "2026-W48-1", "2026-W48-1T08:00"])
def test_figures_have_the_same_form(written: str) -> None:
    with pytest.raises(Misuse):
        _ms(written, ZoneInfo("Asia/Shanghai"))
