"""What was found out of a file, and what did not come in, by reason with the first rows: in words and as JSON."""

from collections.abc import Iterable
from typing import Any, Final

from grid36.replay.plan import ReplayPlan, ReplayTally
from schemas.names import Language

_SEPARATORS: Final = {
    ",": ("逗号", "comma"),
    ";": ("分号", "semicolon"),
    "\t": ("制表符", "tab"),
    "|": ("竖线", "pipe"),
}
_ORDERS: Final = {"lat_lon": ("纬度在前", "latitude first"), "lon_lat": ("经度在前", "longitude first")}


def found(plan: ReplayPlan, language: Language) -> dict[str, Any]:
    """The answer for programs; keys are words of the mapping where there are such."""
    source = plan.source
    return {
        "file": source.path.name,
        "encoding": source.encoding,
        "separator": source.separator,
        "order": source.known.order,
        "days": sorted(source.known.days),
        "rows": plan.rows,
        "unused": source.unused,
        "left_out": [_tally(each, language) for each in _by_count(plan.left_out.values())],
        "parked": [_tally(each, language) for each in _by_count(plan.faults.values())],
    }


def _by_count(tallies: Iterable[ReplayTally]) -> list[ReplayTally]:
    return sorted(tallies, key=lambda each: (-each.count, each.rows))


def _tally(tally: ReplayTally, language: Language) -> dict[str, Any]:
    return {
        "field": tally.name or None,
        "column": tally.column,
        "code": tally.reason.code,
        "count": tally.count,
        "rows": tally.rows,
        "what": tally.reason.what(language),
        "remedy": tally.reason.remedy(language),
    }


def lines(answer: dict[str, Any], language: Language) -> list[str]:
    """The same for people: how it was read, the columns that are not used, what was left out, and what was parked."""
    zh = language is Language.ZH
    separator = _SEPARATORS.get(answer["separator"], (answer["separator"],) * 2)[not zh]
    told = [
        f"{answer['file']}：{answer['encoding']} 编码，{separator}分隔，{answer['rows']} 行"
        if zh
        else f"{answer['file']}: {answer['encoding']}, separated by {separator}, rows: {answer['rows']}"
    ]
    if answer["order"]:
        first = _ORDERS[answer["order"]][not zh]
        told.append(f"坐标{first}" if zh else f"Coordinates: {first}")
    for name in answer["days"]:
        told.append(
            f"{name}：全是零点，按日期处理，不计算小时"
            if zh
            else f"{name}: every time is midnight, so they count as days without an hour"
        )
    if answer["unused"]:
        names = ("、" if zh else ", ").join(answer["unused"])
        told.append(f"未使用的列：{names}" if zh else f"Columns not used: {names}")
    for key, words in (("left_out", ("缺少以下内容，其余照常接收", "Left out, while the rest of the row came in")),
                       ("parked", ("整行无法使用，已搁置", "Unusable rows, parked"))):  # fmt: skip
        if answer[key]:
            told.append(f"{words[not zh]}{'：' if zh else ':'}")
            told += [_line(each, zh=zh) for each in answer[key]]
    return told


def _line(each: dict[str, Any], *, zh: bool) -> str:
    rows = ("、" if zh else ", ").join(map(str, each["rows"])) + ("…" if each["count"] > len(each["rows"]) else "")
    if zh:
        return f"  “{each['column']}”列 {each['count']} 行（第 {rows} 行）：{each['what']}；{each['remedy']}"
    many = "row" if each["count"] == 1 else "rows"
    return f"  {each['column']}: {each['count']} {many} ({rows}): {each['what']}; {each['remedy']}"
