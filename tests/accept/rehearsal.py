"""A rulebook by complaint type and neighbourhood, a draft with one changed row, and who it moves, found by hand."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.accept.running import Running

TEAMS = ("team-a", "team-b", "team-c", "team-d")
PARTS = 4
"""So many neighbourhoods share a row."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The draft, and the one row in which it differs: its id, category and grids."""

    draft: Path
    row: str
    category: str
    grids: frozenset[str]


def write_rules(region: Path, folder: Path, file: Path) -> Rehearsal:
    """Give a region's folder such a rulebook for the complaints of `file`; the draft goes into `folder`."""
    with file.open(encoding="utf-8", newline="") as lines:
        types = [name for name, _ in Counter(row["complaint_type"] for row in csv.DictReader(lines)).most_common()]
    grids = [feature["id"] for feature in json.loads((region / "grids.geojson").read_text())["features"]]
    size = -(-len(grids) // PARTS)
    rows: list[dict[str, Any]] = [
        {
            "id": f"r{kind}-{part}",
            "priority": 100,
            "when": {"category": name, "grid": grids[part * size : (part + 1) * size]},
            "then": {"assign": TEAMS[(kind + part) % len(TEAMS)]},
        }
        for kind, name in enumerate(types)
        for part in range(-(-len(grids) // size))
    ]
    book = yaml.safe_load((region / "rulebook.yaml").read_text(encoding="utf-8"))
    book["categories"] = [{"id": name, "name": {"zh": name, "en": name}} for name in types] + book["categories"][-1:]
    inputs = ["category", "grid"]
    book["routing"] = {"name": "routing", "hit_policy": "P", "inputs": inputs, "rows": rows} | {
        "default": {"assign": "grid_head"}
    }
    _write(region, book)
    with (region / "people.csv").open("a", encoding="utf-8") as people:
        people.writelines(f"{team},{team},,patroller,,,\n" for team in TEAMS)
    changed = deepcopy(book)
    row = changed["routing"]["rows"][1]
    row["then"]["assign"] = TEAMS[(TEAMS.index(row["then"]["assign"]) + 1) % len(TEAMS)]
    _write(folder, changed)
    return Rehearsal(folder, row["id"], row["when"]["category"], frozenset(row["when"]["grid"]))


def _write(folder: Path, book: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rulebook.yaml").write_text(yaml.safe_dump(book, allow_unicode=True, sort_keys=False), encoding="utf-8")


def check_rehearsal(system: Running, rehearsal: Rehearsal) -> int:
    """`backtest` lists exactly the cases of that row, and `explain` names it; how many there were."""
    expected = moved_by_hand(system.events(), rehearsal)
    answer = system.answer("rules", "backtest", str(rehearsal.draft))
    found = {each["report"]: each["case"] for each in answer["changed"]}
    assert found.keys() == expected, f"{len(found.keys() ^ expected)} cases are in one list only"
    assert expected, "the changed row decided nothing"
    for number in sorted(found.values())[:3]:
        explained = system.answer("rules", "explain", number)
        assert explained["row"] == rehearsal.row, f"{number} is explained by {explained['row']}"
    return len(expected)


def moved_by_hand(events: Iterable[Sequence[bytes]], rehearsal: Rehearsal) -> set[str]:
    """Reports of that category in those grids that were dispatched, read from the events as JSON."""
    opened: dict[str, dict[str, Any]] = {}
    moved: set[str] = set()
    for value in (value for partition in events for value in partition):
        event = json.loads(value)
        if event["type"] == "opened":
            opened[event["case"]] = event["now"]
        elif event["type"] == "dispatched":
            now = opened[event["case"]]
            grid = now.get("place", {}).get("grid")  # a past may have no place
            if now["category"] == rehearsal.category and grid in rehearsal.grids:
                moved.add(now["report"])
    return moved
