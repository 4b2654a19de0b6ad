from pathlib import Path

import pytest
from pydantic import ValidationError

from grid36.settings import CHECKOUT, Settings, data_folder


def test_defaults_stay_on_this_machine() -> None:
    settings = Settings()
    assert settings.bind == "127.0.0.1"
    assert settings.kafka is None
    assert settings.partitions == 8
    assert settings.home == Path.cwd() / ".grid36"
    assert settings.jar_folder == CHECKOUT / ".kafka" / "libs"


def test_a_variable_sets_and_paths_come_out_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRID36_HOME", "here")
    monkeypatch.setenv("GRID36_WORKERS", "3")
    settings = Settings()
    assert settings.home == tmp_path / "here"
    assert settings.workers == 3
    assert settings.ledger_file == tmp_path / "here" / "ledger.sqlite"
    assert settings.photo_address == str(tmp_path / "here" / "photos")


def test_photos_are_in_a_folder_or_a_bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRID36_PHOTOS", "shots")
    assert Settings().photo_address == str(tmp_path / "shots")
    monkeypatch.setenv("GRID36_PHOTOS", "s3://city/shots?endpoint=http://127.0.0.1:9000")
    assert Settings().photo_address == "s3://city/shots?endpoint=http://127.0.0.1:9000"
    monkeypatch.setenv("GRID36_PHOTOS", "s3://key:secret@city")
    with pytest.raises(ValidationError, match="AWS_ variables"):
        Settings()


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files and shells pass empty strings on; a folder called "" would be the current one."""
    monkeypatch.setenv("GRID36_REGION", "")
    assert Settings().region is None


def test_a_flag_wins_over_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRID36_WORKERS", "3")
    assert Settings(workers=2).workers == 2


def test_wrong_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRID36_HTTP_PORT", "70000")
    with pytest.raises(ValidationError, match="http_port"):
        Settings()


def test_shipped_data_is_found() -> None:
    assert data_folder("pyproject.toml") == CHECKOUT / "pyproject.toml"


@pytest.mark.parametrize("given", ["https://city.example", "https://city.example/"])
def test_the_public_address_is_an_origin(given: str) -> None:
    settings = Settings(public_url=given)
    assert (settings.public_url, settings.public_host) == ("https://city.example", "city.example")


@pytest.mark.parametrize("given", ["city.example", "ftp://city.example", "https://", "https://city.example/chat"])
def test_anything_else_is_no_public_address(given: str) -> None:
    with pytest.raises(ValidationError, match="https://HOST"):
        Settings(public_url=given)
