"""The bench of platforms' rows, in small: what it promises holds with few rows and one kill."""

from pathlib import Path

from bench.imports import imported


def test_each_case_is_there_once_although_the_process_was_killed(tmp_path: Path) -> None:
    found = imported(tmp_path, 400, kills=1)
    assert (found.cases, found.hotline, found.district, found.both) == (600, 400, 400, 200)
    assert found.taken >= 1600
