"""Turns a row into messages: a report for live systems, else `record` commands with source facts. Pure."""

from typing import Final

from grid36.replay.file.rows import PastRow, RowFault
from grid36.replay.plan import Fact
from rules.places.outcome import place_or_trouble
from rules.places.region_index import RegionIndex
from schemas.command import Record, RecordWhat, Trouble
from schemas.place import NotFoundReason, PlaceFound
from schemas.report import Report, Reporter, SourceFacts, Unusable
from schemas.topics import home

DOOR: Final = "replay"
"""The door of replayed reports; a region that honours their source facts names it an importer."""


def report_of(row: PastRow, received_ms: int) -> Report:
    """The report that a row stands for; it says what the source had decided."""
    return Report(
        id=row.report,
        kind=row.kind,
        text=row.text,
        category=row.category,
        attributes=dict(row.attributes),
        place=row.place,
        reporter=Reporter(id=row.reporter),
        door=DOOR,
        received_ms=received_ms,
        source=SourceFacts(
            occurred_ms=row.reported_ms,
            by_day=RecordWhat.OPENED in row.by_day,
            due_ms=row.due_ms,
            department=row.department,
            category=row.category,
        ),
    )


def located(index: RegionIndex, row: PastRow) -> tuple[str, PlaceFound | None, Trouble | None]:
    """Home, place and trouble of a row, as `locate` would find them."""
    if row.impossible and row.place.is_empty:
        return home(index.region.code, None), None, Trouble(reason=NotFoundReason.IMPOSSIBLE)
    place, trouble = place_or_trouble(index.locate(row.place))
    return home(index.region.code, place.grid if place else None), place, trouble


def opening(row: PastRow, index: RegionIndex) -> Record:
    """The command that opens a past case: the whole row, located."""
    where, place, trouble = located(index, row)
    return Record(
        id=command_id(row, RecordWhat.OPENED),
        home=where,
        what=RecordWhat.OPENED,
        report=report_of(row, row.reported_ms),
        at_ms=row.reported_ms,
        place=place,
        trouble=trouble,
    )


def following(fact: Fact, home: str) -> Record:
    """The command of a later fact of a case in `home`; it carries only what identifies the case."""
    row = fact.row
    return Record(
        id=command_id(row, fact.what),
        home=home,
        what=fact.what,
        report=Report(
            id=row.report,
            reporter=Reporter(id=row.reporter),
            door=DOOR,
            received_ms=row.reported_ms,
            source=SourceFacts(occurred_ms=row.reported_ms, due_ms=row.due_ms),
        ),
        at_ms=fact.at_ms,
        by_day=fact.by_day,
        into=fact.into,
    )


def unusable(fault: RowFault, file_digest: str, received_ms: int) -> Unusable:
    """The message that parks a row; without a readable id of its own it is named by file and row number."""
    return Unusable(id=parked_id(fault, file_digest), reason=str(fault), door=DOOR, received_ms=received_ms)


def parked_id(fault: RowFault, file_digest: str) -> str:
    """The id under which a row is parked: the same at every try."""
    return fault.report or f"row-{fault.number}-of-{file_digest[:16]}"


def command_id(row: PastRow, what: RecordWhat) -> str:
    """Acts at most once, however often the replay is started."""
    return f"{row.report}.{what.value}"
