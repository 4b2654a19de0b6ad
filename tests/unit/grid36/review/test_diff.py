"""`grid36 rules diff` of two folders; `active` needs a system and is tried in the acceptance tests."""

import json
from itertools import pairwise
from pathlib import Path

import yaml
from click.testing import CliRunner

from grid36.cli.rules.diff import diff as command
from grid36.review.diff import as_answer, as_lines
from rules.review.ownership_diff import OwnershipChange, Responsible
from schemas.names import Language
from tests.strategies.broken_books import EXAMPLE, patched


def draft(folder: Path) -> str:
    """The example with the trees' row for the heads of grids."""
    content = yaml.safe_load((EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8"))
    patch = {"set": {"routing.rows.parks.then.assign": "grid_head"}, "remove": ["routing.rows.food"]}
    text = yaml.safe_dump(patched(content, patch), allow_unicode=True)
    (folder / "rulebook.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def test_two_folders_for_people_and_programs(tmp_path: Path) -> None:
    words = [str(EXAMPLE), draft(tmp_path), "--region", str(EXAMPLE)]
    ran = CliRunner().invoke(command, words, env={"GRID36_LANG": "en"})
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("changed  routing 18 parks  then: ")
    assert lines[1] == "removed  routing 23 food"
    assert any(line.startswith("tree: officer-parks parks → head-01 parks  × ") for line in lines)
    assert lines[-1].startswith("0 added, 1 removed, 1 changed; ")
    answer = json.loads(CliRunner().invoke(command, [*words, "--json"]).stdout)
    assert {hand["category"] for hand in answer["hands"]} == {"tree", "green-area"}, "food is refused all the same"
    assert sum(hand["count"] for hand in answer["hands"]) == answer["places"]


def test_very_many_changes_are_listed_for_programs_only() -> None:
    who = [Responsible(f"p{i}", "d", None, False) for i in range(151)]
    moved = [OwnershipChange("tree", before, after, ("G1",), ()) for before, after in pairwise(who)]
    lines = as_lines((), moved, Language.EN)
    assert len(lines) == 102
    assert lines[-2] == "… 50 more groups (--json)"
    assert as_lines((), moved, Language.ZH)[-2] == "… 另有 50 组（--json）"


def test_an_old_rulebook_that_is_not_there(tmp_path: Path) -> None:
    ran = CliRunner(env={"GRID36_LANG": "en"}).invoke(command, [str(tmp_path / "gone"), str(EXAMPLE)])
    assert ran.exit_code == 2
    assert "or `active`" in ran.output


def test_only_another_person_is_a_change_of_hands() -> None:
    """A department or an item that changes under the same person is said, and counted apart."""
    moved = [
        OwnershipChange(
            "tree", Responsible("a", "d", "I1", False), Responsible("b", "d", "I1", False), ("G1", "G2"), ()
        ),
        OwnershipChange("tree", Responsible("a", "d", "I1", False), Responsible("a", "e", "I2", False), ("G3",), ()),
        OwnershipChange("tree", Responsible("a", "d", "I1", False), Responsible(None, None, "I1", False), ("G4",), ()),
    ]
    answer = as_answer((), moved)
    assert answer["places"] == 3
    assert [hand["places"] for hand in answer["hands"]] == [["G1", "G2"], ["G4"]]
    assert [hand["places"] for hand in answer["same_person"]] == [["G3"]]
    last = as_lines((), moved, Language.EN)[-1]
    assert last.endswith("3 places × categories change hands; 1 keeps its person, with another department or item")
