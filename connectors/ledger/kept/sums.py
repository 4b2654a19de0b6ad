"""What figures add up over cases, as SQL, and the tables that keep these sums. Pure.

The tables are written by the same sums as those that are read case by case, in the transaction of the cases: what
some cases add before and after a batch is noted in `moved`, and the difference goes into the tables.
"""

from collections.abc import Iterable
from typing import Final

from connectors.ledger.kept.grains import GRAINS
from schemas.case import State

BUCKET: Final = 21
"""Times to resolution are counted in buckets of 2 ** 21 ms, half an hour."""
MOST_HOPS: Final = 1
COUNTED: Final = f"state <> '{State.MOVED}' AND duty IS NULL"
"""The cases that figures are about; duties have their own."""
_OWN: Final = "master IS NULL"
_JUDGED: Final = ("responded", "solved", "satisfied")
THOSE: Final = {
    "opened": "true",
    "merged": "master IS NOT NULL",
    "closed": f"state = '{State.CLOSED}' AND {_OWN}",
    "refused": f"state = '{State.REFUSED}' AND {_OWN}",
    "rework": f"reworks > 0 AND {_OWN}",
    "above_one_hop": f"hops > {MOST_HOPS} AND {_OWN}",
    "resolved": f"(timed = 1 OR reworks > 0) AND {_OWN}",
    "extended": f"extensions > 0 AND {_OWN}",
    "escalated": f"raised > 0 AND {_OWN}",
    "self_handled": f"self_handled = 1 AND {_OWN}",
    "judged": "timed = 1 AND due_ms IS NOT NULL AND on_time IS NOT NULL",
    "on_time": "timed = 1 AND due_ms IS NOT NULL AND on_time = 1",
    "took": "took_ms IS NOT NULL",
    **{name: f"{name} = 1" for name in _JUDGED},
    **{f"{name}_judged": f"{name} IS NOT NULL" for name in _JUDGED},
}
"""The cases that a sum counts, for the sums that count cases."""


def _ones(*names: str) -> dict[str, str]:
    return {name: f"CASE WHEN {THOSE[name]} THEN 1 ELSE 0 END" for name in names}


EACH: Final = {
    "opened": "1",
    **_ones("merged", "closed", "refused", "rework", "above_one_hop"),
    "hops": f"CASE WHEN {_OWN} THEN hops ELSE 0 END",
    **_ones("resolved", "extended", "escalated", "self_handled", "judged", "on_time", "took"),
    "took_ms": "coalesce(took_ms, 0)",
    "verifying_ms": "CASE WHEN took_ms IS NULL THEN 0 ELSE verifying_ms END",
    **{name: f"coalesce({name}, 0)" for name in _JUDGED},
    **_ones(*(f"{name}_judged" for name in _JUDGED)),
}
"""What one case adds to each sum."""
SUMS: Final = {name: f"sum({each})" for name, each in EACH.items()}
SUMMED: Final = (
    "kind", "raised", "category", "department", "department_name", "grid", "segment", "assignee", "reworks", "hops",
    "extensions", "self_handled", "timed", "due_ms", "on_time", "took_ms", "verifying_ms", "responded", "solved",
    "satisfied", "master", "duty",
)  # fmt: skip
"""Columns of a case that can change what it adds, apart from its state."""
TELLING: Final = frozenset({State.CLOSED, State.REFUSED, State.MOVED})
"""States that sums tell from the others."""
KEPT: Final = ("raised", "category", "department", "grid", "segment", "assignee")
"""By what sums are kept."""
KEY: Final = ("dimension", "grain", "period", "kind", "code", "label")
"""`code` is "" for cases that have none; `label` is what their source calls a department."""
_KEYS: Final = """
    dimension TEXT NOT NULL,
    grain TEXT NOT NULL,
    period INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    label TEXT NOT NULL,"""
TABLES: Final = f"""
CREATE TABLE figures ({_KEYS}
    {" ".join(f"{name} INTEGER NOT NULL," for name in SUMS)}
    PRIMARY KEY ({", ".join(KEY)})
) WITHOUT ROWID;
CREATE TABLE times ({_KEYS}
    bucket INTEGER NOT NULL,
    cases INTEGER NOT NULL,
    PRIMARY KEY ({", ".join(KEY)}, bucket)
) WITHOUT ROWID;
"""
MOVED: Final = f"""
CREATE TEMP TABLE moved (
    day INTEGER, kind TEXT, raised INTEGER, category TEXT, department TEXT, label TEXT, grid TEXT, segment TEXT,
    assignee TEXT, proposed INTEGER, bucket INTEGER, {", ".join(f"{name} INTEGER" for name in SUMS)}
);
"""
"""Of the connection that writes: what some cases add; empty between transactions."""


def code_of(by: str) -> str:
    """The column by which cases are grouped, as text."""
    return "CAST(raised AS TEXT)" if by == "raised" else by


def label(by: str, column: str) -> str:
    """The column with the name of a department at its source; nothing but departments has one."""
    return f"coalesce({column}, '')" if by == "department" else "''"


NOTE: Final = f"""
INSERT INTO moved
SELECT day, kind, raised, category, coalesce(department, ''), coalesce(department_name, ''),
    coalesce(grid, ''), coalesce(segment, ''), coalesce(assignee, ''), CASE WHEN proposes IS NULL THEN 0 ELSE 1 END,
    took_ms >> {BUCKET},
    {", ".join(f":times * ({each})" for each in EACH.values())}
FROM cases WHERE {COUNTED} AND id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))
"""  # noqa: S608 - only our own names
"""Notes what some cases (`ids`, a JSON array) are in the file: `times` 1, or -1."""


def added(table: str, key: Iterable[str], names: Iterable[str]) -> str:
    """The end of an insert into a table with a row for each `key`: what it has is added to."""
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in names)
    return f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sums}"


def _move(by: str) -> tuple[str, str]:
    """Statements that add what was noted to the sums, and to the times, by one of `KEPT`."""
    group = f"day, kind, {code_of(by)} AS code, {label(by, 'label')} AS label"
    grains = " UNION ALL ".join(f"SELECT '{grain}' AS grain, {per} AS per" for grain, per in GRAINS.items())
    place = f"'{by}', grain, day / per, kind, code, label"
    sums = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
    figures = (
        f"INSERT INTO figures SELECT {place}, {', '.join(f'sum({name})' for name in SUMS)}"  # noqa: S608
        f" FROM (SELECT {group}, {sums} FROM moved GROUP BY 1, 2, 3, 4) AS each_group, ({grains}) AS grains WHERE true"
        f" GROUP BY 2, 3, 4, 5, 6 {added('figures', KEY, SUMS)}"
    )
    times = (
        f"INSERT INTO times SELECT {place}, bucket, sum(cases)"  # noqa: S608
        f" FROM (SELECT {group}, bucket, sum(opened) AS cases FROM moved WHERE bucket IS NOT NULL"
        f" GROUP BY 1, 2, 3, 4, 5 HAVING sum(opened) <> 0) AS each_group, ({grains}) AS grains WHERE true"
        f" GROUP BY 2, 3, 4, 5, 6, 7 {added('times', (*KEY, 'bucket'), ('cases',))}"
    )
    return figures, times


MOVES: Final = tuple(statement for by in KEPT for statement in _move(by))
"""Statements that add what was noted."""
FORGET: Final = "DELETE FROM moved"
"""The statement that forgets the notes."""


def in_order(table: str, key: tuple[str, ...], values: tuple[str, ...], count: str) -> str:
    """The query for all rows, by their key; what counts nothing any more is left out."""
    order = ", ".join(str(n) for n in range(1, len(key) + 1))
    return f"SELECT {', '.join([*key, *values])} FROM {table} WHERE {count} <> 0 ORDER BY {order}"  # noqa: S608


KEPT_SUMS: Final = in_order("figures", KEY, tuple(SUMS), "opened")
KEPT_TIMES: Final = in_order("times", (*KEY, "bucket"), ("cases",), "cases")
