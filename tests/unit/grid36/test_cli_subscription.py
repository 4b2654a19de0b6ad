"""grid36 subscription: made with a secret that is shown once, tested, rotated, resumed, ended; dead letters."""

import asyncio
from functools import partial
from typing import Any

import pytest

from connectors.accounts.store import with_accounts
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import with_subscriptions
from connectors.subscriptions.subscription import Receiver, Selection, StopReason
from grid36.cli import run
from grid36.cli.options import settings_of
from grid36.machine.home import Home
from grid36.machine.status import status
from schemas.names import Language
from tests.worlds.builders import HOMES, START, LogBuilder, ledger_of
from tests.worlds.commands import answer_of
from tests.worlds.subscribers import Subscriber, subscribers

pytestmark = pytest.mark.usefixtures("home")
told = partial(answer_of, "subscription")
CASE = "350203006-G001-2611-00099"
URL = "https://water.example/hook?token=secret"


def test_a_secret_is_shown_once_and_an_address_never_whole(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "add", URL, "--department", "drainage", "--batch")
    assert made["secret"].startswith("whsec_")
    (listed,) = told(capsys, "list")["subscriptions"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert (listed["url"], listed["state"]) == ("https://water.example/hook", "starting")
    fresh = told(capsys, "rotate", made["id"])["secret"]
    assert fresh != made["secret"]
    assert home.subscriptions.stat().st_mode & 0o777 == 0o600
    told(capsys, "revoke", made["id"])
    assert told(capsys, "list") == {"subscriptions": []}
    assert run(["subscription", "revoke", made["id"]]) == 1
    assert "no such subscription" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--department"),
        (["--department", "drainage", "--words"], "--words"),
        (["--department", "drain"], "drainage"),
        (["--category", "none"], "no such category or area"),
        (["--area", "none"], "no such category or area"),
        (["--case", "none"], "is no case number"),
    ],
)
def test_what_would_never_be_sent_anything_is_not_made(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["subscription", "add", URL, *words]) == 2
    assert said in capsys.readouterr().err
    assert told(capsys, "list") == {"subscriptions": []}


def test_a_case_that_does_not_exist_is_not_subscribed_to(capsys: pytest.CaptureFixture[str]) -> None:
    log, file = LogBuilder(), settings_of().ledger_file
    number = log.open(HOMES[0], START)
    file.parent.mkdir(parents=True, exist_ok=True)
    ledger_of(log, file)
    for words in (["--case", CASE], ["--department", "drainage", "--case", CASE]):
        assert run(["subscription", "add", URL, *words]) == 2
        assert f"nothing would ever be sent. Check its number. (case: {CASE})" in capsys.readouterr().err
    assert told(capsys, "list") == {"subscriptions": []}
    assert told(capsys, "add", URL, "--case", number)["case"] == number


def test_http_needs_a_word_beyond_this_machine(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--department", "drainage"]
    assert run(["subscription", "add", "http://10.0.0.1/", *words]) == 2
    assert "--plain-http" in capsys.readouterr().err
    for more in (["http://127.0.0.1/"], ["http://10.0.0.1/", "--plain-http"]):
        told(capsys, "add", *more, *words)


def test_a_test_event_is_signed_and_its_answer_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Also of the way people read it."""
    taking, failing = Subscriber(), Subscriber(always=500)

    async def play() -> None:
        async with subscribers(taking, failing):
            made = [
                await asyncio.to_thread(told, capsys, "add", each.url, "--department", "drainage")
                for each in (taking, failing)
            ]
            taking.secrets = (made[0]["secret"],)
            assert await asyncio.to_thread(run, ["subscription", "test", made[0]["id"]]) == 0
            assert "took the test event" in capsys.readouterr().out
            assert await asyncio.to_thread(run, ["subscription", "test", made[1]["id"]]) == 1
            assert "it answered 500" in capsys.readouterr().err
            assert await asyncio.to_thread(run, ["subscription", "list"]) == 0
            assert "department=drainage" in capsys.readouterr().out

    asyncio.run(play())
    assert [each["type"] for each in taking.took] == ["grid36.test"]


def test_dead_letters_are_listed_sent_and_dropped(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "add", URL, "--department", "drainage")

    def bury(db: Any) -> None:
        of = SubscriptionRows(db).one(made["id"])
        assert of is not None
        sql = "INSERT INTO dead_letters (subscription, event, subject, body, why, tries, t_ms) VALUES (?,?,?,?,?,?,?)"
        for n in range(3):
            db.execute(sql, (of.n, f"e{n}", "c1", b"{}", "status 422", 20, 1_763_800_000_000))

    with_subscriptions(home.subscriptions, bury)
    dead = told(capsys, "dead", "list", made["id"])["dead"]
    assert [each["event"] for each in dead] == ["e0", "e1", "e2"]
    assert told(capsys, "dead", "send", made["id"], str(dead[1]["n"])) == {"n": 1}
    assert told(capsys, "dead", "drop", made["id"]) == {"n": 2}
    assert run(["subscription", "dead", "send", made["id"]]) == 1
    assert "no such dead letter" in capsys.readouterr().err
    assert told(capsys, "list")["subscriptions"][0]["next_event"] == "e1"


def test_one_that_stopped_goes_on(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "add", URL, "--department", "drainage")

    def stop(why: StopReason) -> None:
        def work(db: Any) -> None:
            db.execute("UPDATE subscriptions SET state = 'active', since_ms = 0")
            SubscriptionRows(db).stop(1, why)

        with_subscriptions(home.subscriptions, work)

    stop(StopReason.GAVE_UP)
    assert run(["subscription", "list"]) == 0
    assert "it took nothing for too long" in capsys.readouterr().out
    told(capsys, "resume", made["id"])
    assert told(capsys, "list")["subscriptions"][0]["state"] == "active"
    assert run(["subscription", "resume", made["id"]]) == 1
    assert "nothing to resume" in capsys.readouterr().err
    stop(StopReason.KEY_REVOKED)
    assert run(["subscription", "resume", made["id"]]) == 1
    assert "key was revoked" in capsys.readouterr().err


def test_revoking_a_key_stops_what_it_made_at_once(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """Also while no gateway runs; what another key made goes on."""
    keys = [with_accounts(home.accounts, lambda rows: rows.department_keys.new("drainage", 0))[0].id for _ in range(2)]
    for key in keys:
        add = lambda db, key=key: SubscriptionRows(db).add(Selection("drainage"), Receiver(URL), 0, key)  # noqa: E731
        with_subscriptions(home.subscriptions, add)
    assert run(["department", "key", "drainage", "revoke", "--id", keys[0]]) == 0
    capsys.readouterr()
    states = [(each["state"], each.get("why")) for each in told(capsys, "list")["subscriptions"]]
    assert states == [("stopped", "key_revoked"), ("starting", None)]


def test_status_names_who_takes_nothing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """And what to do about it."""
    made = [told(capsys, "add", URL, "--department", "drainage")["id"] for _ in range(3)]

    def trouble(db: Any) -> None:
        db.execute("UPDATE subscriptions SET state = 'active', since_ms = 0, why = 'status 503'")
        db.execute("UPDATE subscriptions SET trouble_ms = 1 WHERE n = 1")
        SubscriptionRows(db).stop(2, StopReason.GAVE_UP)

    with_subscriptions(home.subscriptions, trouble)
    problems = [each for each in status(settings_of())["problems"] if "sub_" in each]
    assert [made[0] in problems[0], made[1] in problems[1], len(problems)] == [True, True, 2]
    assert f"grid36 subscription test {made[0]}" in problems[0]
    assert f"grid36 subscription resume {made[1]}" in problems[1]


@pytest.mark.parametrize(("language", "says"), [("en", "it did not answer in time"), ("zh-CN", "未按时应答")])
def test_what_is_wrong_is_said_in_words(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    """In lists, for status, and of dead letters; programs read the code."""
    monkeypatch.setenv("GRID36_LANG", language)
    made = told(capsys, "add", URL, "--department", "drainage")

    def trouble(db: Any) -> None:
        db.execute("UPDATE subscriptions SET state = 'active', since_ms = 0, trouble_ms = 1, why = 'no_answer'")
        sql = "INSERT INTO dead_letters (subscription, event, subject, body, why, tries, t_ms) VALUES (1,?,?,?,?,?,?)"
        db.execute(sql, ("e", "c1", b"{}", "status 422", 20, 1_763_800_000_000))

    with_subscriptions(home.subscriptions, trouble)
    (listed,) = told(capsys, "list")["subscriptions"]
    assert (listed["why"], listed["says"]) == ("no_answer", says)
    (dead,) = told(capsys, "dead", "list", made["id"])["dead"]
    assert (dead["why"], "422" in dead["says"], dead["says"] != dead["why"]) == ("status 422", True, True)
    assert says in "\n".join(status(settings_of(), Language(language))["problems"])
    for words in (("list",), ("dead", "list", made["id"])):
        assert run(["subscription", *words]) == 0
        said = capsys.readouterr().out
        assert ("no_answer" in said, "status 422" in said) == (False, False)
