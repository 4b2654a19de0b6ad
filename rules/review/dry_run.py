"""Dry run: decides a report as in an empty street where nobody is away."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decide import decide
from rules.decision.draft import Decision, Draft
from rules.places.outcome import place_or_trouble
from schemas.case import Case
from schemas.command import Open, Trouble
from schemas.order import Written
from schemas.place import PlaceFound
from schemas.report import Report
from schemas.rulebook import Merge
from schemas.topics import case_number, home


class EmptyContext:
    """A partition without any other case, as of `t_ms`."""

    def __init__(self, book: CompiledRulebook, t_ms: int) -> None:
        self.book = book
        self.t_ms = t_ms

    def case(self, number: str) -> Case | None:
        """None."""

    def case_of(self, home: str, report: str) -> Case | None:
        """None."""

    def repeats(self, home: str, categories: Iterable[str], segment: str | None) -> tuple[int, int]:
        """Never."""
        return 0, 0

    def load(self, home: str, person: str) -> int:
        """0: the real load is unknown, so rows that use `load` are decided by 0."""
        return 0

    def seen(self, command: str) -> bool:
        """Never."""
        return False

    def open_cases(
        self, home: str, category: str, place: PlaceFound | None = None, merge: Merge | None = None
    ) -> Iterable[Case]:
        """None."""
        return ()

    def next_number(self, home: str, t_ms: int) -> str:
        """The first of its month."""
        local = datetime.fromtimestamp(t_ms / 1000, ZoneInfo(self.book.region.zone))
        return case_number(home, f"{local:%y%m}", 1)

    def written(self, number: str) -> tuple[Written, ...]:
        """None."""
        return ()

    def stands_in(self, person: str, t_ms: int) -> str | None:
        """The person, who is never away."""
        return person


def placed(report: Report, book: CompiledRulebook) -> tuple[PlaceFound | None, Trouble | None]:
    """The place of the report, or why there is none."""
    return place_or_trouble(book.places.locate(report.place, report.text, report.photos))


def rehearse(report: Report, book: CompiledRulebook, t_ms: int) -> Decision:
    """The whole decision: place, admission, routing, deadlines and all reasons."""
    place, trouble = placed(report, book)
    to = home(book.region.code, place.grid if place else None)
    return decide(
        None, Open(id=report.id, home=to, report=report, place=place, trouble=trouble), EmptyContext(book, t_ms)
    )


def outcome(decision: Decision) -> Draft:
    """The event with the outcome: the last one that sets the state of the new case."""
    number = decision.drafts[0].case
    return [draft for draft in decision.drafts if draft.case == number and "state" in draft.now][-1]
