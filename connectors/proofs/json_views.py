"""A partner's day as plain JSON, for the API and for commands."""

from typing import Any

from connectors.proofs.accounts import DayProof, WayProof


def day_json(proof: DayProof) -> dict[str, Any]:
    """A day: whether it is closed, its verdict, and each way."""
    ways = {way.value: way_json(each) for way, each in proof.ways.items()}
    return {"day": proof.day.isoformat(), "closed": proof.closed, "verdict": proof.verdict.value} | ways


def way_json(proof: WayProof) -> dict[str, Any]:
    """Both accounts of one way; what is not known is left out."""
    answer: dict[str, Any] = {"verdict": proof.verdict.value, "ours": proof.ours.model_dump()}
    if proof.theirs is not None:
        answer["theirs"] = proof.theirs.model_dump()
    if proof.found is not None:
        kinds = proof.found.kinds().items()
        answer["differences"] = {kind: [entry._asdict() for entry in entries] for kind, entries in kinds}
    return answer
