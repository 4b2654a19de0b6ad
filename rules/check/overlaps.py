"""Finds rows that match the same facts with different outputs, rows that never win, and rows behind others."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rules.check.boxes import Boxes, Rows, bits, rows_of
from rules.check.problem import Problem
from rules.check.said import listed, problem
from rules.check.sets import left_over
from schemas.table import Row

MOST_LISTED: Final = 100
"""How many conflicts of a table are listed; the rest is counted."""
_CODES: Final = {"U": "overlap_unique", "A": "overlap_any", "P": "overlap_priority", "F": "overlap_priority"}
_MOST_NOTES: Final = 20
_MOST_TOGETHER: Final = 60  # rows that are tried together on one row that they may hide
_PIECES: Final = 600


def overlaps(boxes: Boxes) -> Iterator[Problem]:
    """All problems of overlapping rows in one table."""
    policy = boxes.table.hit_policy
    meets = [boxes.meeting(box) for box in boxes.boxes]
    same = _Same(boxes)
    if policy in _CODES:
        yield from _conflicts(boxes, meets, same)
    if policy in {"F", "P"}:
        yield from _unreachable(boxes, meets)
        yield from _shadowed(boxes, meets, same)
    else:
        yield from _repeated(boxes)
    for i in range(len(boxes.rows)):
        if boxes.never(i):
            yield problem("never_matches", boxes.table.name, (boxes.numbers[i],))


@dataclass(frozen=True)
class _Same:
    """Which rows have the same outputs, and which the same priority."""

    outputs: list[Rows]
    priorities: list[Rows]

    def __init__(self, boxes: Boxes) -> None:
        object.__setattr__(self, "outputs", _alike([repr(sorted(row.then.items())) for row in boxes.rows]))
        object.__setattr__(self, "priorities", _alike([row.priority for row in boxes.rows]))


def _alike(keys: Sequence[str | int]) -> list[Rows]:
    groups: defaultdict[str | int, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        groups[key].append(i)
    sets = {key: rows_of(group) for key, group in groups.items()}
    return [sets[key] for key in keys]


def _conflicts(boxes: Boxes, meets: list[Rows], same: _Same) -> Iterator[Problem]:
    """Pairs that the hit policy forbids, each with facts that match both."""
    policy, code = boxes.table.hit_policy, _CODES[boxes.table.hit_policy]
    shown = more = 0
    for i in range(len(boxes.rows)):
        others = meets[i] >> (i + 1) << (i + 1)
        if policy != "U":
            others &= ~same.outputs[i]
        if policy in {"F", "P"}:
            others &= same.priorities[i]
        if shown >= MOST_LISTED:
            more += others.bit_count()
            continue
        for j in bits(others):
            if shown >= MOST_LISTED:
                more += 1
            elif (example := boxes.both(i, j)) is not None:
                shown += 1
                first, second = sorted((boxes.numbers[i], boxes.numbers[j]))
                a, b = (boxes.table.rows[number - 1].id for number in (first, second))
                yield problem(code, boxes.table.name, (first, second), None, example, a=a, b=b)
    if more:
        yield problem("more_overlaps", boxes.table.name, count=more)


def _unreachable(boxes: Boxes, meets: list[Rows]) -> Iterator[Problem]:
    for i, box in enumerate(boxes.boxes):
        earlier = meets[i] & ((1 << i) - 1)
        if not earlier or boxes.never(i):
            continue
        winners = _hiding(boxes, i, earlier)
        if winners:
            rows = (boxes.numbers[i], *(boxes.numbers[j] for j in winners))
            shown, example = listed(boxes.rows[j].id for j in winners), boxes.example(box)
            yield problem("unreachable_row", boxes.table.name, rows, None, example, winners=shown)


def _hiding(boxes: Boxes, i: int, earlier: Rows) -> list[int]:
    """Earlier rows, one or several together, that match everything row `i` matches; empty: it can win."""
    box = boxes.boxes[i]
    if (alone := next((j for j in boxes.holding(box) if j < i), None)) is not None:
        return [alone]
    if earlier.bit_count() > _MOST_TOGETHER:
        return []
    together = [j for j in bits(earlier) if boxes.both(i, j) is not None]
    left = left_over(box, (boxes.boxes[j] for j in together), _PIECES)
    return together if left == [] else []


def _shadowed(boxes: Boxes, meets: list[Rows], same: _Same) -> Iterator[Problem]:
    """A note for each row that wins over rows with other outputs; if there are many, only their number."""
    notes = 0
    for i in range(len(boxes.rows)):
        later = (meets[i] >> (i + 1) << (i + 1)) & ~same.outputs[i] & ~same.priorities[i]
        others = [j for j in islice(bits(later), MOST_LISTED) if boxes.both(i, j) is not None]
        notes += bool(others)
        if others and notes <= _MOST_NOTES:
            rows = (boxes.numbers[i], *sorted(boxes.numbers[j] for j in others))
            example = boxes.both(i, others[0]) or ()
            facts = {"winner": boxes.rows[i].id, "others": listed(boxes.rows[j].id for j in others)}
            yield problem("shadowed_rows", boxes.table.name, rows, None, example, **facts)
    if notes > _MOST_NOTES:
        yield problem("more_shadowed", boxes.table.name, count=notes - _MOST_NOTES)


def _repeated(boxes: Boxes) -> Iterator[Problem]:
    """Rows with equal conditions and outputs; under U they are a conflict already."""
    if boxes.table.hit_policy == "U":
        return
    first: dict[str, int] = {}
    for row, number in zip(boxes.table.rows, range(1, len(boxes.table.rows) + 1), strict=True):
        other = first.setdefault(_said(row), number)
        if other != number:
            yield problem("repeated_row", boxes.table.name, (other, number), other=boxes.table.rows[other - 1].id)


def _said(row: Row) -> str:
    """The row without its id, priority and note, whatever the order of its cells."""
    cells = {name: cell for name, cell in row.when.items() if not cell.is_any}
    return repr((sorted((name, repr(cell)) for name, cell in cells.items()), sorted(row.then.items())))
