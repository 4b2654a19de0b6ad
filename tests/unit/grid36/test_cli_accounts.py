"""grid36 person add and remove-account: the password is never on the command line."""

import io
from functools import partial
from typing import Any

import pyotp
import pytest

from connectors.accounts.passwords import matches
from connectors.accounts.session import ADMINISTRATOR, SessionLimits, Way
from connectors.accounts.store import with_accounts
from grid36.cli import run
from grid36.machine.home import Home
from tests.worlds.commands import answer_of

pytestmark = pytest.mark.usefixtures("home")
told = partial(answer_of, "person")
PASSWORD = "lamp kite river"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a line on standard input."""
    return lambda line: monkeypatch.setattr("sys.stdin", io.StringIO(line))


def test_an_account_with_codes(home: Home, typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(f"{PASSWORD}\n")
    made = told(capsys, "add", "supervisor-01", "--name", "Chen", "--totp", "--password-stdin")
    app = pyotp.parse_uri(made["totp"])
    assert (made["name"], app.name, app.issuer) == ("chen", "chen", "Grid36 Sample Street")
    stored = with_accounts(home.accounts, lambda rows: rows.local.of("supervisor-01"))
    assert stored is not None
    assert (matches(stored.password, PASSWORD), stored.offered) == (True, app.secret)
    assert PASSWORD.encode() not in home.accounts.read_bytes()
    rows = {row["person"]: row["account"] for row in told(capsys, "list")["people"]}
    assert rows["supervisor-01"] == {"name": "chen", "totp": False, "totp_offered": True}
    assert rows["supervisor-02"] is None
    assert run(["person", "list"]) == 0
    assert "an app that has shown no right code yet" in capsys.readouterr().out
    with_accounts(home.accounts, lambda rows: rows.local.accept_codes("supervisor-01", stored.password, app.secret))
    assert run(["person", "list"]) == 0
    assert "signs in as chen, with a code\n" in capsys.readouterr().out


def test_the_code_to_scan_is_shown_once(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(PASSWORD)
    assert run(["person", "add", "supervisor-01", "--totp", "--password-stdin"]) == 0
    shown = capsys.readouterr().out
    assert "otpauth://totp/" in shown
    assert "█" in shown
    typed(PASSWORD)
    assert run(["person", "add", "supervisor-01", "--password-stdin"]) == 0
    assert "otpauth" not in capsys.readouterr().out


def test_a_new_password_ends_the_sessions(home: Home, typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    limits = SessionLimits()
    typed(PASSWORD)
    told(capsys, "add", "--administrator", "--password-stdin")
    session = with_accounts(home.accounts, lambda rows: rows.begin(ADMINISTRATOR, Way.PASSWORD, 0, limits))
    typed("other kite river")
    made = told(capsys, "add", "--administrator", "--password-stdin")
    assert made["name"] == "administrator"
    assert with_accounts(home.accounts, lambda rows: rows.session(session, 1, limits)) is None
    assert told(capsys, "list")["administrator"] == {"name": "administrator", "totp": False, "totp_offered": False}


@pytest.mark.parametrize(
    ("words", "line", "says"),
    [
        (["supervisor-01"], "short", "at least 10 characters"),
        (["supervisor-01"], "supervisor-01 here", "must not have the name"),
        (["supervisor-01"], "password1234", "too common"),
        (["supervisor-01", "--name", "a b"], PASSWORD, "A name has no spaces"),
        (["nobody"], PASSWORD, "no such person"),
        ([], PASSWORD, "Name a person"),
        (["supervisor-02", "--name", "CHEN"], PASSWORD, "Somebody else signs in"),
    ],
)
def test_what_cannot_be_is_said(
    typed: Any, capsys: pytest.CaptureFixture[str], words: list[str], line: str, says: str
) -> None:
    typed(PASSWORD)
    assert run(["person", "add", "supervisor-03", "--name", "chen", "--password-stdin"]) == 0
    typed(line)
    assert run(["person", "add", *words, "--password-stdin"]) == 2
    assert says in capsys.readouterr().err


def test_without_a_terminal_nothing_is_asked(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(f"{PASSWORD}\n{PASSWORD}\n")
    assert run(["person", "add", "supervisor-01"]) == 2
    assert "--password-stdin" in capsys.readouterr().err


def test_an_account_is_removed_with_its_sessions(home: Home, typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("remove-account", "forget"):
        typed(PASSWORD)
        told(capsys, "add", "supervisor-01", "--password-stdin")
        with_accounts(home.accounts, lambda rows: rows.begin("supervisor-01", Way.PASSWORD, 0, SessionLimits()))
        told(capsys, command, "supervisor-01")
        assert run(["person", command, "supervisor-01"]) == 1
        capsys.readouterr()
