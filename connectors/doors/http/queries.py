"""Reads the filters of lists from the query string."""

import re
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from connectors.doors.http.context import GATEWAY
from connectors.intake.field_types import Day, FieldMistake, Flag, Line, OneOf, WhenMs, Whole, wrong
from connectors.intake.refusal import bad
from connectors.intake.validation import SHOWN, validated
from connectors.ledger.queries.response_figures import Cause
from schemas.case import State

MOST_CASES: Final = 500
_NEXT: Final = WithJsonSchema({"type": "string", "description": "`next` of the page before."})
_BEFORE: Final = re.compile(r"(-?[0-9]{1,15}),(.{1,250})", re.DOTALL)


class Query(BaseModel):
    """Fields of every query: `lang` is the language of the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    lang: str = ""


class _DayField(BaseModel):
    day: Day


Q = TypeVar("Q", bound=Query)


def checked_day(given: object) -> date:
    """The `day` of a path or a body. Raises `Refused` (400)."""
    return validated(_DayField, {"day": given}).day


def read_query(request: web.Request, kind: type[Q]) -> Q:
    """Read the query of a request; an empty value counts as absent. Raises `Refused`."""
    for name in request.query:
        if len(request.query.getall(name)) > 1:
            raise bad("given_twice", name[:SHOWN])
    given = {name: value for name, value in request.query.items() if value}
    return validated(kind, given, ZoneInfo(request.app[GATEWAY].region.zone))


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word]


def _before(value: str) -> tuple[int, str]:
    """`next` of the previous page: the time and number of its last case in that order."""
    found = _BEFORE.fullmatch(value)
    if found is None:
        raise wrong("wrong_type", wanted="`next`")
    return int(found[1]), found[2]


def _cursor(value: str) -> str:
    """`next` of the previous page."""
    if not re.fullmatch(r"[^\s:]{1,100}:[0-9]{1,18}", value):
        raise wrong("platform_cursor")
    return value


class OutcomeQuery(Query):
    """Where the outcomes of a platform go on; empty: from the beginning."""

    after: Annotated[str, BeforeValidator(_cursor), _NEXT] = ""


class CaseQuery(Query):
    """Filters of cases, as in `Ledger.cases`."""

    assignee: Line = ""
    executor: Line = ""
    reporter: Line = ""
    department: Line = ""
    category: Line = ""
    grid: Line = ""
    segment: Line = ""
    master: Line = ""
    called: Line = ""
    proposals: Flag = False
    state: Annotated[list[Annotated[State, OneOf()]], BeforeValidator(_words)] = Field(default_factory=list)
    open: Flag = False
    from_ms: WhenMs | None = Field(default=None, alias="from")
    to: WhenMs | None = None
    before: Annotated[tuple[int, str], BeforeValidator(_before), _NEXT] | None = None
    limit: Annotated[int, Whole(1, MOST_CASES)] = 100
    order: Annotated[Literal["newest", "due"], FieldMistake("not_one_of", known="newest, due")] = "newest"

    @property
    def filters(self) -> dict[str, Any]:
        """The arguments of `Ledger.cases`, except the limit and the order."""
        people = ("assignee", "executor", "reporter", "department", "category", "grid", "segment", "master", "called")
        return {name: getattr(self, name) or None for name in people} | {
            "proposals": self.proposals,
            "state": self.state or None,
            "open_only": self.open,
            "from_ms": self.from_ms,
            "to_ms": self.to,
            "before": self.before,
        }


class DepartmentQuery(Query):
    """Which department is meant, where the key does not say it."""

    department: Line = ""


class OrderQuery(DepartmentQuery):
    """Pages of open orders."""

    open: Annotated[Literal["1", "true"], FieldMistake("not_one_of", known="1")] = "1"
    before: Annotated[tuple[int, str], BeforeValidator(_before), _NEXT] | None = None
    limit: Annotated[int, Whole(1, MOST_CASES)] = 100


class ReportInQuery(Query):
    """Filters of report-in figures: when departments were called, and by what."""

    from_ms: WhenMs | None = Field(default=None, alias="from")
    to: WhenMs | None = None
    called_by: Annotated[Cause, FieldMistake("not_one_of", known="whistle, list, any")] = "whistle"


class ProposalQuery(Query):
    """Filters of proposals."""

    open: Flag = False


class RemedyQuery(Query):
    """Filters of standing remedies."""

    segment: Line = ""
    category: Line = ""
    open: Flag = False
