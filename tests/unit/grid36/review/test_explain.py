"""`grid36 rules explain` without a system; with one, in the acceptance tests."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grid36.cli.rules.explain import explain as command
from grid36.files.rulebook import read_rulebook
from grid36.files.rulebook.layout import Form
from grid36.files.rulebook.writing import write_rulebook
from grid36.review.explain import decided_ms, explain_events
from grid36.review.explain_json import as_answer
from grid36.review.explain_text import as_lines
from grid36.review.source_positions import Where
from rules.book.reasons import because
from schemas.case import Deadline
from schemas.event import Because, Event, EventType
from schemas.names import Language
from schemas.rulebook import Rulebook
from tests.strategies.broken_books import EXAMPLE, example, patched
from tests.unit.rules.review.test_explain import JOINT, LIMITS
from texts.catalogue import catalogue

NOW = 1_795_136_400_000
"""9 o'clock on 20 November 2026 in the example's zone."""
HOUR = 3_600_000


def asked(*arguments: str, language: str = "en") -> list[str]:
    ran = CliRunner().invoke(command, arguments, env={"GRID36_LANG": language})
    assert ran.exit_code == 0, ran.output
    return ran.stdout.splitlines()


def wrong(*arguments: str) -> str:
    ran = CliRunner(env={"GRID36_LANG": "en"}).invoke(command, arguments)
    assert ran.exit_code == 2, ran.output
    return ran.stderr.splitlines()[-1]


def line_of(text: str) -> int:
    """Where it stands in the example's file."""
    lines = (EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def with_tables(**fields: Any) -> Rulebook:
    plain = example()[1].model_dump(mode="json")
    return Rulebook.model_validate(patched(plain, {"set": deepcopy({"limits": LIMITS, "joint": JOINT, **fields})}))


def test_a_report_that_nobody_sent() -> None:
    lines = asked("--text", "路面油污", "--address", "湖滨南路12号", "--at", "2026-11-20T09:00")
    assert lines[0] == "sentence       “湖滨南路12号”属于路段HBN-1，由路段负责人01负责。"
    assert lines[2] == "category       greasy-pavement ← words “油污”"
    row, category = line_of("{id: road-cleaning,"), line_of("{id: greasy-pavement,")
    assert f"decided by     rulebook.yaml row {row} road-cleaning（点对点派给路段负责人）" in lines
    assert f"limits         accept 30m ← rulebook.yaml row {category} greasy-pavement" in lines
    assert "assignee       supervisor-01 sanitation" in lines
    assert lines[-1].endswith("resolve 2026-11-20 13:00")


def test_places_that_differ_are_told() -> None:
    lines = asked("--text", "路面油污", "--code", "LP0001", "--lat", "24.4656", "--lon", "118.0846")
    assert lines[2].startswith("place          LP0001; the code counts; the position says “橘灯路”, ")


def test_in_chinese_and_as_json() -> None:
    assert asked("--category", "tree", "--code", "G003", language="zh-CN")[2:4] == [
        "类别           tree ← 上报人指定",
        "规则版本       " + json.loads(asked("--category", "tree", "--code", "G003", "--json")[0])["version"][:8],
    ]
    answer = json.loads(asked("--category", "medical", "--code", "G003", "--json")[0])
    assert (answer["outcome"], answer["item"]["id"], answer["assignee"]) == ("refused", "S03", None)
    assert answer["list"]["item"]["verdict"] == "refuse"
    assert answer["limits"] == {"table": None, "said": []}, "a refusal has no limits"


@pytest.mark.parametrize("form", [Form.XLSX, Form.CSV])
def test_rows_are_counted_as_the_steward_sees_them(tmp_path: Path, form: Form) -> None:
    """A draft in a workbook or in CSV files: titles count, and so does what stands in each cell at that row."""
    write_rulebook(with_tables(), tmp_path, form, Language.EN)
    words = ["--category", "tree", "--code", "G003", "--rulebook", str(tmp_path), "--at", "2026-11-20T23:00"]
    answer = json.loads(asked(*words, "--json")[0])
    reading = read_rulebook(tmp_path)
    told = [
        *answer["routing"]["won"],
        *answer["routing"]["near"],
        *answer["limits"]["table"]["won"],
        *answer["limits"]["table"]["lost"],
        *answer["joint"]["table"]["won"],
        answer["list"]["item"],
        *(said for said in answer["limits"]["said"] if said["by"]),
    ]
    labels = {rows.sheet.label: rows.sheet for rows in reading.lists.values()}
    for row in told:
        cells = next(cells for number, cells in labels[row["sheet"]].rows if number == row["sheet_row"])
        assert row["row"] in cells, row
    assert {labels[row["sheet"]].list for row in told} == {"routing", "limits", "joint", "items", "categories"}
    lines = asked(*words)
    label = answer["limits"]["table"]["won"][0]["sheet"]
    assert (
        f"limits table   {label} row 2 trees-at-night: category = tree [tree]; hour = 23 [≥ 20] → resolve = 3h" in lines
    )
    assert any(line.endswith(f"resolve 3h ← {label} row 2 trees-at-night") for line in lines)
    called = [line for line in lines if "called in" in line or "it leads already" in line]
    assert called[0].startswith("called in      street-lighting ← ")
    assert called[1].endswith("row 4 itself (it leads already and is not called)")


def test_a_draft_may_leave_everything_to_the_category(tmp_path: Path) -> None:
    """Tables that are there and say nothing, and a row with its two languages."""
    rows: dict[str, Any] = {
        "limits.rows": [],
        "limits.default": None,
        "joint.rows": [],
        "categories.tree.limits": {"resolve": "9h"},
    }
    write_rulebook(with_tables(**rows), tmp_path, Form.YAML, Language.EN)
    words = ["--category", "tree", "--code", "G003", "--rulebook", str(tmp_path)]
    english, chinese = asked(*words), asked(*words, language="zh-CN")
    assert "limits table   no row matched, and there is no default" in english
    assert "时限表         没有行命中，也没有默认输出" in chinese
    assert "limits         accept: neither the table, the item nor the category says one" in english
    assert "时限依据       签收: 时限表、清单事项、类别都没有规定" in chinese
    assert not any(line.startswith("called in") for line in english)


def test_why_it_has_its_category_and_is_urgent(tmp_path: Path) -> None:
    """By words, by none that are known, by its sender; a subcategory names both."""
    parts = [{"id": "fallen", "category": "tree", "name": {"zh": "倒树"}, "words": ["倒树"]}]
    write_rulebook(
        with_tables(subcategories=parts, **{"policy.urgent_words": ["伤人"]}), tmp_path, Form.YAML, Language.EN
    )
    words = ["--code", "G003", "--rulebook", str(tmp_path)]
    told = {
        "倒树伤人": "category       tree / fallen ← words “倒树”; urgent ← words “伤人”",
        "说不清": "category       other ← no known words, so the default category",
    }
    for text, line in told.items():
        assert line in asked("--text", text, *words)
    assert "category       tree / fallen ← named by the sender; urgent ← its sender" in asked(
        "--category", "fallen", "--urgent", *words
    )
    filed = json.loads(asked("--text", "倒树", *words, "--json")[0])["filed"]
    assert (filed["category"], filed["subcategory"], filed["how"], filed["words"]) == (
        "tree",
        "fallen",
        "words",
        ["倒树"],
    )


def test_what_no_report_would_say_is_wrong_use() -> None:
    """A report loses what the rulebook does not know without a word; here it is a slip, and said."""
    assert wrong("--lat", "24.4") == "Error: --lat and --lon belong together."
    assert "Did you mean: tree" in wrong("--category", "tre", "--code", "G003")
    assert "Did you mean: land" in wrong("--category", "tree", "--code", "G003", "--attribute", "lnd=forest")
    assert "Did you mean: forest" in wrong("--category", "tree", "--code", "G003", "--attribute", "land=forrest")
    assert "--pushed-by" in wrong("--category", "tree", "--code", "G003", "--item", "P01")
    assert "lat" in wrong("--lat", "95", "--lon", "118")
    assert "There is no my-draft" in wrong("--category", "tree", "--rulebook", "my-draft")


def event(n: int, kind: EventType, reason: Because | None = None, **fields: Any) -> Event:
    facts = {"n": n, "prev": "", "t_ms": NOW + n, "type": kind, "home": "R-G", "grid": "G", "case": "R-G-2611-00001"}
    given = {"command": "c", "by": "system", "because": reason, "now": {"item": "P01"}}
    return Event.model_validate({**facts, **given, **fields})


def by_rule(**facts: str | int) -> Because:
    fields = {"version": "v1", "row": "parks", "row_number": 10, "facts": {"category": "tree", **facts}}
    return because("department", category="tree", department="parks").model_copy(update=fields)


def only(rulebook: Rulebook | None) -> Callable[[str], Rulebook | None]:
    return lambda _: rulebook


def of(timeline: Sequence[Event], rulebook: Rulebook) -> dict[str, Any]:
    found = explain_events(timeline, {"v1": rulebook}.get, example()[0])
    assert found is not None
    return as_answer(found)


OPENED = {"category": "tree", "item": "P01", "rulebook": "v1"}


def test_the_events_of_a_case() -> None:
    """The last decision by a rule counts, not what people did later."""
    timeline = [
        event(0, EventType.OPENED, because("received")),
        event(1, EventType.DISPATCHED, by_rule()),
        event(2, EventType.ACKNOWLEDGED, because("act", by="officer")),
    ]
    assert explain_events(timeline[:1], only(None)) is None
    assert (decided_ms(timeline[:1]), decided_ms(timeline)) == (None, NOW + 1)
    found = explain_events(timeline, only(example()[1]))
    assert found is not None
    answer = as_answer(found)
    assert (answer["row_number"], answer["item"]["id"]) == (10, "P01")
    assert any("tree, green-area" in line for line in as_lines(found, Language.EN, "UTC"))
    assert "decided by     routing row 10 parks" in as_lines(found, Language.EN, "UTC"), "no files are at hand"
    assert "依据           路由 第 10 行 parks" in as_lines(found, Language.ZH, "UTC")
    gone = explain_events(timeline, only(None))
    assert gone is not None, "a rulebook that is no longer kept"
    assert as_answer(gone)["version"] == "v1"
    assert as_lines(gone, Language.EN, "UTC")[2].endswith("v1 (not kept any more, so its rows cannot be shown)")


def test_a_case_has_the_facts_that_it_had_then() -> None:
    """Its limits are of the hour of dispatch, also when it was corrected to this category at night."""
    began = {"dispatched_ms": NOW, "department": {"code": "parks", "name": "x"}, "deadlines": {"resolve": NOW + HOUR}}
    timeline = [
        event(0, EventType.OPENED, because("received"), now=OPENED),
        event(1, EventType.DISPATCHED, by_rule(hour=9), now={"item": "P01", "assignee": "a", **began}),
    ]
    corrected = [
        *timeline,
        event(2, EventType.CORRECTED, now={"deadlines": {"resolve": NOW + 2 * HOUR}}),
        event(3, EventType.DISPATCHED, by_rule(hour=23), now={"item": "P01", "assignee": "b"}),
    ]
    for events, until in ((timeline, NOW + HOUR), (corrected, NOW + 2 * HOUR)):
        answer = of(events, with_tables())
        assert [won["row"] for won in answer["limits"]["table"]["won"]] == ["trees"]
        assert [won["row"] for won in answer["joint"]["table"]["won"]] == ["works", "itself"]
        assert [each["called"] for each in answer["joint"]["called"]] == [True, False]
        assert answer["deadlines"] == {"resolve": until}
        assert answer["filed"]["how"] is None, "an early release did not keep it"


def test_another_systems_deadlines_and_a_persons_are_not_the_tables() -> None:
    began = {"dispatched_ms": NOW, "department": None}
    door = example()[0].importers[0] if example()[0].importers else "hotline"
    region = example()[0].model_copy(update={"importers": (door,)})
    opened = event(0, EventType.OPENED, because("received"), now={**OPENED, "door": door})
    imported = [opened, event(1, EventType.DISPATCHED, by_rule(hour=9), now=began)]
    found = explain_events(imported, only(with_tables()), region)
    assert found is not None
    assert (found.why.limits, found.why.said) == (None, ())
    by_hand = [opened, event(1, EventType.DISPATCHED, because("list_change", item="x", person="y"), now=began)]
    assert of(by_hand, with_tables())["joint"] == {"table": None, "called": []}


def test_why_it_was_refused_at_the_gate() -> None:
    """No rule decided it, so the version is that which the case was opened by."""
    pushed = {**OPENED, "item": "P03", "pushed_by": "parks"}
    reason = because("not_admitted", department="x", item="y")
    timeline = [
        event(0, EventType.OPENED, because("received"), now=pushed),
        event(1, EventType.REFUSED, reason, now={"state": "refused", "item": "P03"}),
    ]
    answer = of(timeline, with_tables(**{"policy.off_list": "refuse"}))
    assert (answer["version"], answer["gate"]["passes"], answer["gate"]["pushed_by"]) == ("v1", False, "parks")
    item = answer["gate"]["list"]["item"]
    assert (item["row"], item["verdict"], item["life"], item["level"]) == ("P03", "refuse", "active", None)


def test_who_was_admitted_was_held_by_the_list_of_that_day() -> None:
    """The list took it in later; it was not on it when the task came."""
    policy = {"policy.off_list": "approve", "policy.approver": "street-chief"}
    old, new = with_tables(**policy), with_tables(**policy, **{"items.P03.verdict": "handle"})
    pushed = {**OPENED, "item": "P03", "pushed_by": "parks"}
    timeline = [
        event(0, EventType.OPENED, because("received"), now=pushed),
        event(
            1, EventType.ADMISSION_REQUESTED, because("needs_admission", department="x", item="y", person="z"), now={}
        ),
        event(2, EventType.ADMITTED, because("admitted", by="z"), now={"admitted": True}),
        event(3, EventType.DISPATCHED, by_rule().model_copy(update={"version": "v2"}), now={"item": "P01"}),
    ]
    found = explain_events(timeline, {"v1": old, "v2": new}.get, example()[0])
    assert found is not None
    assert found.why.gate is not None
    assert (found.version, found.why.gate.admitted) == ("v2", True)
    assert found.why.gate.listed.item is not None
    assert found.why.gate.listed.item.verdict == "refuse"


def test_departments_that_a_whistle_called() -> None:
    timeline = [
        event(0, EventType.OPENED, because("received"), now=OPENED),
        event(1, EventType.DISPATCHED, by_rule(hour=9), now={"item": "P01", "dispatched_ms": NOW}),
        event(
            2,
            EventType.WHISTLED,
            because("whistled", by="甲", item="乙", departments="丙"),
            facts={"departments": ["housing"]},
        ),
    ]
    whistled = of(timeline, example()[1])["joint"]["called"][-1]
    assert (whistled["department"], whistled["called"]) == ("housing", True)
    assert whistled["whistle"]["zh"].startswith("甲吹哨")


def test_rows_of_a_case_by_the_files_of_its_version(tmp_path: Path) -> None:
    write_rulebook(with_tables(), tmp_path, Form.CSV, Language.ZH)
    found = explain_events([event(1, EventType.DISPATCHED, by_rule(hour=9))], only(with_tables()))
    assert found is not None
    where = Where(read_rulebook(tmp_path))
    assert "依据           routing.csv 第 11 行 parks" in as_lines(found, Language.ZH, "UTC", where), "titles are row 1"


def test_every_clock_has_its_word() -> None:
    for language in Language:
        assert catalogue("review", language).under("explain.clock.").keys() == {each.value for each in Deadline}
