"""Why a case was decided as it was: each table and list that had a say, with what counted and what did not, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from rules.review.explaining.lists import Gate, Listed, Named, explain_gate, explain_item
from rules.review.explaining.rows import Ruling, explain_rows
from rules.review.explaining.terms import Called, Said, explain_called, explain_limits
from schemas.event import Because
from schemas.names import Language, Name
from schemas.rulebook import Category, Rulebook
from schemas.table import Facts, Table

ALWAYS_KNOWN: Final = frozenset({"category", "kind", "reporter_kind", "month", "weekday", "hour", "day_kind", "shift"})
"""Facts that no matter lacks."""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is known of a decision besides its reason; what was never asked stays empty."""

    day: date | None = None
    """In the region's zone; None: the list as it stands last."""
    category: str | None = None
    item: str | None = None
    pushed_by: str | None = None
    cited: str | None = None
    """The item that the pushing department cited."""
    admitted: bool = False
    begun: Facts | None = None
    """The facts by which its limits were found; None: it has no limits, or no rule gave them."""
    begun_on: date | None = None
    """The day from which they count."""
    steps: Mapping[str, str] | None = None
    """Limits of its milestones by id; None: they have not begun."""
    joined: Facts | None = None
    """The facts by which departments were called; None: it was not asked whom to call."""
    joined_item: str | None = None
    """Its item at that time, empty if it had none; None: that of this decision."""
    lead: str | None = None
    """The department that had it at that time."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision explained by the rulebook that made it. None: that table or list had no say."""

    because: Because
    category: Category | None = None
    category_number: int = 0
    routing: Ruling | None = None
    listed: Listed | None = None
    gate: Gate | None = None
    limits: Ruling | None = None
    said: tuple[Said, ...] = ()
    """Every limit, and who said it."""
    timed: Listed | None = None
    """The version of the item that counted for the limits."""
    joint: Ruling | None = None
    called: tuple[Called, ...] = ()

    def say(self, language: Language) -> str:
        """The sentence for a citizen."""
        return self.because.zh if language is Language.ZH else self.because.en

    def source(self, said: Said) -> tuple[str, str, int] | None:
        """The row that said a limit: its list, id and number; None for a table's default, or when nobody did."""
        if said.by == "limits" and self.limits and self.limits.won:
            return "limits", self.limits.won[0].row, self.limits.won[0].number
        if said.by == "item" and self.timed and self.timed.item and self.timed.number:
            return "items", self.timed.item.id, self.timed.number
        if said.by == "category" and self.category:
            return "categories", self.category.id, self.category_number
        return None


def explain(because: Because, rulebook: Rulebook, known: KnownFacts | None = None) -> Explanation:
    """Explain a reason; `rulebook` is that of its version."""
    known = known or KnownFacts()
    routing, (number, category) = _routing(because, rulebook), _category(known.category, rulebook)
    named = _named(routing, category, known)
    listed = explain_item(named, rulebook, known.day)
    gate = None
    if known.pushed_by:
        gate = explain_gate(known.pushed_by, known.cited, known.admitted, rulebook, known.day, because.code)
    found = Explanation(
        because,
        category,
        number,
        routing,
        listed if listed.item or listed.passed_over else None,
        gate,
    )
    if known.begun is not None and _on_record(rulebook.limits, known.begun):
        found = replace(found, **_limits(found, rulebook, known, category))
    if known.joined is not None and _on_record(rulebook.joint, known.joined):
        joint = explain_rows("joint", rulebook.joint, known.joined) if rulebook.joint else None
        own = found.listed.item if found.listed else None
        if known.joined_item is not None:
            own = _version(known.joined_item, rulebook, known.begun_on or known.day).item
        lead = known.lead or (routing and routing.then.get("department"))
        found = replace(found, joint=joint, called=explain_called(joint, own, str(lead) if lead else None))
    return found


def _on_record(table: Table | None, facts: Facts) -> bool:
    """Whether the log tells what the table was asked: an early release kept only what routing asked for."""
    return table is None or all(name in facts for name in table.kinds() if name in ALWAYS_KNOWN)


def _limits(found: Explanation, rulebook: Rulebook, known: KnownFacts, category: Category) -> dict[str, Any]:
    table, facts = rulebook.limits, known.begun or {}
    limits = explain_rows("limits", table, facts) if table else None
    cited = found.listed.item if found.listed else None
    timed = _version(cited.id if cited else None, rulebook, known.begun_on or known.day)
    said = explain_limits(limits, timed.item, category, known.steps)
    return {"limits": limits, "said": said, "timed": timed}


def _version(item: str | None, rulebook: Rulebook, day: date | None) -> Listed:
    return explain_item([Named(item, _CASE)] if item else [], rulebook, day)


def _routing(because: Because, rulebook: Rulebook) -> Ruling | None:
    """What the routing table said; None when it was not asked, or when the row is one of another version."""
    table = rulebook.routing
    if because.version is None or (because.row is not None and because.row not in table.numbers):
        return None
    matched = (because.row, *because.also) if because.row else because.also
    return explain_rows("routing", table, because.facts, matched)


def _named(routing: Ruling | None, category: Category, known: KnownFacts) -> list[Named]:
    """Who names the item of the case, in the order in which they count."""
    named: list[Named] = []
    if routing is not None and not routing.conflict:
        told, row = routing.then.get("item"), routing.won[0] if routing.won else None
        if isinstance(told, str) and told:
            by = Name.of("explain.by.row", number=row.number) if row else Name.of("explain.by.default")
            named.append(Named(told, by))
        if known.category is None and known.item is not None:
            named.append(Named(known.item, _CASE))
        elif category.item is not None:
            named.append(Named(category.item, _by(category)))
    elif routing is None and known.item is not None and known.pushed_by is None:
        named.append(Named(known.item, _by(category) if known.item == category.item else _CASE))
    return named


def _by(category: Category) -> Name:
    return Name.of("explain.by.category", category=category.id)


_CASE = Name.of("explain.by.case")


def _category(name: str | None, rulebook: Rulebook) -> tuple[int, Category]:
    """The category and its number in the list; for a name that the rulebook does not know, the default one."""
    rows = {each.id: (number, each) for number, each in enumerate(rulebook.categories, 1)}
    return rows.get(name or "") or rows[rulebook.default_category]
