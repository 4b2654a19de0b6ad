"""Names that open cases use, to check a change of the list or the region."""

from collections import defaultdict

from connectors.ledger.queries.cases import Ledger

_QUERY = (
    "SELECT number, category, json_extract(doc, '$.subcategory'), assignee, executor,"
    " json_extract(doc, '$.accountable'), department, called"
    " FROM cases CROSS JOIN docs USING (id) WHERE open = 1 OR (state = 'merged' AND archived = 0)"
)
"""Includes merged cases: a split makes them open again."""


def in_use(ledger: Ledger) -> dict[str, dict[str, list[str]]]:
    """`category` (subcategories too), `person`, `department`, to id, to the numbers of cases in flight that name it.

    Raises `LedgerAway`.
    """
    found: dict[str, defaultdict[str, list[str]]] = {
        kind: defaultdict(list) for kind in ("category", "person", "department")
    }
    for number, category, part, assignee, executor, accountable, department, called in ledger.rows(_QUERY):
        named = {
            "category": {category, part},
            "person": {assignee, executor, accountable},
            "department": {department, *(called or "").split()},
        }
        for kind, names in named.items():
            for name in names - {None, ""}:
                found[kind][name].append(number)
    return {kind: dict(names) for kind, names in found.items()}
