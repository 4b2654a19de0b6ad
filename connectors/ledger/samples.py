"""Results of inspections of sampled cases that were fixed on the spot 抽查."""

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

Sample = Literal["waiting", "passed", "failed", "missed"]
"""Missed: its time ran out, or somebody disputed it before an inspection."""


class Sampled(TypedDict):
    """Samples of cases fixed on the spot; they count only there, even if the case is worked on later."""

    sampled: int
    """Cases sampled for an inspector to check."""
    inspected: int
    """`passed` + `failed`; the other samples are open or missed."""
    passed: int
    failed: int


def sample_of(doc: Mapping[str, Any]) -> Sample | None:
    """The result of a sampled case (plain JSON); None if it was not sampled."""
    if not doc.get("sampled"):
        return None
    if doc.get("inspected") is not None:
        return "passed" if doc["inspected"] == "passed" else "failed"
    if not doc.get("self_handled"):
        return "missed"
    if doc.get("verified_by") == "inspector":  # early releases did not record the result
        return "passed"
    return "missed" if doc.get("archived") else "waiting"


def counted(samples: Mapping[str, int]) -> Sampled:
    """The figures of so many samples, by result."""
    passed, failed = samples.get("passed", 0), samples.get("failed", 0)
    return {"sampled": sum(samples.values()), "inspected": passed + failed, "passed": passed, "failed": failed}
