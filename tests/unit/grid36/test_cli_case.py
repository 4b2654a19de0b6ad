"""What `grid36 case` says of things that somebody should look at."""

from pathlib import Path

import pytest

from grid36.cli.people import ALERTS, _show_case
from grid36.settings import Settings
from schemas.case import Alert

HERE, THERE, OTHER = (f"350203006-G00{n}-2611-00001" for n in (1, 2, 3))


def test_every_alert_has_its_words() -> None:
    assert set(ALERTS) == set(Alert)


def test_doubtful_photos_hops_and_near_neighbours_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the command that joins two cases, ready to be copied."""
    act = f"grid36 act {THERE} merge --to {HERE} --by PERSON"
    answer = {
        "case": {"number": HERE, "state": "dispatched", "submitted_ms": 0, "hops": 2, "alerts": ["hops", "same_photo"]},
        "timeline": [],
        "words": [],
        "possible_duplicates": [
            {"case": THERE, "state": "dispatched", "place": "晨光街1号", "metres": 11.1, "act": act},
            {"case": OTHER, "state": "resolved", "place": "晨光街9号"},
        ],
        "reused_photos": [{"photo": "a" * 64, "case": OTHER, "first_ms": 1_795_000_000_000}],
    }
    _show_case(answer, Settings(home=tmp_path))
    told = capsys.readouterr().out
    assert told.count("look at this") == 3
    assert "changed hands more than once" in told
    assert f"its after-photo was used for {OTHER} at 2026-11-18 19:06:40" in told
    assert f"{THERE}  晨光街1号  11.1 m away" in told
    assert act in told
    assert f"{OTHER}  晨光街9号  on the same segment" in told
