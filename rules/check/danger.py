"""Checks that no row for urgent cases in the limits table gives a category more time than it has otherwise."""

from collections.abc import Iterator

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import problem
from schemas.items import Limits, Verdict
from schemas.limit import is_limit, longer, spelled
from schemas.limit_words import limit_name
from schemas.report import Urgency
from schemas.rulebook import Category
from schemas.table import ANY, Row, Table

_URGENT = Urgency.URGENT.value


def danger(known: References) -> Iterator[Problem]:
    """For each such row the first category to which it gives more time."""
    table = known.rulebook.limits
    if table is None:
        return
    for number, row in enumerate(table.rows, 1):
        if row.cell("urgency").one_of == (_URGENT,):
            yield from _slower(number, row, table, known)


def _slower(number: int, row: Row, table: Table, known: References) -> Iterator[Problem]:
    earlier = [each for each in table.rows if each.priority < row.priority]
    for category in known.rulebook.categories:
        if not row.cell("category").meets(category.id) or any(_takes(each, category) for each in earlier):
            continue
        own = _own(category, known)
        for clock, limit in own.items():
            given = spelled(row.then.get(clock))
            if is_limit(given) and longer(str(given), limit):
                facts = {"category": category.id, "a": limit_name(str(given)), "b": limit_name(limit)}
                yield problem("urgent_is_slower", table.name, (number,), clock, **facts)
                return


def _takes(row: Row, category: Category) -> bool:
    """Whether an earlier row gets all urgent cases of a category."""
    others = [cell for name, cell in row.when.items() if name not in {"category", "urgency"}]
    wanted = row.cell("category").meets(category.id) and row.cell("urgency").meets(_URGENT)
    return wanted and all(cell == ANY for cell in others)


def _own(category: Category, known: References) -> dict[str, str]:
    """The limits without the table; none if the list refuses the category."""
    item = known.item(category.item)
    if item is not None and item.verdict is Verdict.REFUSE:
        return {}
    sources = [each for each in (item.limits if item else None, category.limits) if each]
    limits_by_clock = {
        clock: [limit for each in sources if (limit := getattr(each, clock))] for clock in Limits.model_fields
    }
    return {clock: limits[0] for clock, limits in limits_by_clock.items() if limits}
