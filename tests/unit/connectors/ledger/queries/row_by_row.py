"""The figures of success counted case by case in Python: slow, and what the sums of SQLite must agree with."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schemas.days import days_between
from schemas.names import Name
from schemas.remit import Remit

Row = dict[str, Any]


def row_by_row(
    file: Path,
    by: str,
    from_ms: int | None,
    to_ms: int | None,
    zone: str,
    at_ms: int,
    kind: str | None,
    names: Mapping[str, Name],
    within: Remit,
) -> dict[tuple[str, str], Row]:
    """By kind and key, everything that a line of figures says but its name (Chinese names)."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    groups: defaultdict[tuple[str, str], list[sqlite3.Row]] = defaultdict(list)
    samples: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    place = ZoneInfo(zone)
    for row in connection.execute("SELECT * FROM cases"):
        inside = (from_ms is None or row["submitted_ms"] >= from_ms) and (to_ms is None or row["submitted_ms"] < to_ms)
        if row["state"] == "moved" or row["duty"] is not None or not inside or not _has(within, row):
            continue
        key = _key(row, by, place, names)
        if kind in {None, row["kind"]}:
            groups[row["kind"], key].append(row)
        if row["sample"] is not None and kind in {None, "self_handled"}:
            samples["self_handled", key].append(row["sample"])
    connection.close()
    return {key: _line(groups[key], samples[key], place, at_ms) for key in {*groups, *samples}}


def _has(within: Remit, row: sqlite3.Row) -> bool:
    proposed = row["proposes"] is not None and row["grid"] in within.lists
    return within.has_grid(row["grid"]) or row["department"] in within.departments or proposed


def _key(row: sqlite3.Row, by: str, place: ZoneInfo, names: Mapping[str, Name]) -> str:
    if by == "month":
        return datetime.fromtimestamp(row["submitted_ms"] / 1000, place).strftime("%Y-%m")
    code, label = str(row[by] if row[by] is not None else ""), row["department_name"] if by == "department" else None
    ours = names.get(code)
    return label if label and not (ours and label in (ours.zh, ours.en)) else code


def _line(rows: list[sqlite3.Row], samples: list[str], place: ZoneInfo, at_ms: int) -> Row:
    own = [row for row in rows if row["master"] is None]
    solved = [
        row
        for row in own
        if not row["self_handled"] and row["resolved_ms"] is not None and row["state"] in ("resolved", "closed")
        and row["outcome"] != "withdrawn"
    ]  # fmt: skip
    judged = [row["on_time"] for row in solved if row["due_ms"] is not None and row["on_time"] is not None]
    timed = [row for row in solved if not row["by_day"]]
    times = sorted(row["resolved_ms"] - row["submitted_ms"] for row in timed)
    days = sorted(days_between(row["submitted_ms"], row["resolved_ms"], place) for row in solved if row["by_day"])
    return {
        "opened": len(rows),
        "merged": len(rows) - len(own),
        "self_handled": sum(row["self_handled"] for row in own),
        "rework": sum(row["reworks"] > 0 for row in own),
        "above_one_hop": sum(row["hops"] > 1 for row in own),
        **{state: sum(row["state"] == state for row in own) for state in ("closed", "refused")},
        "open_late": sum(_late(row, at_ms) for row in own),
        "on_time": sum(judged),
        "late": len(judged) - sum(judged),
        **{
            f"{name}_rate": _mean([row[column] for row in own if row[column] is not None], 4)
            for name, column in (("response", "responded"), ("resolution", "solved"), ("satisfaction", "satisfied"))
        },
        "sampled": len(samples),
        "inspected": sum(each in {"passed", "failed"} for each in samples),
        "passed": samples.count("passed"),
        "failed": samples.count("failed"),
        "mean_s": _mean(times, 3, 1000),
        "p50_s": _rank(times, 0.5, 1000),
        "p90_s": _rank(times, 0.9, 1000),
        "mean_verifying_s": _mean([row["verifying_ms"] for row in timed], 3, 1000),
        "by_day": len(days),
        "mean_days": _mean(days, 3),
        "p50_days": _rank(days, 0.5),
        "p90_days": _rank(days, 0.9),
    }


def _late(row: sqlite3.Row, at_ms: int) -> bool:
    until = at_ms if row["suspended_ms"] is None else min(at_ms, row["suspended_ms"])
    return bool(row["open"] and row["state"] != "resolved" and row["due_ms"] is not None and row["due_ms"] < until)


def _mean(values: list[int], digits: int, per: int = 1) -> float | None:
    return round(sum(values) / len(values) / per, digits) if values else None


def _rank(ascending: list[int], share: float, per: int = 1) -> float | None:
    if not ascending:
        return None
    at = share * (len(ascending) - 1)
    low, high = next((pair for n, pair in enumerate(pairwise(ascending)) if n == int(at)), (ascending[-1],) * 2)
    return round((low + (high - low) * (at - int(at))) / per, 3)
