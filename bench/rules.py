"""A whole city's rulebook: load, check, decide, memory, and how a decision grows: `python -m bench.rules`.

2,000 items, 1,920 units, 11,520 road segments, 5,000 people, 10,000 routing rows. All of it in a process of its own,
whose memory is counted.
"""

import asyncio
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from bench.table import Row, markdown
from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from grid36.review.check import check_rulebook
from rules.book.compiled_rulebook import CompiledRulebook, book_of
from rules.check.problem import Severity
from rules.decision.draft import Draft
from rules.durable.matcher import DurableMatcher
from rules.review.dry_run import outcome, rehearse
from rules.review.explain import explain
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Question
from schemas.place import Coordinates, PlaceGiven
from schemas.report import Report, Reporter
from schemas.table import Facts, Table
from tests.generators.city import CELL, SOUTH, WEST, city

COLUMNS, ROWS = 48, 40
PEOPLE, ITEMS, CATEGORIES, TABLE = 5_000, 2_000, 400, 10_000
DEPARTMENTS = 40
NOW = 1_795_000_000_000


def write_region(folder: Path) -> None:
    """The files of a region, as its stewards would keep them."""
    region = city(COLUMNS, ROWS, roads_per_grid=6)
    owners = [f"p{i:04}" for i in range(PEOPLE - DEPARTMENTS)]
    people = [{"id": name, "name_zh": f"测试{name}", "roles": "segment_supervisor"} for name in owners]
    people += [
        {"id": f"desk-{i}", "name_zh": f"测试{i}", "roles": "department_officer", "department": f"d{i}"}
        for i in range(DEPARTMENTS)
    ]
    _table(folder / "people.csv", people)
    grids = [
        {"id": g.id, "name_zh": g.name.zh, "head": owners[i % 999], "ladder": owners[i % 97]}
        for i, g in enumerate(region.grids)
    ]
    _table(folder / "grids.csv", grids)
    _shapes(folder / "grids.geojson", "Polygon", ((g.id, {}, g.polygons[0]) for g in region.grids))
    units = ((f"U-{g.id}", {"grid": g.id, "name_zh": g.name.zh}, g.polygons[0]) for g in region.grids)
    _shapes(folder / "units.geojson", "Polygon", units)
    segments = [
        {"id": s.id, "road_zh": s.road.zh, "road_en": s.road.en, "grid": s.grid, "owner": owners[i % len(owners)]}
        for i, s in enumerate(region.segments)
    ]
    _table(folder / "segments.csv", segments)
    _shapes(folder / "segments.geojson", "LineString", ((s.id, {}, s.line) for s in region.segments))
    numbers = [{"segment": s.id, **r.model_dump(mode="json")} for s in region.segments for r in s.numbers]
    _table(folder / "addresses.csv", numbers)
    bodies = [{"code": f"d{i}", "name": {"zh": f"部门{i}"}, "kind": "department"} for i in range(DEPARTMENTS)]
    (folder / "organisations.yaml").write_text(json.dumps({"organisations": bodies}))
    head = {"code": "city", "name": {"zh": "试验城"}, "zone": "Asia/Shanghai", "gcj": True}
    (folder / "region.yaml").write_text(json.dumps({**head, "fallback_owner": "desk-0", "fallback_department": "d0"}))


def _table(file: Path, rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows(rows)


def _shapes(file: Path, kind: str, shapes: Any) -> None:
    features = [
        {"type": "Feature", "properties": {"id": id, **more}, "geometry": {"type": kind, "coordinates": points}}
        for id, more, points in shapes
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def rulebook(rows: int) -> dict[str, Any]:
    """A list, its categories, and a table of so many rows: most for a category in a grid, the rest for categories."""
    random = Random(rows)
    cells = Random(36).sample(range(CATEGORIES * COLUMNS * ROWS), TABLE)
    few = [_row(i, f"c{i}", {}, random, 30_000) for i in range(min(CATEGORIES, rows // 2))]
    grids = [f"G{n // ROWS:03}-{n % ROWS:03}" for n in range(COLUMNS * ROWS)]
    more = [
        _row(
            i,
            f"c{cells[i] % CATEGORIES}",
            {"grid": grids[cells[i] // CATEGORIES], **({"hour": {"ge": 7, "le": 19}} if i % 10 == 0 else {})},
            random,
            1 + i,
        )
        for i in range(len(few), rows)
    ]
    return {
        "name": "city",
        "default_category": "c0",
        "items": [
            {"id": f"i{i}", "name": {"zh": f"事项{i}"}, "verdict": "handle", "lead": f"d{i % DEPARTMENTS}"}
            for i in range(ITEMS)
        ],
        "categories": [
            {"id": f"c{i}", "name": {"zh": f"类别{i}"}, "words": [f"词{i:03}甲", f"词{i:03}乙"], "item": f"i{i}",
             "limits": {"accept": "1h", "respond": "4h", "resolve": "2d"}}
            for i in range(CATEGORIES)
        ],
        "routing": {
            "name": "routing", "hit_policy": "P", "inputs": ["category", "grid", "hour", "kind"],
            "rows": few + more, "default": {"assign": "grid_head"},
        },
    }  # fmt: skip


def _row(i: int, category: str, when: dict[str, Any], random: Random, priority: int) -> dict[str, Any]:
    then = {"assign": random.choice(["segment_owner", "grid_head"]), "department": f"d{random.randrange(DEPARTMENTS)}"}
    return {"id": f"r{i}", "priority": priority, "when": {"category": category, **when}, "then": then}


def reports(count: int) -> list[Report]:
    """Words and coordinates all over the city."""
    draw = Random(1)
    return [
        Report(
            id=f"r{i}",
            text=f"这里有词{draw.randrange(CATEGORIES):03}甲的问题",
            place=PlaceGiven(
                coordinates=Coordinates(
                    lon=WEST + draw.random() * COLUMNS * CELL, lat=SOUTH + draw.random() * ROWS * CELL
                )
            ),
            reporter=Reporter(id="a"),
            door="web",
            received_ms=NOW,
        )
        for i in range(count)
    ]


def p99_ms(decide: Callable[[Report], object], asked: list[Report]) -> float:
    """Of CPU, a report at a time."""
    for report in asked[: len(asked) // 10]:
        decide(report)
    spent = []
    for report in asked:
        began = time.process_time_ns()
        decide(report)
        spent.append((time.process_time_ns() - began) / 1e6)
    return statistics.quantiles(spent, n=100)[98]


def explained(book: CompiledRulebook, report: Report) -> Draft:
    """Located, admitted, routed, with deadlines and every reason."""
    return outcome(rehearse(report, book, NOW))


class _Prepared(IndexMatcher):
    """The engine asked before each single decision, as a worker with one command does."""

    def __init__(self, tables: tuple[Table, ...], engine: DurableMatcher, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(tables)
        self._engine, self._loop = engine, loop

    def matches(self, table: str, facts: Facts) -> tuple[str, ...]:
        question: Question = (table, facts)
        self._loop.run_until_complete(self._engine.prepare([question]))
        return self._engine.matches(table, facts)


def _cpu_s() -> float:
    """Of this process and of the children that ended."""
    return sum(os.times()[:4])


def alone(folder: Path, decisions: int) -> dict[str, float]:
    """Everything in this process."""
    found: dict[str, float] = {}
    (folder / "rulebook.yaml").write_text(json.dumps(rulebook(TABLE), ensure_ascii=False), encoding="utf-8")
    began_s, clock_s = _cpu_s(), time.monotonic()
    region, book = load_region(folder), load_rulebook(folder)
    found["load_s"] = _cpu_s() - began_s
    problems = asyncio.run(check_rulebook(region, book))
    found["load and check_s"], found["clock_s"] = _cpu_s() - began_s, time.monotonic() - clock_s
    found["errors"] = sum(problem.severity is Severity.ERROR for problem in problems)
    asked = reports(decisions)
    large = book_of(region, book)
    small = book_of(region, type(book).model_validate(rulebook(100)))
    for rows, one in ((100, small), (TABLE, large)):
        found[f"index {rows}_ms"] = p99_ms(partial(explained, one), asked)
        found[f"durable {rows}_ms"] = _by_engine(one, asked)
    reason, began_s = explained(large, asked[0]).because, time.process_time()
    assert reason is not None, "every decision has a reason"
    explain(reason, book)
    found["explain_ms"] = (time.process_time() - began_s) * 1000
    found["memory_mb"] = most_memory_mb()
    return found


def _by_engine(book: CompiledRulebook, asked: list[Report]) -> float:
    loop = asyncio.new_event_loop()
    engine = DurableMatcher(book.rulebook.tables)
    try:
        loop.run_until_complete(engine.started())
        matcher = _Prepared(book.rulebook.tables, engine, loop)
        by_engine = CompiledRulebook(book.region, book.rulebook, book.version, book.places, matcher)
        return p99_ms(partial(explained, by_engine), asked)
    finally:
        engine.close()
        loop.close()


def most_memory_mb() -> float:
    """The most that this process had. Not by `getrusage`: that begins with what its parent had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(decisions: int = 5_000) -> list[Row]:
    """The city, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as folder:
        write_region(Path(folder))
        command = [sys.executable, "-m", "bench.rules", folder, str(decisions)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    size = f"{ITEMS:,} items, {TABLE:,} rows"
    rows = [
        Row.plain(f"rules: load a city and its rulebook ({size}), CPU", found["load_s"], "s"),
        Row.at_most("rules: load and check it, CPU with the engine's", found["load and check_s"], 30, "s"),
        Row.plain("rules: load and check it, by the clock", found["clock_s"], "s"),
        Row.at_most("rules: errors in it", found["errors"], 0, "", 0),
        Row.at_most("rules: memory for all of it", found["memory_mb"], 400, "MB", 0),
    ]
    for matcher in ("index", "durable"):
        first, last = found[f"{matcher} 100_ms"], found[f"{matcher} {TABLE}_ms"]
        rows.append(Row.plain(f"rules: decision by {matcher}, 100 rows, p99 CPU", first, "ms", 2))
        rows.append(Row.at_most(f"rules: decision by {matcher}, {TABLE:,} rows, p99 CPU", last, 5, "ms", 2))
        rows.append(Row.at_most(f"rules: the same, growth from 100 rows ({matcher})", last / first, 3, "×"))
    rows.append(Row.plain("rules: rows that lost and near misses of one decision", found["explain_ms"], "ms"))
    return rows


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(alone(Path(sys.argv[1]), int(sys.argv[2]))))
    else:
        print(markdown(measure()))
