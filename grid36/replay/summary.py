"""The summary of a file: how it was read, and what was not imported, by reason; in words and as JSON."""

from collections.abc import Iterable
from typing import Any, Final

from grid36.replay.plan import ReplayPlan, ReplayTally
from schemas.names import Language
from texts.catalogue import say

_SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


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
    named = _SEPARATORS.get(answer["separator"])
    separator = say(language, f"replay.separator.{named}") if named else answer["separator"]
    read = {name: answer[name] for name in ("file", "encoding", "rows")}
    found = [say(language, "replay.summary.read", **read, separator=separator)]
    if answer["order"]:
        found.append(say(language, f"replay.summary.order.{answer['order']}"))
    found += [say(language, "replay.summary.days", column=name) for name in answer["days"]]
    if answer["unused"]:
        found.append(
            say(language, "replay.summary.unused", columns=say(language, "replay.between").join(answer["unused"]))
        )
    for name, key in (("left_out", "replay.summary.left_out"), ("parked", "replay.summary.parked")):
        if answer[name]:
            found.append(say(language, key))
            found += [_line(each, language) for each in answer[name]]
    return found


def listed(parts: Iterable[str], language: Language) -> str:
    """Parts of a sentence with commas of its language between them."""
    return say(language, "replay.comma").join(parts)


def _line(each: dict[str, Any], language: Language) -> str:
    shown = say(language, "replay.between").join(map(str, each["rows"])) + "…" * (each["count"] > len(each["rows"]))
    facts = {name: each[name] for name in ("column", "what", "remedy")}
    return say(language, "replay.summary.line", n=each["count"], rows=shown, **facts)
