"""grid36 department: a key is shown once, and revoked by its id or with all others."""

import json
from functools import partial

import pytest

from connectors.accounts.store import with_accounts
from grid36.cli import run
from grid36.machine.home import Home
from tests.worlds.commands import answer_of

pytestmark = pytest.mark.usefixtures("home")
told = partial(answer_of, "department")


def test_a_key_is_shown_once_and_can_be_revoked(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    made = [told(capsys, "key", "drainage", "new") for _ in range(3)]
    stored = with_accounts(home.accounts, lambda rows: rows.department_keys.owner(made[0]["key"]))
    listed = told(capsys, "key", "drainage", "list")
    assert stored == "drainage"
    assert {each["id"] for each in listed["keys"]} == {each["id"] for each in made}
    assert not any(each["key"] in json.dumps(listed) for each in made)
    assert told(capsys, "key", "drainage", "revoke", "--id", made[0]["id"])["revoked"] == 1
    assert told(capsys, "key", "drainage", "revoke")["revoked"] == 2
    assert run(["department", "key", "drainage", "revoke"]) == 1
    assert "no such key" in capsys.readouterr().err


def test_people_read_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["department", "key", "drainage", "list"]) == 0
    assert "grid36 department key drainage new" in capsys.readouterr().out
    assert run(["department", "key", "drainage", "new"]) == 0
    assert "shown once" in capsys.readouterr().out
    assert run(["department", "key", "drainage", "list"]) == 0
    assert len(capsys.readouterr().out.split()) == 3  # its id, the day, the time


@pytest.mark.parametrize("action", ["new", "list"])
def test_wrong_use_is_told(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["department", "key", "drainage", action, "--id", "x"]) == 2
    assert "--id" in capsys.readouterr().err


def test_a_department_that_is_not_there_gets_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["department", "key", "drain", "new"]) == 2
    assert "drainage" in capsys.readouterr().err


def test_the_rights_of_its_user_are_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As commands for whoever administers the cluster; a real Kafka with rights is in the acceptance tests."""
    monkeypatch.setenv("GRID36_KAFKA", "kafka:9093")
    monkeypatch.setenv("GRID36_TOPIC_PREFIX", "street.")
    answer = told(capsys, "acl", "drainage", "--user", "drainage company")
    assert [(each["kind"], each["name"], each["operations"]) for each in answer["rights"]] == [
        ("topic", "street.department.drainage", ["Read", "Describe"]),
        ("group", "street.department.drainage", ["Read", "Describe"]),
        ("topic", "street.answers.drainage", ["Read", "Describe"]),
        ("topic", "street.actions.drainage", ["Write", "Describe"]),
    ]
    assert answer["commands"][3] == (
        "kafka-acls.sh --bootstrap-server kafka:9093 --command-config admin.properties --add "
        "--allow-principal 'User:drainage company' --operation Write --operation Describe "
        "--topic street.actions.drainage"
    )
    assert run(["department", "acl", "drainage", "--user", "x"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
