"""`grid36 rules diff`: changes from one rulebook to another, and of ownership."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rules.book.compiled_rulebook import book_of
from rules.check.problem import Problem
from rules.review.ownership_diff import OwnershipChange, Responsible, ownership_changes
from rules.review.rulebook_diff import Changed, RulebookChange, compare
from schemas.names import Language
from schemas.region import Region
from schemas.rulebook import Rulebook
from texts.catalogue import say

MOST_SHOWN: Final = 8
"""Places of one change of hands that are listed for people; programs get all."""
MOST_LINES: Final = 100
"""Changes of hands that are listed for people, those of the most places first."""


def differences(
    region: Region, old: Rulebook, new: Rulebook, t_ms: int
) -> tuple[tuple[Changed, ...], list[OwnershipChange]]:
    """Rows and fields that differ, and changes of hands over the region's real places at `t_ms`."""
    return compare(old, new), ownership_changes(book_of(region, old), book_of(region, new), t_ms)


def as_answer(changes: tuple[Changed, ...], moved: list[OwnershipChange]) -> dict[str, Any]:
    """For `--json`."""
    return {
        "changes": [
            {
                "change": one.change.value,
                "sheet": one.sheet,
                "id": one.id,
                "row": one.row,
                "fields": [{"field": name, "before": before, "after": after} for name, before, after in one.fields],
            }
            for one in changes
        ],
        "hands": [_row(hand) for hand in moved if hand.moves],
        "places": _places(hand for hand in moved if hand.moves),
        "same_person": [_row(hand) for hand in moved if not hand.moves],
    }


def _row(hand: OwnershipChange) -> dict[str, Any]:
    return {
        "category": hand.category,
        "before": hand.before._asdict(),
        "after": hand.after._asdict(),
        "count": len(hand.places),
        "places": list(hand.places),
        "facts": dict(hand.situation),
    }


def _places(ownership_changes: Iterable[OwnershipChange]) -> int:
    return sum(len(hand.places) for hand in ownership_changes)


def as_lines(
    changes: tuple[Changed, ...], moved: list[OwnershipChange], language: Language, flight: Sequence[Problem] = ()
) -> list[str]:
    """For people; `flight`: what becomes of open cases."""
    lines = [line for one in changes for line in _change(one, language)]
    lines += [problem.say(language) for problem in flight]
    lines += [_hand(hand, language) for hand in sorted(moved, key=lambda hand: not hand.moves)[:MOST_LINES]]
    if len(moved) > MOST_LINES:
        more = len(moved) - MOST_LINES
        lines.append(say(language, "review.diff.more", n=more))
    counts = Counter(one.change for one in changes)
    shown = ", ".join(f"{counts[change]} {say(language, f'review.diff.change.{change}')}" for change in RulebookChange)
    total, kept = (_places(hand for hand in moved if hand.moves is moves) for moves in (True, False))
    many = say(language, "review.diff.change_hands", n=total)
    if kept:
        many += "; " + say(language, "review.diff.keep_person", n=kept)
    return [*lines, f"{shown}; {many}"]


def _change(one: Changed, language: Language) -> list[str]:
    row = "" if one.row is None else f" {one.row}"
    changes = ", ".join(f"{name}: {before} → {after}" for name, before, after in one.fields)
    return [
        f"{say(language, f'review.diff.change.{one.change}')}  {one.sheet}{row} {one.id}"
        + (f"  {changes}" if changes else "")
    ]


def _hand(hand: OwnershipChange, language: Language) -> str:
    places = ", ".join(hand.places[:MOST_SHOWN]) + (" …" if len(hand.places) > MOST_SHOWN else "")
    who = f"{_who(hand.before, language)} → {_who(hand.after, language)}"
    given = ", ".join(f"{name}={value}" for name, value in hand.situation)
    return f"{hand.category}: {who}  × {len(hand.places)}: {places}" + (f"  ({given})" if given else "")


def _who(who: Responsible, language: Language) -> str:
    if who.assignee is None:
        return f"{say(language, 'review.diff.refused')} {who.item or ''}".rstrip()
    fallback = say(language, "review.diff.fallback") if who.gap else ""
    return f"{who.assignee} {who.department or ''}".rstrip() + fallback
