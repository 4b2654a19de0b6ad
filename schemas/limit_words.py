"""Limits in words, and how a deadline is composed: its limit, extensions, and stops of its clock."""

from schemas.case import Case
from schemas.limit import DAY_MS, HOUR_MS, MINUTE_MS, LimitUnit, parsed
from schemas.names import Name

_UNITS: dict[LimitUnit, tuple[str, str]] = {
    LimitUnit.MINUTES: ("分钟", "minute"),
    LimitUnit.HOURS: ("小时", "hour"),
    LimitUnit.DAYS: ("天", "day"),
    LimitUnit.URGENT_HOURS: ("紧急工作时", "urgent hour"),
    LimitUnit.URGENT_DAYS: ("紧急工作日", "urgent day"),
    LimitUnit.WORKING_HOURS: ("工作时", "working hour"),
    LimitUnit.WORKING_DAYS: ("工作日", "working day"),
}


def limit_name(limit: str) -> Name:
    """A limit such as `3d` in words."""
    amount, unit, _, _ = parsed(limit)
    if unit is LimitUnit.SAME_DAY:
        return Name(zh="当日", en="the same day")
    zh, en = _UNITS[unit]
    return Name(zh=f"{amount}{zh}", en=f"{amount} {en}{'' if amount == 1 else 's'}")


def due_words(case: Case) -> Name | None:
    """How the resolution deadline of a case is composed; None when it has none or another system set it."""
    limit = case.limits.resolve if case.limits else None
    if case.due_ms is None or limit is None:
        return None
    name = limit_name(limit)
    since = ("派遣", "dispatch") if case.urgent_ms is None else ("得知险情", "when danger was reported")
    zh, en = [f"自{since[0]}起{name.zh}"], [f"{name.en} from {since[1]}"]
    worked = case.clock is not None
    if case.granted_ms:
        more = _span(case.granted_ms, days=not worked)
        zh.append(f"准予延期{more.zh}" + ("（工作时间）" if worked else ""))
        en.append(f"{more.en} of {'working time ' if worked else ''}extension")
    stood_ms = sum(each.until_ms - each.from_ms for each in case.still)
    if stood_ms:
        stood = _span(stood_ms)
        zh.append(f"停计{stood.zh}" + ("（只计其中的工作时间）" if worked else ""))
        en.append(f"{stood.en} while the clock stood still{', as far as it was working time' if worked else ''}")
    return Name(zh="，另加".join(zh), en=", plus ".join(en))


def _span(ms: int, *, days: bool = True) -> Name:
    """A length of time in days, hours and minutes; of working time without days, as 24 hours of it are several."""
    sizes = ((DAY_MS, "天", "d"), (HOUR_MS, "小时", "h"), (MINUTE_MS, "分钟", "min"))[0 if days else 1 :]
    parts = []
    for size, zh, en in sizes:
        amount, ms = divmod(ms, size)
        if amount:
            parts.append((f"{amount}{zh}", f"{amount} {en}"))
    parts = parts or [("不到1分钟", "less than 1 min")]
    return Name(zh="".join(zh for zh, _ in parts), en=" ".join(en for _, en in parts))
