"""The commands about people: they need the home and the region, no running system."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from connectors.chat.messages import Incoming, Wrote
from connectors.chat.runtime.storage.inbox import key_of
from connectors.chat.runtime.storage.store import ChatStore
from connectors.contacts.contact import Binding, Bound
from connectors.contacts.store import ContactFile
from connectors.contacts.tokens import token_of
from grid36.cli import run
from grid36.machine.home import Home

NOW = 1_795_044_060_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRID36_LANG", "en")
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    assert run(["person", *words, "--json"]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def uses(home: Path, token: str, sender: str = "sender-77") -> Binding:
    """Somebody writes to the bot of Telegram, by the link of an invitation."""
    file = ContactFile(Home(home).contacts)
    file.together([lambda f: f.heard("telegram", sender, sender, NOW, None)])
    bound: Bound = file.together([lambda f: f.bind("telegram", sender, token, NOW)])[0]
    file.close()
    return bound.binding


def test_an_invitation_binds_the_person(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "invite", "supervisor-01")
    assert made["words"] == f"bind {made['token']}"
    assert token_of(made["token"]) == made["token"]
    assert told(capsys, "invite", "supervisor-01") == made, "printed again as long as nobody used it"
    assert uses(home, made["token"]) is Binding.BOUND
    rows = {row["person"]: row for row in told(capsys, "list")["people"]}
    assert [each["door"] for each in rows["supervisor-01"]["doors"]] == ["telegram"]
    assert (rows["supervisor-01"]["invitation"], rows["supervisor-02"]["doors"]) == (None, [])
    assert "sender-77" not in json.dumps(rows["supervisor-01"]["doors"])
    assert told(capsys, "invite", "supervisor-01")["token"] != made["token"], "another account, another invitation"


def test_a_new_invitation_withdraws_the_one_before(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost, new = told(capsys, "invite", "supervisor-01"), told(capsys, "invite", "supervisor-01", "--new")
    assert uses(home, lost["token"]) is Binding.UNKNOWN
    assert uses(home, new["token"]) is Binding.BOUND


def test_a_team_has_one_invitation_for_all(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "invite", "--team", "riders-1")
    assert made["expires_ms"] is None
    assert {uses(home, made["token"], sender) for sender in ("1", "2", "3")} == {Binding.JOINED}
    listed = told(capsys, "list")
    assert [row["members"] for row in listed["teams"] if row["team"] == "riders-1"] == [3]
    assert listed["others"] == 0


def test_a_link_and_a_code_to_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRID36_DOORS", "http,telegram")
    monkeypatch.setenv("GRID36_DOOR_TELEGRAM_INVITE", "https://t.example/bot?start=TOKEN")
    made = told(capsys, "invite", "supervisor-01")
    assert made["links"] == {"telegram": f"https://t.example/bot?start={made['token']}"}
    for name, begin in (("code.svg", b"<?xml"), ("code.PNG", b"\x89PNG")):
        assert run(["person", "invite", "supervisor-01", "--qr", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_bytes().startswith(begin)
    shown = capsys.readouterr().out
    assert "█" in shown
    assert made["links"]["telegram"] in shown
    assert f"bind {made['token']}" in shown
    monkeypatch.setenv("GRID36_DOOR_TELEGRAM_INVITE", "https://t.example/bot")
    assert run(["person", "invite", "supervisor-01"]) == 2
    assert "GRID36_DOOR_TELEGRAM_INVITE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["invite"], 2, "PERSON or a --team"),
        (["invite", "supervisor-01", "--team", "riders-1"], 2, "PERSON or a --team"),
        (["invite", "nobody"], 2, "no such person"),
        (["invite", "--team", "nobody"], 2, "riders-1"),
        (["invite", "supervisor-01", "--qr", "code.gif"], 2, ".svg or .png"),
        (["forget", "supervisor-01"], 1, "Nothing is stored"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: list[str], code: int, says: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["person", *words]) == code
    assert says in capsys.readouterr().err
    assert not home.exists(), "nothing was made"


def test_looking_makes_no_home(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["person", "list"]) == 0
    assert "supervisor-01" in capsys.readouterr().out
    assert not home.exists()


def test_who_is_forgotten_can_be_invited_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uses(home, told(capsys, "invite", "supervisor-01")["token"])
    assert told(capsys, "forget", "supervisor-01") == {"person": "supervisor-01", "accounts": 1, "doors": ["telegram"]}
    assert all(row["doors"] == [] for row in told(capsys, "list")["people"])
    assert b"sender-77" not in Home(home).contacts.read_bytes()
    assert uses(home, told(capsys, "invite", "supervisor-01")["token"]) is Binding.BOUND
    open_invitation = told(capsys, "invite", "supervisor-02")
    assert told(capsys, "forget", "supervisor-02")["accounts"] == 0
    assert uses(home, open_invitation["token"], "sender-78") is Binding.UNKNOWN


def test_the_people_of_a_staff_sheet_are_invited(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice is once; what could not be used is said, with exit code 1."""
    sheet = tmp_path / "staff.csv"
    sheet.write_text("编号,角色,路段\nsupervisor-01,路段负责人,HBN-1\nnobody,,\n", encoding="utf-8")
    first = told(capsys, "import", str(sheet), "--qr", str(tmp_path / "codes"), code=1)
    assert [each["person"] for each in first["invited"]] == ["supervisor-01"]
    assert [(each["code"], each["rows"]) for each in first["unusable"]] == [("unknown_person", [3])]
    assert [file.name for file in (tmp_path / "codes").iterdir()] == ["supervisor-01.svg"]
    assert told(capsys, "import", str(sheet), code=1)["invited"] == first["invited"]
    assert run(["person", "import", str(sheet)]) == 1
    shown = capsys.readouterr()
    assert "1 person is invited." in shown.out
    assert "row 3, column person (A3)" in shown.err
    sheet.write_text("编号\nsupervisor-01\n", encoding="utf-8")
    assert told(capsys, "import", str(sheet))["unusable"] == []
    assert uses(home, first["invited"][0]["token"]) is Binding.BOUND


def test_what_a_chat_stored_of_somebody_is_forgotten_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uses(home, told(capsys, "invite", "supervisor-01")["token"], "sender-77")

    async def write() -> None:
        store = ChatStore(Home(home).doors / "telegram")
        words = Incoming(id="m1", sender="sender-77", chat="sender-77", t_ms=NOW, content=Wrote(text="where I live"))
        await store.take(key_of("telegram", "m1"), words, NOW)
        await store.close()

    asyncio.run(write())
    told(capsys, "forget", "supervisor-01")
    left = b"".join(file.read_bytes() for file in home.rglob("*.sqlite*"))
    assert [word for word in (b"sender-77", b"where I live") if word in left] == []
