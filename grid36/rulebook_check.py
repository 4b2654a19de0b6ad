"""`grid36 rules check`: a rulebook checked for a region, and its tables tried on the rule engine in a child process."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from rules.check import Problem, Severity, check
from rules.check.all import sorted_problems
from rules.check.said import problem
from rules.check.words_flight import FLIGHT
from rules.durable_trial import Failure, try_tables
from schemas.names import Language, Name
from schemas.region import Region
from schemas.rulebook import Rulebook


class Told(Protocol):
    """A problem of the rulebook or of its files."""

    @property
    def code(self) -> str:
        """Which kind of problem it is."""

    @property
    def severity(self) -> Severity:
        """What it means."""

    def say(self, language: Language) -> str:
        """One line."""


SEVERITY_NAMES = {
    Severity.ERROR: Name(zh="错误", en="error"),
    Severity.WARNING: Name(zh="警告", en="warning"),
    Severity.NOTE: Name(zh="提示", en="note"),
}


async def check_rulebook(region: Region, rulebook: Rulebook, on: date | None = None) -> tuple[Problem, ...]:
    """All problems, those of the engine included; what has errors must not be activated.

    `on`: the day from which it is to hold, in the region's zone.
    """
    found = check(region, rulebook, on)
    failures = await try_tables(rulebook.tables)
    tried = [_failed(failure) for failure in failures]
    return sorted_problems([*found, *tried]) if tried else found


def _failed(failure: Failure) -> Problem:
    if failure.facts is None:
        return problem("engine_failed", failure.table, detail=failure.detail)
    return problem("engine_differs", failure.table, (), None, tuple(failure.facts.items()))


def has_errors(problems: Iterable[Told]) -> bool:
    """Whether a rulebook with these problems must not be activated."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def as_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """For `--json`: both languages."""
    return [
        {
            "severity": p.severity.value,
            "code": p.code,
            "sheet": p.sheet,
            "rows": list(p.rows),
            "column": p.column,
            "example": p.facts,
            "text": p.text.model_dump(),
            "remedy": p.remedy.model_dump(),
        }
        for p in problems
    ]


def as_lines(problems: Iterable[Told], language: Language, notes: bool = True) -> list[str]:
    """For people: a problem a line, and their numbers at the end.

    Notes are only counted where nobody wants them, except those on cases in flight.
    """
    listed = list(problems)
    shown = [p for p in listed if notes or p.severity is not Severity.NOTE or p.code in FLIGHT]
    lines = [f"{SEVERITY_NAMES[p.severity].to(language):<8}{p.say(language)}" for p in shown]
    counts = Counter(p.severity for p in listed)
    total = [f"{counts[severity]} {_several(severity, counts[severity], language)}" for severity in Severity]
    return [*lines, ("，" if language is Language.ZH else ", ").join(total)]


def _several(severity: Severity, count: int, language: Language) -> str:
    name = SEVERITY_NAMES[severity].to(language)
    return name if language is Language.ZH or count == 1 else f"{name}s"
