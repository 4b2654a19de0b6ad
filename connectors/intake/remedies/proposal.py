"""Proposes a standing remedy: checks place, days, right and cases; the same proposal twice is one."""

from hashlib import sha256
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from connectors.intake.accept import Accept, Accepted
from connectors.intake.context import Gateway
from connectors.intake.masking import masked
from connectors.intake.refusal import Refused, bad, refused
from connectors.intake.submission import RemedyReport, RemedySubmission
from connectors.intake.validation import Faults
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.remedies import numbers_of, remedies, spot_cases
from schemas.action import BY
from schemas.case import WITH_ORDER, Case
from schemas.days import begin_ms, end_ms
from schemas.names import Name
from schemas.remedy import MOST_COLLECTED, Remedy
from schemas.report import ReportKind
from schemas.rights import may_remedy

SELF_HANDLED: Final = "self_handled"
KINDS: Final = (*(kind.value for kind in ReportKind), SELF_HANDLED)
"""Kinds of cases that a remedy can collect: what people report, also where they mend it themselves each time."""


def remedy_id(asked: RemedySubmission) -> str:
    """The id of the report: the same for the same place, category, kind and days; nobody else can send such an id."""
    said = "\n".join((asked.segment, asked.category, asked.kind, str(asked.from_day), str(asked.to_day)))
    return f"remedy{BY}{sha256(said.encode()).hexdigest()[:32]}"


async def propose_remedy(gateway: Gateway, accept: Accept, asked: RemedySubmission) -> Accepted:
    """Accept a proposal; once this returns, it cannot be lost, and sent again it makes nothing new.

    Raises `Refused`: 400 with every mistake, or where nothing was reported; 409 while another one is open there, and
    for the same days in other words or another name.
    """
    gateway.check_live()
    _check(gateway, asked)
    id, zone = remedy_id(asked), ZoneInfo(gateway.region.zone)
    from_ms, until_ms = begin_ms(asked.from_day, zone), end_ms(asked.to_day, zone)

    def look(ledger: Ledger) -> tuple[bool, Case | None, list[str]]:
        there = remedies(ledger, segment=asked.segment, category=asked.category)
        known = any(case.report == id and _same(ledger, case, asked) for case in there)
        cases = numbers_of(ledger, spot_cases(asked.segment, asked.category, asked.kind, from_ms, until_ms))
        return known, open_one(there), cases

    known, other, cases = await gateway.ask(look)
    if known:
        return Accepted(id, new=False)
    if other is not None:
        raise refused(HTTPStatus.CONFLICT, "remedy_open", "segment", case=other.number)
    if not cases:
        raise bad("remedy_of_nothing", "segment")
    found = Remedy(
        segment=asked.segment, category=asked.category, kind=asked.kind, from_ms=from_ms, until_ms=until_ms,
        count=len(cases), cases=tuple(cases[:MOST_COLLECTED]),
    )  # fmt: skip
    report = RemedyReport(
        id=id, text=asked.text, category=asked.category, code=asked.segment, reporter=asked.by, remedy=found
    )
    try:
        return await accept(report)
    except Refused as fault:
        if [each.code for each in fault.faults] == ["other_content"]:
            raise refused(HTTPStatus.CONFLICT, "remedy_proposed", "segment") from None
        raise


def _same(ledger: Ledger, case: Case, asked: RemedySubmission) -> bool:
    """Whether it is what this case was proposed with; what was erased since is not known."""
    written = ledger.text(case.report)
    return case.reporter == asked.by and (written is None or written.text == masked(asked.text))


def open_one(there: list[Case]) -> Case | None:
    """Of the remedies of a segment and category the one that is worked on."""
    return next((case for case in there if case.state in WITH_ORDER), None)


def may_propose_remedy(gateway: Gateway, person: str, grid: str) -> bool:
    """Whether somebody may propose one in a grid now; so may those who cover for somebody who may."""
    t_ms, away = gateway.clock(), gateway.absences
    return may_remedy(
        person, grid, gateway.directory, lambda other: other != person and away.stands_in(other, t_ms) == person
    )


def _check(gateway: Gateway, asked: RemedySubmission) -> None:
    faults, segment = Faults(), gateway.directory.segment(asked.segment)
    category = gateway.rulebook.category(asked.category)
    if not asked.text:
        faults.fault("missing", "text")
    if segment is None:
        faults.fault("no_segment", "segment", given=asked.segment)
    if category is None or category.id != asked.category:
        known = ", ".join(each.id for each in gateway.rulebook.categories)
        faults.fault("not_one_of", "category", given=asked.category, known=known)
    if asked.kind not in KINDS:
        faults.fault("not_one_of", "kind", given=asked.kind, known=", ".join(KINDS))
    if asked.to_day < asked.from_day:
        faults.fault("period_order", "from_day", first=asked.from_day, last=asked.to_day)
    if segment is not None and not may_propose_remedy(gateway, asked.by, segment.grid):
        person = gateway.directory.person(asked.by)
        faults.fault("may_not_remedy", "by", by=person.name if person else Name.same(asked.by))
    faults.done()
