"""Metrics of calls by a whistle computed call by call from the cases themselves, with nothing of the ledger's.

A case is its fields as in `schemas.case.Case`, as plain JSON; a call is one of its `assists`. Times are ms.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

Fields = Mapping[str, Any]
SCORES: Final = ("cooperation", "professionalism", "responsibility")


def call_sets_of(case: Fields, call: Fields, at_ms: int) -> set[str]:
    """The sets that a call by a whistle is in."""
    due, done = call["due"].get("attend"), call["done"].get("attend")
    free = case["state"] in {"refused", "merged"} or case.get("master") is not None
    free = free or case.get("outcome") == "withdrawn"
    over = due is not None and due < at_ms and not free
    facts = {
        "report_in_due": due is not None and (done is not None or "attend" in call["missed"] or over),
        "reported_in": due is not None and done is not None and done <= due,
        "report_in_rated": call["scores"] is not None,
    }
    return {"called"} | {name for name, holds in facts.items() if holds}


def call_figures_of(calls: Iterable[tuple[str, Fields, set[str]]]) -> dict[str, tuple[float | None, int, int]]:
    """By metric its value, of how many calls, and for how many cases; calls come with their case and their sets."""
    known = list(calls)

    def among(name: str) -> tuple[int, int]:
        found = [number for number, _, sets in known if name in sets]
        return len(found), len(set(found))

    due, due_cases = among("report_in_due")
    found: dict[str, tuple[float | None, int, int]] = {
        "called": (len(known), *among("called")),
        "report_in_rate": (among("reported_in")[0] / due if due else None, due, due_cases),
    }
    rated = [call["scores"] for _, call, sets in known if "report_in_rated" in sets]
    for name in SCORES:
        mean = sum(each[name] for each in rated) / len(rated) if rated else None
        found[name] = (mean, *among("report_in_rated"))
    return found
