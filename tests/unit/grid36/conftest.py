"""What tests of commands share: a home of their own, in English."""

from pathlib import Path

import pytest

from grid36.machine.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Nothing is in it yet."""
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRID36_LANG", "en")
    return Home(tmp_path / "home")
