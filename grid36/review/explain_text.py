"""An explanation for people, in one language, with rows as their files count them."""

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
from schemas.case import Deadline, UrgentBy
from schemas.names import Language, Name
from schemas.place_words import elsewhere_words

_WIDE: Final = 15
_HEADS: Final = {
    "sentence": Name(zh="答复", en="sentence"),
    "row": Name(zh="依据", en="decided by"),
    "limits": Name(zh="时限表", en="limits table"),
    "joint": Name(zh="联合表", en="joint table"),
    "facts": Name(zh="事实", en="facts"),
    "lost": Name(zh="未胜出", en="lost"),
    "near": Name(zh="未命中", en="did not match"),
    "item": Name(zh="清单事项", en="list item"),
    "over": Name(zh="未采用", en="passed over"),
    "gate": Name(zh="准入", en="admission gate"),
    "said": Name(zh="时限依据", en="limits"),
    "called": Name(zh="协办", en="called in"),
    "who": Name(zh="责任人", en="assignee"),
    "due": Name(zh="时限", en="deadlines"),
    "filed": Name(zh="类别", en="category"),
    "place": Name(zh="地点", en="place"),
    "version": Name(zh="规则版本", en="version"),
}
Line = tuple[str, str]


def as_lines(explained: Explained, language: Language, zone: str, where: Where | None = None) -> list[str]:
    """One language, the sentence for the citizen in both; `where` are the files that the rulebook stands in."""
    told = _Lines(explained, language, where)
    lines = [line for part in (told.decision, told.lists, told.limits, told.joint) for line in part()]
    return [_padded(_HEADS[head].to(language) if head else "") + text for head, text in [*lines, *told.end(zone)]]


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
            yield "version", version[:8] + (self._in(_GONE) if explained.version is None else "")
        if (routing := explained.why.routing) is not None:
            note = f"（{routing.won[0].note}）" if routing.won and routing.won[0].note else ""
            yield "row", self._outcome(routing) + note
            yield from _many("facts", [_fact(met) for met in routing.facts])
            yield from self._others(routing)

    def _filed(self, filed: Filed) -> str:
        told = " / ".join(filter(None, (filed.category, filed.subcategory)))
        if filed.how is not None:
            told += f" ← {self._in(HOW_NAMES[filed.how])}{_listed(filed.words)}"
        if filed.lost:
            others = ", ".join(f"{name}{_listed(words)}" for name, words in filed.lost.items())
            told += f"; {self._in(_LESS)} {others}"
        if filed.urgent_by:
            by = ", ".join(
                self._in(URGENT_NAMES[UrgentBy(each)]) if each in URGENT_NAMES else each for each in filed.urgent_by
            )
            told += f"; {self._in(_IS_URGENT)} ← {by}{_listed(filed.urgent_words)}"
        if filed.doubtful_words:
            told += f"; {self._in(_DOUBTFUL)}{_listed(filed.doubtful_words)}"
        return told

    def _clock(self, name: str) -> str:
        """A clock, in English as files call it."""
        return CLOCKS.get(name, name) if self.language is Language.ZH else name.replace("_", "-")

    def _in(self, name: Name) -> str:
        return name.to(self.language)

    def _others(self, ruling: Ruling) -> Iterator[Line]:
        for head, rows in (("lost", ruling.lost), ("near", ruling.near)):
            told = [f"{self._at(ruling.sheet, row.row, row.number)}: {self._in(row.why)}" for row in rows]
            yield from _many(head, told)

    def _outcome(self, ruling: Ruling) -> str:
        """What counted, for a title."""
        if ruling.won:
            return "; ".join(self._at(ruling.sheet, row.row, row.number) for row in ruling.won)
        if ruling.conflict:
            return self._in(_CONFLICT)
        return self._in(_NO_ROW if ruling.default is None or ruling.sheet == "joint" else _BY_DEFAULT)

    def _at(self, sheet: str, row: str, number: int) -> str:
        """A row as a steward finds it: in its file, or else counted among the rows of its table."""
        if not number:
            return row
        place = self.where.row(sheet, number) if self.where else None
        label, line = (place.sheet, place.row) if place and place.row else (self._in(LISTS[sheet]), number)
        return f"{label} 第 {line} 行 {row}" if self.language is Language.ZH else f"{label} row {line} {row}"

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
            return f"{clock}: {self._in(_NOBODY)}"
        row = self.explained.why.source(said)
        source = self._in(_DEFAULT) if row is None else self._at(*row)
        return f"{clock} {said.limit or self._in(_NOT_NEEDED)} ← {source}"

    def _table_lines(self, head: str, ruling: Ruling) -> Iterator[Line]:
        told = [f"{self._at(ruling.sheet, row.row, row.number)}{_cells(row)}" for row in ruling.won]
        yield from _many(head, told or [self._outcome(ruling)])
        yield from self._others(ruling)

    def joint(self) -> Iterator[Line]:
        why = self.explained.why
        called = [self._called_line(each) for each in why.called]
        called += [f"{code} ← {self._in(said)}" for code, said in self.explained.whistled]
        yield from _many("called", called)
        if why.joint is not None:
            yield from self._table_lines("joint", why.joint)

    def _called_line(self, called: Called) -> str:
        sources = [self._in(_DUAL)] if called.by_item else []
        sources += [self._at("joint", row.row, row.number) for row in called.rows]
        leads = self._in(_LEADS) if called.leads else ""
        return f"{called.department} ← {'; '.join(sources)}{leads}"

    def end(self, zone: str) -> Iterator[Line]:
        now = self.explained.decided
        if now.get("assignee"):
            yield "who", f"{now['assignee']} {(now.get('department') or {}).get('code') or ''}".rstrip()
        yield from _many(
            "due", [f"{self._clock(name)} {_time(at, zone)}" for name, at in (now.get("deadlines") or {}).items()]
        )


CLOCKS: Final[dict[str, str]] = {
    Deadline.ACCEPT: "签收", Deadline.RESPOND: "首次响应", Deadline.RESOLVE: "处置", Deadline.LADDER: "逐级上报",
    Deadline.VERIFY: "核查", Deadline.REMIND: "提醒", Deadline.REQUEST: "审批申请", Deadline.RESUME: "恢复计时",
    Deadline.MILESTONE: "下一节点", Deadline.ADMISSION: "准入审批", Deadline.OFFER: "接单", Deadline.REPORT_IN: "报到",
    Deadline.ARCHIVE: "归档",
}  # fmt: skip
"""What a case can be due for, in Chinese."""
_LESS: Final = Name(zh="依据不如它", en="less evidence for")
_IS_URGENT: Final = Name(zh="紧急", en="urgent")
_DOUBTFUL: Final = Name(zh="似否定或属别的词，未按紧急", en="seems denied or to mean something else, so not urgent:")
_GONE: Final = Name(zh="（已不再保存，无法逐行解释）", en=" (not kept any more, so its rows cannot be shown)")
_BY_DEFAULT: Final = Name(zh="没有行命中，按默认输出", en="no row matched; the default holds")
_NO_ROW: Final = Name(zh="没有行命中，也没有默认输出", en="no row matched, and there is no default")
_CONFLICT: Final = Name(zh="几行互相矛盾，都不采用", en="rows contradict each other, so none of them counts")
_DEFAULT: Final = Name(zh="时限表默认输出", en="the default of the limits table")
_NOBODY: Final = Name(zh="时限表、清单事项、类别都没有规定", en="neither the table, the item nor the category says one")
_NOT_NEEDED: Final = Name(zh="不适用", en="does not apply")
_DUAL: Final = Name(zh="清单事项双向派单", en="dual dispatch of the list item")
_LEADS: Final = Name(zh="（已是主办，不再呼叫）", en=" (it leads already and is not called)")


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
