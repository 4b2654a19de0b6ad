"""The commands about people: they need the home and the region, no running system."""

import asyncio
import json
import re
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from connectors.chat.messages import Incoming, Wrote
from connectors.chat.runtime.storage.inbox import key_of
from connectors.chat.runtime.storage.store import ChatStore
from connectors.contacts.contact import Binding, Bound
from connectors.contacts.store import ContactFile
from connectors.contacts.tokens import token_of
from grid36.cli import run
from grid36.machine.home import Home
from tests.worlds.commands import answer_of

pytestmark = pytest.mark.usefixtures("home")
told = partial(answer_of, "person")
NOW = 1_795_044_060_000


def uses(home: Home, token: str, sender: str = "sender-77") -> Binding:
    """Somebody writes to the bot of Telegram, by the link of an invitation."""
    file = ContactFile(home.contacts)
    file.together([lambda f: f.heard("telegram", sender, sender, NOW, None)])
    bound: Bound = file.together([lambda f: f.bind("telegram", sender, token, NOW)])[0]
    file.close()
    return bound.binding


def test_an_invitation_binds_the_person(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_a_new_invitation_withdraws_the_one_before(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    lost, new = told(capsys, "invite", "supervisor-01"), told(capsys, "invite", "supervisor-01", "--new")
    assert uses(home, lost["token"]) is Binding.UNKNOWN
    assert uses(home, new["token"]) is Binding.BOUND


def test_a_team_has_one_invitation_for_all(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_a_personal_link_opens_the_form_until_it_is_revoked(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each asking gives another one, all of them open; the file has none of them in clear."""
    monkeypatch.setenv("GRID36_PUBLIC_URL", "https://city.example/")
    first, second = told(capsys, "invite", "supervisor-01"), told(capsys, "invite", "supervisor-01")
    assert list(first["links"]) == ["form", "browser"]
    tokens = [re.fullmatch(FORM_LINK, each["links"]["form"]) for each in (first, second)]
    opened = [match[1] for match in tokens if match]
    assert (len(set(opened)), first["token"]) == (2, second["token"])
    assert whose(home, opened) == ["supervisor-01"] * 2
    assert not any(token.encode() in file.read_bytes() for token in opened for file in home.folder.rglob("*.sqlite*"))
    assert len({row["person"]: row["links"] for row in told(capsys, "list")["people"]}["supervisor-01"]) == 2
    assert run(["person", "list"]) == 0
    assert "personal link until" in capsys.readouterr().out
    assert told(capsys, "revoke", "supervisor-01") == {"person": "supervisor-01", "links": 3, "chats": 0, "sessions": 0}
    assert whose(home, opened) == [None] * 2
    assert uses(home, first["token"]) is Binding.UNKNOWN
    assert run(["person", "revoke", "supervisor-01"]) == 1


def test_revoking_lets_a_chat_in_a_browser_be_nobodys(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """It opens the pages, too; accounts of other messengers stay."""
    uses(home, told(capsys, "invite", "supervisor-01")["token"])
    token = told(capsys, "invite", "supervisor-01")["token"]
    file = ContactFile(home.contacts)
    file.together(
        [lambda f: f.heard("browser", "b-1", "b-1", NOW, None), lambda f: f.bind("browser", "b-1", token, NOW)]
    )
    assert told(capsys, "revoke", "supervisor-01") == {"person": "supervisor-01", "links": 0, "chats": 1, "sessions": 0}
    bound = {each.door: each.bound for each in file.everybody()}
    file.close()
    assert bound == {"browser": False, "telegram": True}


def test_a_new_invitation_ends_the_links_before(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRID36_PUBLIC_URL", "https://city.example")
    made = [told(capsys, "invite", "supervisor-01", *more)["links"]["form"] for more in ([], ["--new"])]
    tokens = [match[1] for each in made if (match := re.fullmatch(FORM_LINK, each))]
    assert whose(home, tokens) == [None, "supervisor-01"]


def test_the_sheet_of_a_team(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One file, with the code, that names the team; the code may hold another link."""
    monkeypatch.setenv("GRID36_PUBLIC_URL", "https://city.example")
    made = told(capsys, "invite", "--team", "riders-1", "--sheet", str(tmp_path / "riders.html"))
    page = (tmp_path / "riders.html").read_text(encoding="utf-8")
    assert made["links"]["form"] == f"https://city.example/in/team/{made['token']}"
    assert page.count("<svg") == 1
    assert made["links"]["form"] in page
    assert "Rider Team 1" in page
    assert "http" not in page.replace(made["links"]["form"], "").replace("http://www.w3.org/2000/svg", "")
    told(capsys, "invite", "--team", "riders-1", "--to", "browser", "--sheet", str(tmp_path / "chat.html"))
    assert made["links"]["browser"] in (tmp_path / "chat.html").read_text(encoding="utf-8")


FORM_LINK = r"https://city\.example/in/([\w-]{32})\?invite=[\w-]{14}"


def whose(home: Home, tokens: list[str]) -> list[str | None]:
    """The person whom each link opens the pages for."""
    with closing(ContactFile(home.contacts)) as file:
        found = [file.linked(token, 0) for token in tokens]
    return [None if each is None else each.person for each in found]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["invite"], 2, "PERSON or a --team"),
        (["invite", "supervisor-01", "--team", "riders-1"], 2, "PERSON or a --team"),
        (["invite", "nobody"], 2, "no such person"),
        (["invite", "--team", "nobody"], 2, "riders-1"),
        (["invite", "supervisor-01", "--qr", "code.gif"], 2, ".svg or .png"),
        (["forget", "supervisor-01"], 1, "Nothing is stored"),
        (["revoke", "supervisor-01"], 1, "no open link"),
        (["invite", "supervisor-01", "--sheet", "team.html"], 2, "--team"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: list[str], code: int, says: str, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["person", *words]) == code
    assert says in capsys.readouterr().err
    assert not home.folder.exists(), "nothing was made"


def test_looking_makes_no_home(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["person", "list"]) == 0
    assert "supervisor-01" in capsys.readouterr().out
    assert not home.folder.exists()


def test_who_is_forgotten_can_be_invited_again(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    uses(home, told(capsys, "invite", "supervisor-01")["token"])
    assert told(capsys, "forget", "supervisor-01") == {"person": "supervisor-01", "accounts": 1, "doors": ["telegram"]}
    assert all(row["doors"] == [] for row in told(capsys, "list")["people"])
    assert b"sender-77" not in home.contacts.read_bytes()
    assert uses(home, told(capsys, "invite", "supervisor-01")["token"]) is Binding.BOUND
    open_invitation = told(capsys, "invite", "supervisor-02")
    assert told(capsys, "forget", "supervisor-02")["accounts"] == 0
    assert uses(home, open_invitation["token"], "sender-78") is Binding.UNKNOWN


def test_the_people_of_a_staff_sheet_are_invited(
    tmp_path: Path, home: Home, capsys: pytest.CaptureFixture[str]
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


def test_what_a_chat_stored_of_somebody_is_forgotten_too(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    uses(home, told(capsys, "invite", "supervisor-01")["token"], "sender-77")

    async def write() -> None:
        store = ChatStore(home.doors / "telegram")
        words = Incoming(id="m1", sender="sender-77", chat="sender-77", t_ms=NOW, content=Wrote(text="where I live"))
        await store.take(key_of("telegram", "m1"), words, NOW)
        await store.close()

    asyncio.run(write())
    told(capsys, "forget", "supervisor-01")
    left = b"".join(file.read_bytes() for file in home.folder.rglob("*.sqlite*"))
    assert [word for word in (b"sender-77", b"where I live") if word in left] == []
