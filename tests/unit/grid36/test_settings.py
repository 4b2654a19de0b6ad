import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from grid36.settings import CHECKOUT, Settings, data_folder
from schemas.names import Name


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


def test_a_ledger_is_in_a_file_or_a_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An address of a database stays as it is; a password in it, and what nobody knows, is refused."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRID36_LEDGER", "here.sqlite")
    assert Settings().ledger_address == Settings().ledger_file == tmp_path / "here.sqlite"
    database = "postgresql://grid36@db.example:5432/city?sslmode=verify-full"
    monkeypatch.setenv("GRID36_LEDGER", database)
    assert Settings().ledger_address == database
    for wrong, why in {
        "postgresql://grid36:secret@db.example/city": "PGPASSWORD",
        "postgresql://grid36@db.example/city?password=secret": "no option password",
        "postgresql://grid36@db.example": "USER@HOST:PORT/DATABASE",
        "postgresql://grid36@db.example:x/city": "USER@HOST:PORT/DATABASE",
    }.items():
        monkeypatch.setenv("GRID36_LEDGER", wrong)
        with pytest.raises(ValidationError, match=why) as refused:
            Settings()
        assert "secret" not in str(refused.value)


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


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("city.example", "begins with https://, so https://city.example"),
        ("ftp://city.example:8443", "begins with https://, so https://city.example:8443"),
        ("https://", "an address such as https://city.example"),
        ("https://[", "an address such as"),
        ("https://city.example:port", "an address such as"),
        ("https://city example", "an address such as"),
        ("https://city.example/chat", "nothing follows the host and its port: https://city.example;"),
        ("http://[::1]:80/?a=b", r"nothing follows the host and its port: http://\[::1\]:80;"),
        ("https://city.example#top", "nothing follows"),
        ("https://me:word@city.example", "no user name or password: https://city.example$"),
    ],
)
def test_anything_else_is_no_public_address(given: str, says: str) -> None:
    """The message says what to write; what was written may hold a password, and is not repeated."""
    with pytest.raises(ValidationError) as fault:
        Settings(public_url=given)
    (mistake,) = fault.value.errors()
    assert re.search(says, mistake["msg"])


def test_the_organisations_log_in_is_set_whole_and_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().oidc is None
    monkeypatch.setenv("GRID36_OIDC_SECRET", "only-we-know")
    for issuer, client in (("https://id.example", ""), ("", "grid36"), ("http://id.example", "grid36")):
        with pytest.raises(ValidationError, match="GRID36_OIDC_ISSUER") as fault:
            Settings(oidc_issuer=issuer, oidc_client=client)
        assert "only-we-know" not in str(fault.value)
    settings = Settings(oidc_issuer="https://id.example/", oidc_client="grid36", oidc_name="城市账号|your city account")
    found = settings.oidc
    assert found is not None
    assert (found.issuer, found.client, found.secret) == ("https://id.example/", "grid36", "only-we-know")
    assert (found.claim, found.name) == ("preferred_username", Name(zh="城市账号", en="your city account"))
    assert "only-we-know" not in f"{settings!r} {found!r}"


def test_one_name_of_the_log_in_is_enough() -> None:
    found = Settings(oidc_issuer="http://127.0.0.1:1", oidc_client="grid36", oidc_name="City account").oidc
    assert found is not None
    assert found.name == Name.same("City account")


HERE = {"bind": "127.0.0.1", "public_url": "", "tls_cert": None, "tls_key": None, "plain_http": False, "demo": False}


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"bind": "0.0.0.0"}, "unencrypted"),
        ({"bind": "192.0.2.7"}, "unencrypted"),
        ({"public_url": "http://city.example"}, "not encrypted"),
        ({"tls_cert": Path("a.pem")}, "belong together"),
        ({"tls_key": Path("a.pem")}, "belong together"),
        ({"demo": True, "public_url": "https://city.example"}, "stays on this machine"),
        ({"demo": True, "bind": "0.0.0.0", "plain_http": True}, "stays on this machine"),
        ({"bind": "0.0.0.0", "plain_http": True}, ""),
        ({"bind": "0.0.0.0", "tls_cert": Path("a.pem"), "tls_key": Path("b.pem")}, ""),
        ({"bind": "::1"}, ""),
        ({"metrics_bind": "0.0.0.0"}, "open to strangers"),
        ({"metrics_bind": "0.0.0.0", "metrics_key": Path("m.key")}, ""),
        ({"public_url": "https://city.example"}, ""),
        ({"public_url": "http://127.0.0.1:8036"}, ""),
        ({"public_url": "http://city.example", "plain_http": True}, ""),
        ({"demo": True}, ""),
    ],
)  # fmt: skip
def test_pages_leave_this_machine_by_https_or_by_an_explicit_word(told: dict[str, object], wrong: str) -> None:
    if not wrong:
        Settings.model_validate(HERE | told)
        return
    with pytest.raises(ValidationError, match=wrong):
        Settings.model_validate(HERE | told)
