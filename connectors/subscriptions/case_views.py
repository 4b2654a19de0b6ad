"""The facts of a case that go out, from the case as the log has it; pure. Reasons: docs/adr/0033 and 0035."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from connectors.ledger.fold import kind_of
from connectors.ledger.service_requests import OPEN_KINDS
from schemas.case import State
from schemas.case_facts import CaseFacts, FactsPlace
from schemas.order import Written
from schemas.report import ReportKind

_SAME: Final = (
    "state", "category", "subcategory", "department", "dispatched_ms", "due_ms", "resolved_ms", "closed_ms", "outcome",
    "master",
)  # fmt: skip
_PLACE: Final = tuple(FactsPlace.model_fields)
BY_REPORTER: Final = "report"
"""The role of the words that a reporter sent first."""


def is_public(case: Mapping[str, Any]) -> bool:
    """Whether it concerns a place and not a person or the house itself, as in the lists of Open311."""
    return kind_of(dict(case)) in OPEN_KINDS and not case.get("pushed_by") and case["state"] != State.MOVED


def facts_of(case: Mapping[str, Any], written: Iterable[Written] = ()) -> CaseFacts:
    """The facts of a case; `written` are its texts, of which the reporter's own go along."""
    fields = {name: case[name] for name in _SAME if name in case}
    place = case.get("place")
    fields["place"] = None if place is None else {name: place[name] for name in _PLACE if name in place}
    fields.setdefault("category", "")
    return CaseFacts.model_validate(
        fields
        | {
            "case": case["number"],
            "seq": case.get("seq", 0),
            "kind": case.get("kind", ReportKind.PROBLEM),
            "submitted_ms": case.get("submitted_ms", 0),
            "written": [each for each in written if each.role == BY_REPORTER],
        }
    )
