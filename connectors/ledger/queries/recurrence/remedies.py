"""Standing remedies: which there are, what each collects, and which one a case belongs to."""

from collections.abc import Sequence
from typing import Final

from connectors.ledger.fold import kind_of
from connectors.ledger.queries.case_lists import CaseFilters, case_query
from connectors.ledger.queries.cases import Ledger
from schemas.case import Case, State
from schemas.remedy import Remedy
from schemas.remit import WHOLE, Remit

MOST: Final = 500
"""Remedies, and cases of one, that are looked at."""
NEVER_BEGUN: Final = frozenset({State.REFUSED, State.MOVED})
"""States of a proposed remedy that collects nothing."""


def remedies(
    ledger: Ledger, *, segment: str | None = None, category: str | None = None, within: Remit = WHOLE,
    open_only: bool = False, limit: int = MOST,
) -> list[Case]:  # fmt: skip
    """The parent cases of a part of the region, the newest first; refused ones, too."""
    return ledger.cases(
        remedies=True, segment=segment, category=category, within=within, open_only=open_only, limit=limit
    )


def current_remedies(ledger: Ledger, within: Remit = WHOLE) -> dict[tuple[str, str, str], Case]:
    """For each segment, category and kind the remedy that counts: an open one, however old, else the newest."""
    return by_spot([*remedies(ledger, within=within, open_only=True), *remedies(ledger, within=within)])


def by_spot(cases: Sequence[Case]) -> dict[tuple[str, str, str], Case]:
    """For each segment, category and kind the first of these that was not refused."""
    found: dict[tuple[str, str, str], Case] = {}
    for case in cases:
        if case.remedy is not None and case.state not in NEVER_BEGUN:
            found.setdefault((case.remedy.segment, case.remedy.category, case.remedy.kind), case)
    return found


def until_ms(parent: Case) -> int | None:
    """The end of the reports that it collects; None: as long as it is open."""
    return parent.closed_ms if parent.state is State.CLOSED else None


def collects(parent: Case, case: Case) -> bool:
    """Whether a remedy collects a case as it stands: of its segment, category and kind, reported while it counts."""
    remedy = parent.remedy
    if remedy is None or parent.state in NEVER_BEGUN or case.place is None or case.master is not None:
        return False
    if (case.place.segment, case.category) != (remedy.segment, remedy.category) or case.state is State.MOVED:
        return False
    told = {name: getattr(case, name) for name in ("change", "duty", "remedy", "self_handled", "kind")}
    if kind_of(told) != remedy.kind:
        return False
    end_ms = until_ms(parent)
    return remedy.from_ms <= case.submitted_ms and (end_ms is None or case.submitted_ms < end_ms)


def parents_of(ledger: Ledger, case: Case) -> list[Case]:
    """The remedies that collect a case, the newest first."""
    segment = case.place.segment if case.place else None
    if segment is None or case.remedy is not None:
        return []
    return [each for each in remedies(ledger, segment=segment, category=case.category) if collects(each, case)]


def collected_by(parent: Case, remedy: Remedy) -> CaseFilters:
    """The cases that a remedy collects, as filters of `Ledger.cases`."""
    return spot_cases(remedy.segment, remedy.category, remedy.kind, remedy.from_ms, until_ms(parent))


def spot_cases(segment: str, category: str, kind: str, from_ms: int, to_ms: int | None) -> CaseFilters:
    """Cases of a kind and category at a segment with `from_ms` ≤ submitted < `to_ms`, of merged ones the master."""
    return CaseFilters(segment=segment, category=category, kind=kind, from_ms=from_ms, to_ms=to_ms, own=True)


def numbers_of(ledger: Ledger, filters: CaseFilters, limit: int = MOST) -> list[str]:
    """The numbers of these cases, the newest first."""
    query = case_query(filters, "newest", limit=limit, what="number")
    return [row[0] for row in ledger.rows(query.sql, *query.values)]
