"""What `grid36 case` says of things that somebody should look at."""

import re
from typing import Any

import pytest

from grid36.cli.names import SpokenNames
from grid36.cli.recurrence.remedies import _show
from grid36.cli.rules.propose import _show_proposals
from grid36.cli.terminal.case_text import show_case
from grid36.cli.terminal.figure_tables import show_report_ins
from schemas.case import Alert
from schemas.names import Language
from tests.worlds.doors import region, rulebook
from texts.catalogue import catalogue

SHANGHAI = SpokenNames(region(), rulebook(), Language.EN)
UTC = SpokenNames(region().model_copy(update={"zone": "UTC"}), rulebook(), Language.EN)
HERE, THERE, OTHER = (f"350203006-G00{n}-2611-00001" for n in (1, 2, 3))


def test_every_alert_has_its_words() -> None:
    for language in Language:
        assert catalogue("command", language).under("alert.").keys() == {alert.value for alert in Alert}


def test_doubtful_photos_hops_and_near_neighbours_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With the command that joins two cases, ready to be copied."""
    act = f"grid36 act {THERE} merge --to {HERE} --by PERSON"
    answer = {
        "case": {"number": HERE, "state": "dispatched", "submitted_ms": 0, "hops": 2, "alerts": ["hops", "same_photo"]},
        "timeline": [],
        "words": [],
        "possible_duplicates": [
            {"case": THERE, "state": "dispatched", "place": "晨光街1号", "metres": 11.1, "act": act},
            {"case": OTHER, "state": "resolved", "place": "晨光街9号"},
        ],
        "reused_photos": [{"photo": "a" * 64, "case": OTHER, "first_ms": 1_795_000_000_000}],
    }
    show_case(answer, SHANGHAI)
    told = capsys.readouterr().out
    assert told.count("look at this") == 3
    assert "changed hands more than once" in told
    assert f"its after-photo was used for {OTHER} at 2026-11-18 19:06:40" in told
    assert f"{THERE}  晨光街1号  11.1 m away" in told
    assert act in told
    assert f"{OTHER}  晨光街9号  on the same segment" in told


def test_what_it_is_and_who_calls_it_urgent(capsys: pytest.CaptureFixture[str]) -> None:
    case = {"number": "n", "state": "dispatched", "category": "manhole", "subcategory": "open", "urgent_by": ["words"]}
    show_case({"case": case, "timeline": [], "words": []}, UTC)
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["subcategory", "open"] in told
    assert ["urgent", "by", "words"] in told


def test_called_departments_are_told_with_their_steps(capsys: pytest.CaptureFixture[str]) -> None:
    hour = 3_600_000
    assist = {
        "department": {"code": "water", "name": "供水公司"}, "due": {"sign": 0, "attend": 2 * hour},
        "done": {"sign": hour}, "missed": ["sign"],
        "scores": {"cooperation": 4, "professionalism": 3, "responsibility": 3},
    }  # fmt: skip
    case = {"number": HERE, "state": "dispatched", "submitted_ms": 0, "assists": [assist]}
    show_case({"case": case, "timeline": [], "words": []}, UTC)
    line = "供水公司 (water): sign reached 1970-01-01 01:00:00 missed, attend by 1970-01-01 02:00:00; 4 3 3"
    assert line in capsys.readouterr().out


def test_report_ins_stand_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"name": "供水公司", "called": 3, "due": 2, "on_time": 1, "rate": 0.5, "not_rated": 1}
    row |= {"cooperation": 3.5, "professionalism": None, "responsibility": 3.0}
    show_report_ins({"rows": [row], "total": row | {"name": ""}}, Language.EN)
    head, line, total = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "called", "due", "on_time", "rate", "cooperation", "professionalism", "responsibility", "not_rated", "name",
    ]  # fmt: skip
    assert line.split() == ["3", "2", "1", "50%", "3.5", "-", "3.0", "1", "供水公司"]
    assert total.endswith("  all")


def test_proposals_are_told_with_what_they_change_and_who_decided(capsys: pytest.CaptureFixture[str]) -> None:
    event = {"t_ms": 0, "type": "list_change_denied", "by": "list-steward", "why": "no"}
    changes = {"verdict": {"from": "refuse", "to": "handle"}, "assists": {"from": None, "to": ["a", "b"]}}
    one = {"case": HERE, "approved": False, "item": "P03", "name": "Felling", "by": "head-01"}
    _show_proposals({"proposals": [one | {"changes": changes, "history": [event]}]}, UTC)
    told = capsys.readouterr().out
    assert f"{HERE}  denied  P03 Felling  by head-01" in told
    assert "Verdict: not handled at this level → handled at this level" in told
    assert "Assist: - → a, b" in told
    assert "1970-01-01 00:00  List change denied" in told
    _show_proposals({"proposals": []}, UTC)
    assert "No proposals" in capsys.readouterr().out


def test_places_that_differ_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    other = {"by": "address", "label": "橘灯路45号", "grid": "G007", "segment": "JDL-2", "metres": 620}
    place = {"grid": "G001", "label": "湖滨南路", "by": "coordinates", "elsewhere": [other]}
    case = {"number": HERE, "state": "dispatched", "place": place}
    show_case({"case": case, "timeline": [], "words": []}, UTC)
    assert "the position counts; the address says “橘灯路45号”, 620 m away" in capsys.readouterr().out


def test_what_a_deadline_is_made_of(capsys: pytest.CaptureFixture[str]) -> None:
    made = {"zh": "自派遣起3工作日", "en": "3 working days from dispatch"}
    show_case(
        {"case": {"number": HERE, "state": "dispatched", "due_made_of": made}, "timeline": [], "words": []},
        UTC,
    )
    assert "counted as     3 working days from dispatch\n" in capsys.readouterr().out


@pytest.mark.parametrize(("zone", "days"), [("Asia/Shanghai", 1), ("UTC", 0)])
def test_no_minutes_are_told_of_a_case_that_is_known_by_day(
    capsys: pytest.CaptureFixture[str], zone: str, days: int
) -> None:
    hour = 3_600_000
    case = {"number": "n", "state": "closed", "submitted_ms": 12 * hour, "resolved_ms": 20 * hour, "by_day": True}
    show_case(
        {"case": case, "timeline": [], "words": []},
        SpokenNames(region().model_copy(update={"zone": zone}), rulebook(), Language.EN),
    )
    (told,) = [line for line in capsys.readouterr().out.splitlines() if "time to resolution" in line]
    assert f"{days} d; the source gives no hours" in told
    assert "min" not in told


def test_a_case_is_told_in_one_language() -> None:
    """What stands in an answer is Chinese in the one catalogue and English in the other."""
    for group in ("label.", "answer.", "alert."):
        for zh in catalogue("command", Language.ZH).under(group).values():
            assert re.search(r"[一-鿿]", zh)
        for en in catalogue("command", Language.EN).under(group).values():
            assert not re.search(r"[一-鿿]", en)


def test_labels_stand_in_one_column_also_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    made = {"zh": "自派遣起3工作日", "en": "3 working days from dispatch"}
    case = {"number": HERE, "state": "dispatched", "assignee": "owner-1", "due_made_of": made}
    show_case({"case": case, "timeline": [], "words": []}, SpokenNames(region(), rulebook(), Language.ZH))
    head, *rows = capsys.readouterr().out.splitlines()
    assert "已派遣" in head
    assert rows == ["  责任人         owner-1", "  时限构成       自派遣起3工作日"]


def test_events_categories_and_departments_have_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    """In the language spoken; what the region does not know stays as it is."""
    case = {"number": HERE, "state": "dispatched", "category": "litter", "department": {"code": "x", "name": "某部门"}}
    event = {"t_ms": 0, "type": "dispatched", "by": "system"}
    for language, words in ((Language.EN, ("Litter", "Dispatched", "System")), (Language.ZH, ("垃圾", "派遣", "系统"))):
        names = SpokenNames(region(), rulebook(), language)
        show_case({"case": case, "timeline": [event], "words": []}, names)
        told = capsys.readouterr().out
        assert [word for word in (*words, "某部门") if word not in told] == []
        assert "litter" not in told
    change = {"name": {"from": None, "to": {"zh": "树", "en": "Trees"}}, "dual": {"from": False, "to": True}}
    one: dict[str, Any] = {
        "case": HERE,
        "approved": None,
        "item": "P03",
        "by": "head-01",
        "changes": change,
        "history": [],
    }
    _show_proposals({"proposals": [one | {"changes": change}]}, SpokenNames(region(), rulebook(), Language.ZH))
    told = capsys.readouterr().out
    assert "名称: - → 树" in told
    assert "双向派单: 否 → 是" in told


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "2025-11-01 – 2025-11-30: 9 cases then, 1 now"),
        (Language.ZH, "2025-11-01 – 2025-11-30：提出时9件，现在1件"),
    ],
)
def test_standing_remedies_are_told_with_their_cases(
    capsys: pytest.CaptureFixture[str], language: Language, said: str
) -> None:
    """Days are those of the region, both included."""
    one = {"case": HERE, "state": "dispatched", "segment": "S1", "category": "litter", "count": 9, "cases": [THERE]}
    span = {"from_ms": 1_761_926_400_000, "until_ms": 1_764_518_400_000}
    names = SpokenNames(region(), rulebook(), language)
    _show({"remedies": [one | span | {"assignee": "boss"}]}, names)
    told = capsys.readouterr().out
    assert said in told
    assert told.split()[0] == HERE
    assert {Language.EN: "Litter", Language.ZH: "垃圾"}[language] in told
    _show({"remedies": []}, names)
    assert capsys.readouterr().out.strip()
