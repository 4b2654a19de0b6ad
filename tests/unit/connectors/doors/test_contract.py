"""What doors are opened with."""

from pathlib import Path

from connectors.doors.contract import PlatformSetup


def test_a_setup_shows_no_secret() -> None:
    assert "s3cret" not in repr(PlatformSetup("chat", Path("x"), {"token": "s3cret"}))
