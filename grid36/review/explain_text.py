"""Prints an explanation for people, in one language, with row numbers of the files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from grid36.files.rulebook.titles import LISTS
from grid36.review.explain import Explained
from grid36.review.source_positions import Where
from rules.book.labels import URGENT_NAMES
from rules.review.explaining.filing import HOW_NAMES, Filed
from rules.review.explaining.lists import LIFE_NAMES, VERDICT_NAMES, Listed
from rules.review.explaining.rows import Met, Ruling, Won
from rules.review.explaining.terms import Called, Said
from schemas.case import UrgentBy
from schemas.names import Language, Name
from schemas.place_words import elsewhere_words
from texts.catalogue import catalogue, say

_WIDE: Final = 15
Line = tuple[str, str]


def as_lines(explained: Explained, language: Language, zone: str, where: Where | None = None) -> list[str]:
    """One language, the sentence for the citizen in both; `where` are the files that the rulebook stands in."""
    parts = _Lines(explained, language, where)
    lines = [line for part in (parts.decision, parts.lists, parts.limits, parts.joint) for line in part()]
    lines += parts.end(zone)
    return [_padded(say(language, f"review.explain.head.{head}") if head else "") + text for head, text in lines]


@dataclass(frozen=True, slots=True)
class _Lines:
    """One explanation, by parts: what each line is about, and its text."""

    explained: Explained
    language: Language
    where: Where | None

    def decision(self) -> Iterator[Line]:
        explained, because = self.explained, self.explained.why.because
        yield from (("sentence", because.zh), ("", because.en))
        if explained.place is not None and (differ := elsewhere_words(explained.place)) is not None:
            yield "place", f"{explained.place.label}; {self._in(differ)}"
        if (filed := explained.filed) is not None:
            yield "filed", self._filed(filed)
        if (version := explained.version or because.version) is not None:
            yield "version", version[:8] + (self._say("gone") if explained.version is None else "")
        if (routing := explained.why.routing) is not None:
            note = f"（{routing.won[0].note}）" if routing.won and routing.won[0].note else ""
            yield "row", self._outcome(routing) + note
            yield from _many("facts", [_fact(met) for met in routing.facts])
            yield from self._others(routing)

    def _filed(self, filed: Filed) -> str:
        text = " / ".join(filter(None, (filed.category, filed.subcategory)))
        if filed.how is not None:
            text += f" ← {self._in(HOW_NAMES[filed.how])}{_listed(filed.words)}"
        if filed.lost:
            others = ", ".join(f"{name}{_listed(words)}" for name, words in filed.lost.items())
            text += f"; {self._say('less')} {others}"
        if filed.urgent_by:
            by = ", ".join(
                self._in(URGENT_NAMES[UrgentBy(each)]) if each in URGENT_NAMES else each for each in filed.urgent_by
            )
            text += f"; {self._say('is_urgent')} ← {by}{_listed(filed.urgent_words)}"
        if filed.doubtful_words:
            text += f"; {self._say('doubtful')}{_listed(filed.doubtful_words)}"
        return text

    def _clock(self, name: str) -> str:
        """A clock; in English, and where it has no name, as files call it."""
        return catalogue("review", self.language).get(f"explain.clock.{name}", name.replace("_", "-"))

    def _say(self, key: str, **facts: object) -> str:
        return say(self.language, f"review.explain.{key}", **facts)

    def _in(self, name: Name) -> str:
        return name.to(self.language)

    def _others(self, ruling: Ruling) -> Iterator[Line]:
        for head, rows in (("lost", ruling.lost), ("near", ruling.near)):
            reasons = [f"{self._at(ruling.sheet, row.row, row.number)}: {self._in(row.why)}" for row in rows]
            yield from _many(head, reasons)

    def _outcome(self, ruling: Ruling) -> str:
        """What counted, for a title."""
        if ruling.won:
            return "; ".join(self._at(ruling.sheet, row.row, row.number) for row in ruling.won)
        if ruling.conflict:
            return self._say("conflict")
        return self._say("no_row" if ruling.default is None or ruling.sheet == "joint" else "by_default")

    def _at(self, sheet: str, row: str, number: int) -> str:
        """A row as a steward finds it: in its file, or else counted among the rows of its table."""
        if not number:
            return row
        place = self.where.row(sheet, number) if self.where else None
        label, line = (place.sheet, place.row) if place and place.row else (self._in(LISTS[sheet]), number)
        return self._say("at", sheet=label, line=line, row=row)

    def lists(self) -> Iterator[Line]:
        why = self.explained.why
        if (listed := why.listed) is not None:
            yield from self._item_lines("item", listed)
        if (gate := why.gate) is not None:
            yield "gate", f"{gate.pushed_by}: {self._in(gate.why)}"
            yield from self._item_lines("", gate.listed)

    def _item_lines(self, head: str, listed: Listed) -> Iterator[Line]:
        if (item := listed.item) is not None and listed.number is not None:
            yield head, f"{item.id} {self._in(item.name)} {item.basis}".rstrip()
            standing = f"{self._in(VERDICT_NAMES[item.verdict])}, {self._in(LIFE_NAMES[item.life])}"
            named = "" if listed.by is None else f" ← {self._in(listed.by)}"
            yield "", f"{self._at('items', item.id, listed.number)}: {standing}{named}"
        over = [f"{self._at('items', row.row, row.number)}: {self._in(row.why)}" for row in listed.passed_over]
        yield from _many("over", over)

    def limits(self) -> Iterator[Line]:
        yield from _many("said", [self._said_line(said) for said in self.explained.why.said])
        if (limits := self.explained.why.limits) is not None:
            yield from self._table_lines("limits", limits)

    def _said_line(self, said: Said) -> str:
        clock = self._clock(said.clock) if said.name is None else f"{said.clock} {self._in(said.name)}"
        if said.by is None:
            return f"{clock}: {self._say('nobody')}"
        row = self.explained.why.source(said)
        source = self._say("default") if row is None else self._at(*row)
        return f"{clock} {said.limit or self._say('not_needed')} ← {source}"

    def _table_lines(self, head: str, ruling: Ruling) -> Iterator[Line]:
        rows = [f"{self._at(ruling.sheet, row.row, row.number)}{_cells(row)}" for row in ruling.won]
        yield from _many(head, rows or [self._outcome(ruling)])
        yield from self._others(ruling)

    def joint(self) -> Iterator[Line]:
        why = self.explained.why
        called = [self._called_line(each) for each in why.called]
        called += [f"{code} ← {self._in(said)}" for code, said in self.explained.whistled]
        yield from _many("called", called)
        if why.joint is not None:
            yield from self._table_lines("joint", why.joint)

    def _called_line(self, called: Called) -> str:
        sources = [self._say("dual")] if called.by_item else []
        sources += [self._at("joint", row.row, row.number) for row in called.rows]
        leads = self._say("leads") if called.leads else ""
        return f"{called.department} ← {'; '.join(sources)}{leads}"

    def end(self, zone: str) -> Iterator[Line]:
        now = self.explained.decided
        if now.get("assignee"):
            yield "who", f"{now['assignee']} {(now.get('department') or {}).get('code') or ''}".rstrip()
        yield from _many(
            "due", [f"{self._clock(name)} {_time(at, zone)}" for name, at in (now.get("deadlines") or {}).items()]
        )


def _listed(words: Sequence[str]) -> str:
    return f" “{'”, “'.join(words)}”" if words else ""


def _fact(met: Met) -> str:
    return f"{met.fact} = {'?' if met.value is None else met.value}   [{met.cell}]"


def _cells(row: Won) -> str:
    met = "; ".join(f"{each.fact} = {each.value} [{each.cell}]" for each in row.met if each.cell != "-")
    then = "; ".join(f"{name} = {_value(value)}" for name, value in row.then.items())
    return f": {met or '-'} → {then}" + (f"（{row.note}）" if row.note else "")


def _value(output: object) -> str:
    return ", ".join(map(str, output)) if isinstance(output, list) else str(output)


def _padded(head: str) -> str:
    """A Chinese character is as wide as two letters."""
    return head + " " * (_WIDE - len(head) - sum(not c.isascii() for c in head))


def _many(head: str, texts: Sequence[str]) -> list[Line]:
    return [(head if i == 0 else "", text) for i, text in enumerate(texts)]


def _time(at_ms: int, zone: str) -> str:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
