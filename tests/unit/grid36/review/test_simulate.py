"""A file of reports, decided without a system: the same as each of them alone, and every bad cell is named."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from grid36.cli.rules.explain import explain
from grid36.cli.rules.simulate import simulate
from grid36.review.simulate import SimulatedDecision, simulated
from grid36.review.simulation_rows import NoReports, WrongColumns, read_lines
from rules.book.compiled_rulebook import book_of
from tests.strategies.broken_books import example

HEAD = "text,category,address,lat,lon,code,at,kind,reporter_kind,attr_land\n"
GOOD = [
    "路面油污,,湖滨南路12号,,,,2026-11-20T09:00,,,\n",
    ",medical,,,,G003,2026-11-20T09:00+08:00,complaint,patroller,\n",
    ",tree,,,,G003,2026-11-20T09:00,,,forest\n",
    "what,,nowhere at all,,,,2026-11-20T09:00,,,\n",
]
BAD = [
    ("路面油污,,,24.4,,,,,,\n", "lon"),
    ("路面油污,,,north,118,,,,,\n", "lat"),
    ("路面油污,,,,,G003,yesterday,,,\n", "at"),
    ("路面油污,,,,,G003,,riot,,\n", "kind"),
    ("路面油污,,,,,G003,,,king,\n", "reporter_kind"),
    ("路面油污,,,,,%s,,,,\n" % ("x" * 101), "code"),
    ("%s,,,,,G003,,,,\n" % ("油" * 4_001), "text"),
    ("路面油污,,,,,G003,1640-01-01,,,\n", "at"),
    ("路面油污,,,,,G003,,,,%s\n" % ("x" * 61), "attr_land"),
]


def asked(path: Path, *more: str) -> tuple[int, str]:
    ran = CliRunner().invoke(simulate, [str(path), *more], env={"GRID36_LANG": "en"})
    return ran.exit_code, ran.stdout


def file(folder: Path, text: str) -> Path:
    path = folder / "reports.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_row_goes_where_it_would_go_alone(tmp_path: Path) -> None:
    code, out = asked(file(tmp_path, "\ufeff" + HEAD + "".join(GOOD)), "--json")
    answer = json.loads(out)
    assert (code, answer["bad"]) == (0, [])
    told = [(row["line"], row["outcome"], row["assignee"]) for row in answer["rows"]]
    assert told == [
        (2, "dispatched", "supervisor-01"),
        (3, "refused", None),
        (4, "refused", None),
        (5, "information_needed", None),
    ]
    alone = CliRunner().invoke(
        explain, ["--text", "路面油污", "--address", "湖滨南路12号", "--at", "2026-11-20T09:00", "--json"]
    )
    same = json.loads(alone.stdout)
    assert (same["sentence"]["zh"], same["row"]) == (answer["rows"][0]["zh"], answer["rows"][0]["row"])
    assert answer["counts"] == {"dispatched": 1, "refused": 2, "information_needed": 1}


def test_a_column_says_what_cannot_wait(tmp_path: Path) -> None:
    """Yes and no in both languages; anything else is a mistake."""
    rows = "".join(f"路灯不亮,G003,{word}\n" for word in ("是", "yes", "", "no", "maybe"))
    answer = json.loads(asked(file(tmp_path, "text,code,urgent\n" + rows), "--json")[1])
    assert [row["row"] for row in answer["rows"]] == ["dangerous-lamp", "dangerous-lamp", "lighting", "lighting"]
    assert [(bad["line"], bad["column"]) for bad in answer["bad"]] == [(6, "urgent")]


def test_every_bad_row_is_named_and_the_others_are_decided(tmp_path: Path) -> None:
    code, out = asked(file(tmp_path, HEAD + GOOD[0] + "".join(row for row, _ in BAD)), "--json")
    answer = json.loads(out)
    assert (code, len(answer["rows"])) == (1, 1)
    assert [(bad["line"], bad["column"]) for bad in answer["bad"]] == [
        (number, column) for number, (_, column) in enumerate(BAD, 3)
    ]
    lines = asked(file(tmp_path, HEAD + GOOD[0] + BAD[1][0]))[1].splitlines()
    assert "row 3, column lat: “north” it must be degrees, such as 118.08" in lines
    assert lines[-1] == "dispatched 1, unreadable 1"


def test_all_rows_come_back_as_a_file(tmp_path: Path) -> None:
    out = tmp_path / "decided.csv"
    assert asked(file(tmp_path, HEAD + GOOD[0] + BAD[0][0]), "--csv", str(out))[0] == 1
    with out.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["text"] for row in rows] == ["路面油污", "路面油污"]
    assert [row["-> outcome"] for row in rows] == ["dispatched", "unreadable"]
    assert rows[0]["-> assignee"] == "supervisor-01"


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongColumns, match="colour"):
        read_lines(file(tmp_path, "text,colour\nx,red\n"))
    for text in ("", "text\n" + "x" * 200_000):
        with pytest.raises((WrongColumns, NoReports)):
            read_lines(file(tmp_path, text))


def test_a_long_file_is_decided_row_by_row(tmp_path: Path) -> None:
    lines = read_lines(file(tmp_path, HEAD + "".join(GOOD) * 250))
    book = book_of(*example())
    assert sum(isinstance(result, SimulatedDecision) for result in simulated(lines, book, 0)) == 1_000


def test_each_row_says_its_category_its_deadlines_and_its_milestones(tmp_path: Path) -> None:
    """In the region's zone; the file may be saved by any spreadsheet program."""
    rows = "text;code;at\n水管爆裂;G003;2026-11-20T09:00\n;G003;2026-11-20T09:00\n"
    path = tmp_path / "reports.csv"
    path.write_bytes(rows.encode("gb18030"))
    code, out = asked(path, "--json", "--csv", str(tmp_path / "out.csv"))
    burst, empty = json.loads(out)["rows"]
    assert code == 0
    assert (burst["category"], burst["words"]) == ("burst-pipe", ["水管"])
    assert burst["milestones"]["fence"] == "2026-11-20T12:00+08:00"
    assert list(burst["milestones"]) == ["fence", "repair", "restore"]
    assert burst["accept_at"] < burst["due_at"]
    assert (empty["outcome"], empty["due_at"], empty["milestones"]) == ("information_needed", None, {})
    assert json.loads(out)["matcher"] == "IndexMatcher"
    shown = asked(path)[1]
    assert "burst-pipe" in shown
    assert "fence 2026-11-20T12:00+08:00" in shown
    written = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "fence 2026-11-20T12:00+08:00; repair" in written


def test_a_file_that_cannot_be_read_says_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_bytes("text,code\nStraße,G003\n".encode("latin-1"))
    with pytest.raises(NoReports, match="CSV UTF-8"):
        read_lines(path)
