"""Inspections of samples of cases fixed on the spot 抽查."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

Sample = Literal["waiting", "passed", "failed", "missed"]
"""Missed: its time ran out, or somebody else disputed it before an inspector looked."""


class Sampled(TypedDict):
    """Of what was fixed on the spot: counted there only, also where the case is worked on after all."""

    sampled: int
    """Those for an inspector to check."""
    inspected: int
    """`passed` + `failed`: the other samples wait or were missed."""
    passed: int
    failed: int


def sample_of(doc: Mapping[str, Any]) -> Sample | None:
    """The result of a sampled case (plain JSON); None for one that was not sampled."""
    if not doc.get("sampled"):
        return None
    if doc.get("inspected") is not None:
        return "passed" if doc["inspected"] == "passed" else "failed"
    if not doc.get("self_handled"):
        return "missed"
    if doc.get("verified_by") == "inspector":  # early releases did not record the finding
        return "passed"
    return "missed" if doc.get("archived") else "waiting"


def counted(samples: Sequence[str]) -> Sampled:
    """The figures of so many samples."""
    passed, failed = samples.count("passed"), samples.count("failed")
    return {"sampled": len(samples), "inspected": passed + failed, "passed": passed, "failed": failed}
