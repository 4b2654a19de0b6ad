"""How often our rules would have chosen the department that the source chose (a history with `--decide`)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connectors.ledger.address import LedgerAddress
from connectors.ledger.queries.cases import Ledger
from grid36.replay.plan import Fact, ReplayPlan
from schemas.case import Case
from schemas.command import RecordWhat
from schemas.names import Language
from schemas.report import Department
from texts.catalogue import say


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cases of one source department that one row of ours routed alike; `ours` is a state where nobody has them."""

    source: str
    ours: str
    row: str
    agrees: bool
    cases: int


def agreements(plan: ReplayPlan, ledger: LedgerAddress, end: int | None = None) -> list[Agreement]:
    """The table, most cases first, read from the ledger when the replay has caught up. Blocks: call it in a thread."""
    book = Ledger(ledger)
    try:
        return compare((department, book.case_of_report(report)) for report, department in _chosen(plan, end))
    finally:
        book.close()


def _chosen(plan: ReplayPlan, end: int | None) -> Iterator[tuple[str, Department]]:
    for place in range(len(plan) if end is None else end):
        match plan[place]:
            case Fact(what=RecordWhat.OPENED, row=row) if row.department is not None:
                yield row.report, row.department


def compare(pairs: Iterable[tuple[Department, Case | None]]) -> list[Agreement]:
    """Count pairs of what the source chose and what became of the case."""
    counts: Counter[tuple[str, str, str, bool]] = Counter()
    for source, case in pairs:
        ours = case.department if case else None
        row = (case.row if case else None) or ""
        name = f"{ours.code} {ours.name}" if ours else (case.state.value if case else "")
        counts[f"{source.code} {source.name}", name, row, ours is not None and ours.code == source.code] += 1
    return [Agreement(*key, cases) for key, cases in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def agreement_lines(rows: list[Agreement], language: Language) -> list[str]:
    """The table as text, its last line the share that agrees."""
    heads = tuple(say(language, f"replay.agreement.{head}") for head in ("source", "ours", "row", "cases", "same"))
    cells = [(r.source, r.ours, r.row or "-", str(r.cases), "=" if r.agrees else "≠") for r in rows]
    widths = [max(len(line[i]) for line in (heads, *cells)) for i in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (heads, *cells)
    ]
    total, same = sum(r.cases for r in rows), sum(r.cases for r in rows if r.agrees)
    share = f" ({same / total:.1%})" if total else ""
    return [*lines, say(language, "replay.agreement.share", same=same, n=total) + share]
