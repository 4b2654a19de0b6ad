"""Refusals of a platform's row: they name its columns, as they are called there."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from connectors.intake.refusal import FieldFault, Refused
from schemas.names import Name
from schemas.platform import NeighbourPlatform


def bad_cell(code: str, column: str, **facts: object) -> Refused:
    """A refusal for one cell; the column keeps its name also where a field of ours has the same one."""
    return Refused(HTTPStatus.BAD_REQUEST, [_fault(code, column, facts)])


def by_columns(platform: NeighbourPlatform, refusal: Refused) -> Refused:
    """What was refused of the report that a row became, by the columns from which it came, where it came from any."""
    columns = platform.columns
    where: dict[str, Sequence[str | None]] = {
        "id": (columns.id,),
        "text": columns.text,
        "category": (columns.category,),
        "address": columns.address,
        "code": (columns.place,),
        "lat": (columns.latitude,),
        "lon": (columns.longitude,),
    }
    faults = []
    for fault in refusal.faults:
        code, named = fault.code, _listed(where.get(fault.where, ()))
        if code == "nothing_said":
            code = "platform_nothing_said"
            named = _listed((*columns.text, columns.category, *columns.address, columns.place))
        faults.append(_fault(code, named, fault.facts) if named else fault)
    return Refused(refusal.status, faults)


def _listed(columns: Iterable[str | None]) -> str:
    return ", ".join(each for each in columns if each)


def _fault(code: str, column: str, facts: dict[str, object]) -> FieldFault:
    return FieldFault(code, column, {**facts, "where": Name.same(column)} if column else facts)
