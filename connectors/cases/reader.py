"""Who reads of cases: their language, the present time, and how things of the region are called for them."""

from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from connectors.cases.times import when
from connectors.cases.translations import Translations
from connectors.intake.context import Gateway
from connectors.ledger.queries.absences import Absences
from connectors.ledger.queries.cases import Ledger
from schemas.case import Case, State
from schemas.case_roles import roles_of
from schemas.command import Outcome
from schemas.days import days_between
from schemas.event import Because
from schemas.items import Item
from schemas.names import MOST, Language, Name
from schemas.people import Person
from schemas.place_names import place_label
from schemas.region import Segment
from schemas.rights import CaseRole
from schemas.rulebook import Category


@dataclass
class Reader:
    """One reader at one moment."""

    gateway: Gateway
    language: Language
    now_ms: int
    words: Translations = field(init=False)

    def __post_init__(self) -> None:
        """Open the catalogue."""
        self.words = Translations(self.language)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.gateway.region.zone)

    @property
    def absences(self) -> Absences:
        """Who is away, as far as it was followed."""
        return self.gateway.absences

    def absences_in(self, ledger: Ledger) -> Absences:
        """Who is away as the ledger has it now; runs in its thread."""
        self.absences.follow(ledger)
        return self.absences

    def parts_of(self, case: Case, person: str) -> frozenset[CaseRole]:
        """What a person is to a case at this moment, covers and desks included."""
        gateway = self.gateway
        return roles_of(person, case, gateway.directory, gateway.rulebook, self.absences.stands_in, (self.now_ms,))

    def when(self, t_ms: int) -> str:
        """A point in time in words."""
        return when(t_ms, self.zone, self.now_ms)

    def person(self, id: str | None) -> Person | None:
        """A person of the region by id."""
        return self.gateway.directory.person(id)

    def name(self, id: str | None) -> str:
        """The name of a person; pseudonyms of reporters from outside the region are not shown."""
        known = self.person(id)
        name = known.name if known else self.gateway.past_names.get("person", {}).get(id or "")
        if name is not None:
            return name.to(self.language)
        if not id:
            return "–"
        return self.words.one_of("by", id) if id in {"system", "source"} else self.words("by.somebody")

    def category_of(self, case: Case) -> Category | None:
        """The category in the rulebook, or the one that replaces it; None for a value of another system."""
        return self.gateway.rulebook.category(case.category)

    def category(self, case: Case) -> str:
        """The name of the category, with the subcategory if there is one."""
        return self.category_name(case).to(self.language)

    def category_name(self, case: Case) -> Name:
        """The same in both languages."""
        if case.change is not None:
            return Name.of("pages.change.of", item=str(case.change.get("id", "")))
        if case.remedy is not None:
            return Name.of("pages.remedy.of", category=self._category_name(case))
        return self._category_name(case)

    def _category_name(self, case: Case) -> Name:
        past, known = self.gateway.past_names.get("category", {}), self.category_of(case)
        name = past.get(case.category) or (known.name if known is not None else None)
        if name is None:
            return Name.same(case.category[:MOST]) if case.category else Name.of(f"pages.kind.{case.kind}")
        parts = [part.name for part in self.gateway.rulebook.subcategories if part.id == case.subcategory]
        if case.subcategory in past:
            parts = [past[case.subcategory]]
        return Name.joined(" / ", " / ", (name, *parts))

    def item(self, id: str | None) -> Item | None:
        """An item of the responsibility list."""
        return next(iter(self.gateway.items.versions(id)), None)

    def guide(self, id: str | None) -> list[tuple[str, str]]:
        """How an item of the list is handled, with its labels: who, what, when it counts as done, the steps, how."""
        item = self.item(id)
        if item is None:
            return []
        named = {"task": item.task, "standard": item.standard, "guide": item.guide, "method": item.method}
        told = {name: text.to(self.language) for name, text in named.items() if text is not None}
        return [(self.words("guide." + name), text) for name, text in ({"post": item.post} | told).items() if text]

    def took(self, case: Case) -> str | None:
        """From the report to the last "done", in words; None where nobody was sent."""
        if case.resolved_ms is None or case.self_handled or case.outcome is Outcome.WITHDRAWN:
            return None
        if case.by_day:
            return self.words("days_by_day", n=days_between(case.submitted_ms, case.resolved_ms, self.zone))
        return self.words.span(case.resolved_ms - case.submitted_ms, exact=False)

    def body(self, code: str) -> str:
        """The name of an organisation of the region; its code if it is unknown."""
        known = self.gateway.directory.organisation(code)
        name = known.name if known else self.gateway.past_names.get("department", {}).get(code)
        return name.to(self.language) if name else code

    def department(self, case: Case) -> str:
        """The department that has the case."""
        if case.department is None:
            return ""
        known = self.gateway.directory.organisation(case.department.code)
        return known.name.to(self.language) if known else case.department.name

    def segment(self, case: Case) -> Segment | None:
        """The road segment of a case."""
        return self.gateway.directory.segment(case.place.segment if case.place else None)

    def place(self, case: Case) -> str:
        """The place as text."""
        if case.place is not None:
            return place_label(self.gateway.region, case.place, self.language)
        return self.words("place.unknown" if _is_sought(case) else "place.none")

    def why(self, because: Because | None) -> str:
        """The reason of a decision as text."""
        if because is None:
            return ""
        return because.zh if self.language is Language.ZH else because.en

    def title(self, case: Case) -> str:
        """What and where, in one line."""
        return f"{self.category(case)} · {self.place(case)}"


def _is_sought(case: Case) -> bool:
    """Whether somebody still asks where it is; a question or a past case may need no place."""
    urgent_somewhere = bool(case.urgent_by) and case.trouble is not None
    return case.state is State.NEEDS_INFORMATION or urgent_somewhere
