"""Limits in words, and how a deadline is composed: its limit, extensions, and stops of its clock."""

from typing import Final

from schemas.case import Case
from schemas.limit import DAY_MS, HOUR_MS, MINUTE_MS, LimitUnit, parsed
from schemas.names import Name

_SIZES: Final = (("days", DAY_MS), ("hours", HOUR_MS), ("minutes", MINUTE_MS))


def limit_name(limit: str) -> Name:
    """A limit such as `3d` in words."""
    amount, unit, _, _ = parsed(limit)
    return Name.of("words.limit.same_day") if unit is LimitUnit.SAME_DAY else Name.of(_key(unit), n=amount)


def _key(unit: LimitUnit) -> str:
    return f"words.limit.{unit.name.lower()}"


def due_words(case: Case) -> Name | None:
    """How the resolution deadline of a case is composed; None when it has none or another system set it."""
    limit = case.limits.resolve if case.limits else None
    if case.due_ms is None or limit is None:
        return None
    since = "words.due.from_dispatch" if case.urgent_ms is None else "words.due.from_danger"
    parts = [Name.of(since, limit=limit_name(limit))]
    worked = case.clock is not None
    if case.granted_ms:
        key = "words.due.extension_working" if worked else "words.due.extension"
        parts.append(Name.of(key, span=_span(case.granted_ms, days=not worked)))
    stood_ms = sum(each.until_ms - each.from_ms for each in case.still)
    if stood_ms:
        key = "words.due.still_working" if worked else "words.due.still"
        parts.append(Name.of(key, span=_span(stood_ms)))
    return Name.joined("，", ", ", parts)


def _span(ms: int, *, days: bool = True) -> Name:
    """A length of time in days, hours and minutes; of working time without days, as 24 hours of it are several."""
    parts = []
    for unit, size in _SIZES[0 if days else 1 :]:
        amount, ms = divmod(ms, size)
        if amount:
            parts.append(Name.of(f"words.span.{unit}", amount=amount))
    return Name.joined("", " ", parts or [Name.of("words.span.shorter")])
