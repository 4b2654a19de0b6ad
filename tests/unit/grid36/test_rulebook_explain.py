"""`grid36 rules explain` without a system; with one, in the acceptance tests."""

import json

from click.testing import CliRunner

from grid36.cli.rules_explain import explain as command
from grid36.rulebook_explain import as_answer, as_lines, explain_events, version_of
from rules.because import because
from schemas.event import Because, Event, EventType
from schemas.names import Language
from tests.broken_books import example


def asked(*arguments: str, language: str = "en") -> list[str]:
    ran = CliRunner().invoke(command, arguments, env={"GRID36_LANG": language})
    assert ran.exit_code == 0, ran.output
    return ran.stdout.splitlines()


def test_a_report_that_nobody_sent() -> None:
    lines = asked("--text", "路面油污", "--address", "湖滨南路12号", "--at", "2026-11-20T09:00")
    assert lines[0] == "sentence       “湖滨南路12号”属于路段HBN-1，由路段负责人01负责。"
    assert "decided by     row 2 road-cleaning（点对点派给路段负责人）" in lines
    assert "assignee       supervisor-01 sanitation" in lines
    assert lines[-1].endswith("resolve 2026-11-20 13:00")


def test_in_chinese_and_as_json() -> None:
    assert asked("--category", "tree", "--code", "G003", language="zh-CN")[2].startswith("规则版本       ")
    answer = json.loads(asked("--category", "medical", "--code", "G003", "--json")[0])
    assert (answer["outcome"], answer["item"]["id"], answer["assignee"]) == ("refused", "S03", None)


def test_half_a_position_is_wrong_use() -> None:
    assert CliRunner().invoke(command, ["--lat", "24.4"]).exit_code == 2


def event(n: int, kind: EventType, reason: Because) -> Event:
    facts = {"n": n, "prev": "", "t_ms": n, "type": kind, "home": "R-G", "grid": "G", "case": "R-G-2611-00001"}
    return Event.model_validate({**facts, "command": "c", "by": "system", "because": reason, "now": {"item": "P01"}})


def test_the_events_of_a_case() -> None:
    """The last decision by a rule counts, not what people did later."""
    ruled = because("department", category="tree", department="parks").model_copy(
        update={"version": "v1", "row": "parks", "row_number": 10, "facts": {"category": "tree"}}
    )
    timeline = [
        event(0, EventType.OPENED, because("received")),
        event(1, EventType.DISPATCHED, ruled),
        event(2, EventType.ACKNOWLEDGED, because("act", by="officer")),
    ]
    assert explain_events(timeline[:1], None) is None
    assert version_of(timeline) == "v1"
    found = explain_events(timeline, example()[1])
    assert found is not None
    assert as_answer(found)["row_number"] == 10
    assert found.why.item is not None
    assert any("tree, green-area" in line for line in as_lines(found, Language.EN, "UTC"))
    assert explain_events(timeline, None) is not None, "a rulebook that is no longer kept"
