"""What figures add up over cases, as SQL, and the table that keeps these sums. Pure.

The table `figures` is written by the same sums as those that are read case by case, in the transaction of the cases.
"""

from typing import Final

from schemas.case import State

PERIOD: Final = 26
"""Sums are kept for the cases submitted in each 2 ** 26 ms, 18.6 hours."""
BUCKET: Final = 21
"""Times to resolution are counted in buckets of 2 ** 21 ms, half an hour."""
NO_TIME: Final = 1 << 42
"""The bucket in `figures` of cases without a time that counts."""
MOST_HOPS: Final = 1
COUNTED: Final = f"state <> '{State.MOVED}' AND duty IS NULL"
"""The cases that figures are about; duties have their own."""
SUMS: Final = {
    "opened": "count(*)",
    "merged": "count(master)",
    "closed": f"sum(state = '{State.CLOSED}' AND master IS NULL)",
    "refused": f"sum(state = '{State.REFUSED}' AND master IS NULL)",
    "rework": "sum(reworks > 0 AND master IS NULL)",
    "above_one_hop": f"sum(hops > {MOST_HOPS} AND master IS NULL)",
    "self_handled": "sum(self_handled AND master IS NULL)",
    "judged": "sum(timed AND due_ms IS NOT NULL AND on_time IS NOT NULL)",
    "on_time": "sum(timed AND due_ms IS NOT NULL AND on_time)",
    "took_ms": "sum(took_ms)",
    "verifying_ms": "sum(CASE WHEN took_ms IS NOT NULL THEN verifying_ms END)",
    **{name: f"sum({name})" for name in ("responded", "solved", "satisfied")},
    **{f"{name}_judged": f"count({name})" for name in ("responded", "solved", "satisfied")},
}
SUMMED: Final = (
    "kind", "raised", "category", "reworks", "hops", "self_handled", "timed", "due_ms", "on_time", "took_ms",
    "verifying_ms", "responded", "solved", "satisfied", "master", "duty",
)  # fmt: skip
"""Columns of a case that can change what it adds, apart from its state."""
TELLING: Final = frozenset({State.CLOSED, State.REFUSED, State.MOVED})
"""States that sums tell from the others."""
KEPT: Final = ("raised", "category")
"""By what sums are kept. Places have too few cases in a period each: their sums would be as many as the cases."""
KEY: Final = ("dimension", "period", "kind", "code", "bucket")
TABLE: Final = f"""
CREATE TABLE figures (
    dimension TEXT NOT NULL,
    period INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code NOT NULL,
    bucket INTEGER NOT NULL,
    {" ".join(f"{name} INTEGER NOT NULL," for name in SUMS)}
    PRIMARY KEY ({", ".join(KEY)})
) WITHOUT ROWID;
"""


def kept(by: str, times: str = "1", cases: str = "1") -> str:
    """The rows of `figures` by one of `KEPT`, each sum `times` so much, of those `cases` (a condition)."""
    sums = ", ".join(f"{times} * coalesce({each}, 0)" for each in SUMS.values())
    return (
        f"SELECT '{by}', submitted_ms >> {PERIOD}, kind, {by}, coalesce(took_ms >> {BUCKET}, {NO_TIME}), {sums}"  # noqa: S608 - only our own names
        f" FROM cases WHERE {COUNTED} AND {cases} GROUP BY 2, 3, 4, 5"
    )


_ADD: Final = ", ".join(f"{name} = {name} + excluded.{name}" for name in SUMS)
MOVES: Final = tuple(
    f"INSERT INTO figures {kept(by, times=':times', cases='id IN (SELECT value FROM json_each(:ids))')}"  # noqa: S608 - only our own names
    f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {_ADD}"
    for by in KEPT
)
"""Statements that add what some cases (`ids`, a JSON array) are in the file to the sums: `times` 1, or -1."""
KEPT_SUMS: Final = f"SELECT {', '.join([*KEY, *SUMS])} FROM figures WHERE opened <> 0 ORDER BY 1, 2, 3, 4, 5"  # noqa: S608
