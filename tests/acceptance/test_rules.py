"""`grid36 rules` on a real system: a case is explained by the rulebook that decided it, and drafts are compared."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any

import pytest
import yaml

from grid36.cli import run
from grid36.files.rulebook import load_rulebook
from grid36.files.rulebook.layout import Form
from grid36.files.rulebook.writing import write_rulebook
from schemas.names import Language
from schemas.rulebook import Rulebook
from streams.rulebooks.activation import activate
from tests.processes.system import System
from tests.processes.waiting import block_until
from tests.strategies.broken_books import EXAMPLE, example, patched

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("rules"), kafka=kafka, partitions=4) as running:
        yield running


def use(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process are about it."""
    for name in ("GRID36_HOME", "GRID36_TOPIC_PREFIX"):
        monkeypatch.setenv(name, system.environment[name])


@pytest.fixture
def answer(system: System, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A command on the system; its one object on stdout."""
    use(system, monkeypatch)

    def asked(*words: str) -> Any:
        capsys.readouterr()
        assert run([*words, "--json"]) == 0, capsys.readouterr()
        return json.loads(capsys.readouterr().out)

    return asked


def test_a_case_is_explained(answer: Any) -> None:
    """`rules explain` answers for a case number or report id, by the version that decided the case."""
    sent = answer("report", "--text", "行道树倒树", "--address", "湖滨南路12号", "--as", "resident-01")
    told = answer("rules", "explain", sent["case"])
    number = load_rulebook(EXAMPLE).routing.numbers["parks"]
    assert (told["outcome"], told["row"], told["row_number"]) == ("dispatched", "parks", number)
    assert told["facts"][0] == {"fact": "category", "value": "tree", "cell": "tree, green-area"}
    assert told["item"]["basis"] == "Sample list, part P, 1"
    assert (told["assignee"], told["department"]) == ("officer-parks", "parks")
    assert (told["list"]["item"]["verdict"], told["list"]["named_by"]["en"]) == ("handle", "category tree")
    assert [(said["clock"], said["limit"], said["by"]) for said in told["limits"]["said"]] == [
        ("accept", "1wh", "category"),
        ("respond", "4wh", "category"),
        ("resolve", "2wd", "category"),
    ]
    lines = (EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8").splitlines()
    (won,) = told["routing"]["won"]
    assert (won["sheet"], won["row"] in lines[won["sheet_row"] - 1]) == ("rulebook.yaml", True), "the files at hand"
    assert answer("rules", "explain", sent["report"]) == told


def test_a_refused_case_cites_the_item(answer: Any) -> None:
    """The explanation of a refused case cites the item of the list."""
    sent = answer("report", "--text", "林地采伐", "--address", "湖滨南路12号", "--as", "resident-01")
    told = answer("rules", "explain", sent["case"])
    assert (told["outcome"], told["item"]["id"], told["assignee"]) == ("refused", "P03", None)


def test_a_draft_is_compared_with_what_is_active(answer: Any, tmp_path: Path) -> None:
    """`rules diff active` names the changed row, and the places and categories that change owner."""
    content = yaml.safe_load((EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8"))
    draft = patched(content, {"set": {"routing.rows.parks.then": {"assign": "grid_head", "department": "parks"}}})
    (tmp_path / "rulebook.yaml").write_text(yaml.safe_dump(draft, allow_unicode=True), encoding="utf-8")
    found = answer("rules", "diff", "active", str(tmp_path))
    assert [(change["change"], change["id"]) for change in found["changes"]] == [("changed", "parks")]
    assert {hand["category"] for hand in found["hands"]} == {"tree", "green-area"}
    assert found["places"] == sum(hand["count"] for hand in found["hands"]) > 200


def test_what_was_activated_is_what_is_active(system: System, answer: Any) -> None:
    """An activated rulebook is in force from its time on; older cases are explained by what decided them."""
    sent = answer("report", "--text", "行道树倒树", "--address", "湖滨南路102号", "--as", "resident-02")
    before = answer("rules", "explain", sent["case"])
    region, rulebook = example()[0], load_rulebook(EXAMPLE)
    parks = {"set": {"routing.rows.parks.then": {"assign": "grid_head", "department": "parks"}}}
    new = Rulebook.model_validate(patched(rulebook.model_dump(mode="json"), parks))
    now = int(time() * 1000)
    asyncio.run(
        activate(
            system.servers,
            region,
            new,
            by="list-steward",
            effective_ms=now,
            at_ms=now,
            id="switch-1",
            prefix=system.prefix,
        )
    )
    block_until(lambda: bool(answer("rules", "diff", "active", str(EXAMPLE))["changes"]), "the activation")
    assert {hand["before"]["department"] for hand in answer("rules", "diff", "active", str(EXAMPLE))["hands"]} == {
        "parks"
    }
    assert answer("rules", "explain", sent["case"]) == before
    words = ("rules", "explain", "--category", "tree", "--code", "G003")
    assert answer(*words, "--rulebook", "active")["department"] == "parks"
    assert answer(*words, "--rulebook", "active")["assignee"] != answer(*words, "--rulebook", str(EXAMPLE))["assignee"]


def test_why_a_case_got_its_limits_and_why_others_were_called(system: System, answer: Any, tmp_path: Path) -> None:
    """The limits and assists of a case are explained by the facts of the moment of its decision."""
    parts = {"inputs": ["category", "hour", "weekday"], "rows": [], "default": None}
    night = {
        "id": "any-hour",
        "priority": 10,
        "when": {"category": "tree", "hour": {"ge": 0}},
        "then": {"resolve": "3h"},
    }
    never = {
        "id": "next-week",
        "priority": 1,
        "when": {"category": "tree", "hour": {"ge": 24}},
        "then": {"resolve": "1h"},
    }
    lamps = {"id": "lamps", "when": {"category": "tree"}, "then": {"department": "street-lighting"}}
    tables = {
        "limits": {**parts, "name": "limits", "hit_policy": "F", "rows": [never, night]},
        "joint": {**parts, "name": "joint", "hit_policy": "C", "rows": [lamps]},
    }
    plain = patched(load_rulebook(EXAMPLE).model_dump(mode="json"), {"set": tables})
    new, now = Rulebook.model_validate(plain), int(time() * 1000)
    asyncio.run(
        activate(
            system.servers,
            example()[0],
            new,
            by="list-steward",
            effective_ms=now,
            at_ms=now,
            id="switch-2",
            prefix=system.prefix,
        )
    )
    write_rulebook(new, tmp_path, Form.XLSX, Language.ZH)
    block_until(lambda: not answer("rules", "diff", "active", str(tmp_path))["changes"], "the activation")
    sent = answer("report", "--text", "行道树倒树", "--address", "云帆路9号", "--as", "resident-01")
    told = answer("rules", "explain", sent["case"], "--rulebook", str(tmp_path))
    table = told["limits"]["table"]
    assert [(row["row"], row["number"], row["sheet"], row["sheet_row"]) for row in table["won"]] == [
        ("any-hour", 2, "时限", 3)
    ]
    hour = next(fact["value"] for fact in table["facts"] if fact["fact"] == "hour")
    assert table["near"][0]["why"]["en"] == f"hour is {hour}, and the row asks for ≥ 24"
    assert [(called["department"], called["rows"][0]["row"]) for called in told["joint"]["called"]] == [
        ("street-lighting", "lamps")
    ]
    case = answer("case", sent["case"])["case"]
    assert told["deadlines"]["resolve"] == case["dispatched_ms"] + 3 * 3_600_000


def test_a_case_that_is_not_there_is_a_no(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """`rules explain` exits with 1 for a case that does not exist."""
    use(system, monkeypatch)
    assert run(["rules", "explain", "nothing"]) == 1
