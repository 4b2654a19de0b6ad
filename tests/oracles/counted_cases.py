"""Metrics of statistics computed case by case from the cases themselves: slow, plain, and with nothing of the ledger's.

A case is its fields as in `schemas.case.Case`, as plain JSON. Times are ms, figures as the catalogue states them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from schemas.days import days_between

Fields = Mapping[str, Any]
OVER: Final = {"closed", "refused", "merged", "moved"}
RATES: Final = {
    "on_time_rate": ("on_time", "due"),
    "response_rate": ("responded", "responded_judged"),
    "resolution_rate": ("solved", "solved_judged"),
    "satisfaction_rate": ("satisfied", "satisfied_judged"),
    "rework_rate": ("rework", "resolved"),
    "extension_rate": ("extended", "own"),
}
COUNTS: Final = ("opened", "closed", "resolved", "open_late", "above_one_hop", "escalated", "merged", "refused")


def kind_of(case: Fields) -> str:
    """What statistics never add up."""
    if case.get("remedy") is not None:
        return "remedy"
    if case.get("self_handled"):
        return "self_handled"
    if case.get("history") and case.get("place") is None and case.get("dispatched_ms") is not None:
        return "without_place"
    return str(case["kind"])


def sets_of(case: Fields, at_ms: int) -> set[str]:
    """The sets that a case is in."""
    if case.get("master") is not None:
        return {"opened", "merged"}
    get, found, state = case.get, {"opened", "own"}, case["state"]
    timed = state in {"resolved", "closed"} and get("resolved_ms") is not None
    timed = timed and not get("self_handled") and get("outcome") != "withdrawn"
    stops = at_ms if get("suspended_ms") is None else min(at_ms, case["suspended_ms"])
    late = state not in OVER | {"resolved"} and get("due_ms") is not None and case["due_ms"] < stops
    judged = timed and get("due_ms") is not None and get("on_time") is not None
    reached = False if "respond" in get("missed", ()) else True if get("contacted_ms") is not None else None
    rated = get("rating")
    answered = get("verified_by") == "reporter" or rated is not None
    facts = {
        "refused": state == "refused", "closed": state == "closed", "resolved": timed or get("reworks", 0) > 0,
        "timed": timed and not get("by_day"), "by_day": timed and get("by_day"), "open_late": late,
        "due": judged or late, "on_time": judged and get("on_time"), "rework": get("reworks", 0) > 0,
        "extended": get("extensions", 0) > 0, "escalated": get("raised", 0) > 0, "above_one_hop": get("hops", 0) > 1,
        "responded_judged": reached is not None, "responded": reached, "solved_judged": answered,
        "solved": answered and state == "closed" and get("outcome") in {"fixed", "handled_by_another"},
        "satisfied_judged": rated is not None, "satisfied": rated == "satisfied",
    }  # fmt: skip
    return found | {name for name, holds in facts.items() if holds}


def figures_of(cases: Iterable[Fields], at_ms: int, zone: ZoneInfo) -> dict[str, float | None]:
    """Every metric of the catalogue by its key."""
    known = [(case, sets_of(case, at_ms)) for case in cases]

    def among(name: str) -> list[Fields]:
        return [case for case, sets in known if name in sets]

    found: dict[str, float | None] = {name: len(among(name)) for name in COUNTS}
    for name, (part, whole) in RATES.items():
        found[name] = len(among(part)) / len(among(whole)) if among(whole) else None
    times = sorted((case["resolved_ms"] - case["submitted_ms"]) / 1000 for case in among("timed"))
    found |= {"mean_s": _mean(times), "p50_s": _rank(times, 0.5), "p90_s": _rank(times, 0.9)}
    found["mean_verifying_s"] = _mean([case.get("verifying_ms", 0) / 1000 for case in among("timed")])
    by_day = among("by_day")
    found["mean_days"] = _mean([days_between(each["submitted_ms"], each["resolved_ms"], zone) for each in by_day])
    found["mean_hops"] = _mean([case.get("hops", 0) for case in among("own")])
    return found


def _mean(numbers: list[float] | list[int]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def _rank(ascending: list[float], share: float) -> float | None:
    """Linear between the two nearest of the numbers."""
    if not ascending:
        return None
    at = share * (len(ascending) - 1)
    low = ascending[int(at)]
    high = ascending[min(int(at) + 1, len(ascending) - 1)]
    return low + (high - low) * (at - int(at))
